import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingsOf } from '../../lib/testing/settings'
import { virtualTime } from '../../lib/testing/virtual-time'
import { world } from './support/world'

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'testing.md'), 'utf8')
const { cluster } = world()
const prose = page.replace(/^```[^]*?^```$/gm, '')
const code = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text)
/** Names with a dot before them, as methods are shown. */
const called = new Set([...page.matchAll(/\.(\w+)\(/g)].map(([, name = '']) => name))

describe('docs/testing.md', () => {
  const named = (name: string): boolean => code.some((text) => text.split(/[^\w$]+/).includes(name)) || called.has(name)

  it.each([
    ['a cluster', Object.keys(cluster)],
    ['a broker', Object.keys(cluster.broker(1))],
    ['a fault', Object.keys(cluster.next('Produce'))],
    ['virtual time', Object.keys(virtualTime())],
    ['the options', Object.keys(settingsOf({}))],
  ])('names everything that %s has', (_what, names) => {
    const plain = new Set(['brokers', 'id', 'status', 'connections', 'close'])
    expect(names.filter((name) => !plain.has(name) && !named(name))).toEqual([])
  })

  it('shows no method of a cluster, a broker or a fault that there is not', () => {
    const known = new Set([cluster, cluster.broker(1), cluster.next('Produce')].flatMap((each) => Object.keys(each)))
    const shown = [...page.matchAll(/^\| `\.[^|]*\|/gm)].flatMap(([row]) => [...row.matchAll(/\.(\w+)\(/g)].map(([, name = '']) => name))
    expect(shown.length).toBeGreaterThan(25)
    expect(shown.filter((name) => !known.has(name))).toEqual([])
  })
})
