import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOfMap, filesOfTree, namedFiles, root, sectionOf } from './file-map'

describe('reading a map', () => {
  const page = [
    '# Title',
    '## Map',
    '| file | what |',
    '|---|---|',
    '| `lib/time.ts` | the seam that `lib/errors.ts` does not know |',
    '### Tools',
    '- `kafka/broker.ts`, `kafka/java.ts`: a real Kafka',
    '- not `lib/prose.ts`',
    '- `lib/pipeline/`: a folder is no file',
    '## Decisions',
    '- `lib/other.ts`',
  ].join('\n')

  it('takes the files at the beginning of rows and items, and nothing from prose or other sections', () => {
    expect(namedFiles(sectionOf(page, '## Map'))).toEqual(['lib/time.ts', 'kafka/broker.ts', 'kafka/java.ts'])
  })

  it('names each file that is missing, repeated or gone', () => {
    expect(faultsOfMap(['lib/a.ts', 'lib/b.ts', 'lib/b.ts', 'lib/old.ts'], ['lib/a.ts', 'lib/b.ts', 'lib/new.ts'])).toEqual([
      'lib/new.ts: is not in the map',
      'lib/b.ts: stands in the map more than once',
      'lib/old.ts: is in the map, but there is no such file',
    ])
  })
})

describe('ARCHITECTURE.md', () => {
  const page = join(root, 'ARCHITECTURE.md')
  const map = existsSync(page) ? sectionOf(readFileSync(page, 'utf8'), '## Map') : ''

  it('has a section "## Map"', () => {
    expect(map).not.toBe('')
  })

  it('maps every file of the tree exactly once, and no other', () => {
    expect(faultsOfMap(namedFiles(map), filesOfTree())).toEqual([])
  })
})
