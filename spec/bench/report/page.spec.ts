import { renderPage } from '../../../bench/report/page'
import { absent, measured, outcome, part } from '../outcomes'

const all = [
  measured('bulk-100', part('kafkarx', outcome(1), outcome(2)), part('librdkafka', outcome(2)), absent('kafkajs', 'cannot | be had')),
]
const nothing = () => undefined

describe('the page of the benchmarks', () => {
  it('keeps what is written by hand, and fills in a table for each case: the best, and the worst in brackets', () => {
    const page = renderPage('# Title\n\nBy hand.\n\n## Cases\n\n<!-- part: cases -->\n', all, nothing)
    expect(page).toContain('# Title\n\nBy hand.\n')
    expect(page).toContain('### 100 B, as fast as it goes')
    expect(page).toContain('| kafkarx, Node 20 | 1,000,000 (500,000) | 1.00 (2.00) |')
    expect(page).toContain('| C librdkafka | 500,000 | 2.00 |')
  })

  it('says of who is absent why, and of the others what ran', () => {
    const page = renderPage('<!-- part: versions -->', all, nothing)
    expect(page).toContain('| kafkarx, Node 20 | kafkarx 1.0 |')
    expect(page).toContain('| kafkajs | absent: cannot \\| be had |')
  })

  it('says below the table who failed, and when', () => {
    const broken = measured('burst', { ...part('kafkajs', outcome(1)), reason: 'not done in 45 s' })
    expect(renderPage('<!-- part: cases -->', [broken], nothing)).toContain('- kafkajs failed in round 2 of 2: not done in 45 s')
  })

  it('names each version that ran, where cases were measured at different times', () => {
    const later = measured('burst', { ...part('kafkarx', outcome(1)), version: 'kafkarx 2.0' })
    expect(renderPage('<!-- part: versions -->', [...all, later], nothing)).toContain('| kafkarx, Node 20 | kafkarx 1.0; kafkarx 2.0 |')
  })

  it('holds each target beside what was measured', () => {
    const page = renderPage('<!-- part: targets -->', all, nothing)
    expect(page).toContain('| bulk-100 | records/s, at least 1.00 × C librdkafka | 2.00 (2.00–2.00): met | - |')
  })

  it('names each machine once', () => {
    expect(renderPage('<!-- part: machines -->', [...all, ...all], nothing)).toBe('- 2 × some CPU')
  })

  it('takes in what others have measured: text as it was printed, Markdown without its title and a rank lower', () => {
    const read = (file: string) => ({ 'a.md': '# A\n\nsome *words*\n\n## More\n', 'b.txt': 'a  table\n' })[file]
    const page = renderPage('## Both\n\n<!-- file: a.md -->\n\n<!-- file: b.txt -->\n', all, read)
    expect(page).toBe('## Both\n\nsome *words*\n\n### More\n\n```text\na  table\n```\n')
  })

  it('leaves out a section none of whose files is there', () => {
    expect(renderPage('# Title\n\n## Gone\n\n<!-- file: a.md -->\n\n## Kept\n\nWords.\n', all, nothing)).toBe(
      '# Title\n\n## Kept\n\nWords.\n',
    )
  })

  it('refuses a template that wants what there is not', () => {
    expect(() => renderPage('<!-- part: nonsense -->', all, nothing)).toThrow('wants a part nonsense')
  })
})
