import { beside, renderRuns } from '../../../bench/lanes/report'
import type { Run } from '../../../bench/lanes/report'
import { outcome } from '../outcomes'

const run = (client: string, ...seconds: readonly number[]): Run => ({ client, outcomes: seconds.map((one) => outcome(one)) })

describe('runs beside those of another way', () => {
  it('are told as the ratio of the bests, the median of the rounds, the least and the greatest', () => {
    expect(beside(run('two', 1, 2, 1), run('one', 2, 2, 4), 'recordsPerSecond')).toBe('2.00; 2.00 (1.00-4.00)')
    expect(beside(run('two', 1, 2, 1, 1), run('one', 2, 2, 4, 1), 'cpuPerMillion')).toBe('1.00; 0.75 (0.25-1.00)')
  })

  it('are not compared where one of them has none', () => {
    expect(beside(run('two'), run('one', 1), 'recordsPerSecond')).toBe('-')
  })

  it('count only as rounds that both have run', () => {
    expect(beside(run('two', 1, 1), run('one', 2), 'recordsPerSecond')).toBe('2.00; 2.00 (2.00-2.00)')
  })
})

describe('the table of ways', () => {
  it('compares all with the first, and says why one is missing', () => {
    const failed: Run = { client: 'three', outcomes: [], reason: 'no room' }
    const lines = renderRuns([run('one', 2), run('two', 1), failed]).split('\n')
    const [head = '', one = '', two = ''] = lines.filter((line) => line.startsWith('│'))
    expect(head).toMatch(/records\/s .* CPU s\/M .* x records\/s .* x CPU s\/M/)
    expect(one).not.toContain(';')
    expect(two).toContain('2.00; 2.00 (2.00-2.00) │ 0.50; 0.50 (0.50-0.50)')
    expect(lines.at(-1)).toBe('three failed: no room')
  })
})
