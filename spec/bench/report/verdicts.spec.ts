import { verdicts, wording } from '../../../bench/report/verdicts'
import type { Target } from '../../../bench/targets'
import { absent, measured, outcome, part } from '../outcomes'

const faster: Target = {
  ...{ case: 'bulk-100', metric: 'recordsPerSecond', bound: 'at least', value: 1.5 },
  of: { title: 'the best Java', clients: ['java', 'java-tuned'] },
}
const smaller: Target = { case: 'bulk-100', metric: 'peakMegabytes', bound: 'at most', value: 120 }

describe('the verdict on a target', () => {
  it('compares with the best of the references, and says what runs side by side came to', () => {
    const all = [
      measured(
        'bulk-100',
        part('kafkarx', outcome(1), outcome(1)),
        part('java', outcome(9), outcome(9)),
        part('java-tuned', outcome(2), outcome(4)),
      ),
    ]
    expect(verdicts(all, [faster])).toEqual([{ target: faster, ours: 'kafkarx', outcome: 'met', measured: '2.00 (2.00–4.00)' }])
  })

  it('is given for each Node on which kafkarx was measured', () => {
    const all = [measured('bulk-100', part('kafkarx', outcome(4)), part('kafkarx-24', outcome(1)), part('java', outcome(2)))]
    expect(verdicts(all, [faster]).map(({ ours, outcome }) => [ours, outcome])).toEqual([
      ['kafkarx', 'missed'],
      ['kafkarx-24', 'met'],
    ])
  })

  it('holds a figure of its own against a bound', () => {
    const of = (megabytes: number) => [measured('bulk-100', part('kafkarx', outcome(1, { peakBytes: megabytes * 1024 ** 2 })))]
    expect(verdicts(of(120), [smaller])).toMatchObject([{ outcome: 'met', measured: '120' }])
    expect(verdicts(of(121), [smaller])).toMatchObject([{ outcome: 'missed', measured: '121' }])
  })

  it('takes the least where less is better', () => {
    const cheaper: Target = { ...faster, metric: 'cpuPerMillion', bound: 'at most', value: 0.5 }
    const all = [measured('bulk-100', part('kafkarx', outcome(1)), part('java', outcome(4)), part('java-tuned', outcome(1.5)))]
    expect(verdicts(all, [cheaper])).toMatchObject([{ outcome: 'missed', measured: '0.67 (0.67–0.67)' }])
  })

  it('is that nothing was measured where a side is missing', () => {
    const all = [measured('bulk-100', part('kafkarx', outcome(1)), absent('java', 'no JVM'), absent('java-tuned', 'no JVM'))]
    expect(verdicts(all, [faster])).toMatchObject([{ outcome: 'not measured', measured: undefined }])
  })

  it('is not given for cases that were not measured', () => {
    expect(verdicts([measured('burst', part('kafkarx', outcome(1)))], [faster])).toEqual([])
  })
})

describe('a target in words', () => {
  it('names the figure, the bound and the reference', () => {
    expect(wording(faster)).toBe('records/s, at least 1.50 × the best Java')
    expect(wording(smaller)).toBe('peak MB, at most 120')
  })
})
