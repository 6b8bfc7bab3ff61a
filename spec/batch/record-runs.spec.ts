import fc from 'fast-check'
import { RecordRuns } from '../../lib/batch/record-runs'
import type { Outlet } from '../../lib/record'
import { listed } from '../support/record-runs'

const OUTLETS: readonly (Outlet<number> | undefined)[] = [undefined, { settle: () => undefined }, { settle: () => undefined }]

type Entry = readonly [Outlet<number> | undefined, number]

const entries = fc.tuple(fc.constantFrom(...OUTLETS), fc.nat(2))

const runsOf = (all: readonly Entry[]): RecordRuns<number> => {
  const runs = new RecordRuns<number>()
  for (const [outlet, timestamp] of all) runs.push(outlet, timestamp)
  return runs
}

describe('the runs of a batch', () => {
  it('give what was pushed, in order', () => {
    fc.assert(fc.property(fc.array(entries), (all) => expect(listed(runsOf(all), all.length)).toEqual(all)))
  })

  it('can be read in any order', () => {
    fc.assert(
      fc.property(fc.array(entries, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(29)), (all, places) => {
        const runs = runsOf(all)
        const indexes = places.map((place) => place % all.length)
        expect(indexes.map((index) => [runs.outletAt(index), runs.timestampAt(index)])).toEqual(indexes.map((index) => all[index]))
      }),
    )
  })

  it('may grow while they are read', () => {
    const runs = runsOf([[undefined, 1]])
    expect(runs.timestampAt(0)).toBe(1)
    runs.push(undefined, 1)
    runs.push(OUTLETS[1], 1)
    expect(listed(runs, 3)).toEqual([
      [undefined, 1],
      [undefined, 1],
      [OUTLETS[1], 1],
    ])
  })
})
