import { outcomeOf, ticksOf, wordsOf } from '../../../bench/clients/node-program'
import { CASES, jobOf } from '../../../bench/cases'
import { outcome } from '../outcomes'

const jobs = CASES.map((one) => jobOf(one, 1, { bootstrap: 'h:1', topic: 't', payloads: 'f' }))

describe('a job', () => {
  it('asks for ticks only at a rate, one for each millisecond', () => {
    expect(jobs.filter((job) => ticksOf(job) > 0).map(({ kind }) => kind)).toEqual(['rate', 'rate', 'rate', 'rate'])
    expect(jobs.map(ticksOf)).toContain(3_000)
  })

  it('is told in words to programs that read no JSON', () => {
    expect(wordsOf(jobs[0] ?? fail())).toEqual(
      expect.arrayContaining(['kind=bulk', 'bootstrap=h:1', 'records=4000000', 'linger=default', 'codec=none']),
    )
  })
})

describe('an outcome', () => {
  it('is the last line that a program has printed', () => {
    expect(outcomeOf(['READY', JSON.stringify(outcome(1))])).toEqual(outcome(1))
  })
})

const fail = (): never => {
  throw new Error('there is no case')
}
