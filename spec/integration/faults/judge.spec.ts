import { judge, PROMISES } from './judge'
import type { Judgement, Logged } from './judge'
import type { Fate } from './load'

const NONE: ReadonlySet<number> = new Set()
const HEALTHY: Judgement = {
  ...{ missing: [], duplicated: [], misplaced: [], outOfOrder: [], denied: [], unsettled: [], settledTwice: [] },
}

const SENT = { sentAt: 0 }

const at = (offset: number, partition = 0): Fate => ({ ...SENT, times: 1, delivered: { partition, offset: BigInt(offset), at: 0 } })
const failed = (code: string): Fate => ({ ...SENT, times: 1, failed: code })
const logged = (id: number, offset: number, partition = 0): Logged => ({
  ...{ partition, offset: BigInt(offset) },
  ...{ key: Buffer.from('key'), value: Buffer.from(`${id} ......`) },
})

describe('the judge of a load', () => {
  it('finds nothing wrong with records that are where their deliveries say', () => {
    expect(judge([at(0), at(1), at(0, 1)], [logged(0, 0), logged(1, 1), logged(2, 0, 1)], NONE)).toEqual(HEALTHY)
  })

  it('misses what was acknowledged and is not in the log', () => {
    expect(judge([at(0), at(1)], [logged(0, 0)], NONE)).toEqual({ ...HEALTHY, missing: [1] })
  })

  it('sees what is in the log twice, whether it was acknowledged or not', () => {
    const log = [logged(0, 0), logged(0, 1), logged(1, 2), logged(1, 3)]
    expect(judge([at(0), failed('OUTCOME_UNKNOWN')], log, NONE)).toEqual({ ...HEALTHY, duplicated: [0, 1] })
  })

  it('sees a record that is elsewhere than its delivery says', () => {
    expect(judge([at(0), at(2)], [logged(0, 0), logged(1, 1)], NONE)).toEqual({ ...HEALTHY, misplaced: [1] })
    expect(judge([at(0, 1)], [logged(0, 0)], NONE)).toEqual({ ...HEALTHY, misplaced: [0] })
  })

  it('sees a record behind a later one of its key, in the same partition only', () => {
    expect(judge([at(1), at(0)], [logged(1, 0), logged(0, 1)], NONE)).toEqual({ ...HEALTHY, outOfOrder: [0] })
    expect(judge([at(0, 1), at(0)], [logged(1, 0), logged(0, 0, 1)], NONE)).toEqual(HEALTHY)
  })

  it('does not tell of a second copy as out of order, too', () => {
    const log = [logged(0, 0), logged(1, 1), logged(0, 2), logged(1, 3)]
    expect(judge([at(0), at(1)], log, NONE)).toEqual({ ...HEALTHY, duplicated: [0, 1] })
  })

  it('lets a record be there that failed with its outcome unknown, and no other', () => {
    const fates = [failed('OUTCOME_UNKNOWN'), failed('DELIVERY_TIMEOUT')]
    expect(judge(fates, [logged(0, 0), logged(1, 1)], NONE)).toEqual({ ...HEALTHY, denied: [1] })
  })

  it('counts how often a record was settled', () => {
    expect(
      judge(
        [
          { ...SENT, times: 0 },
          { ...at(0), times: 2 },
        ],
        [logged(1, 0)],
        NONE,
      ),
    ).toEqual({ ...HEALTHY, unsettled: [0], settledTwice: [1] })
  })

  it('excuses everything of a record but that it was not settled', () => {
    const fates = [at(0), at(7), failed('DELIVERY_TIMEOUT'), at(2), { ...SENT, times: 0 }]
    const log = [logged(1, 0), logged(2, 1), logged(2, 2)]
    expect(judge(fates, log, new Set([0, 1, 2, 3, 4]))).toEqual({ ...HEALTHY, unsettled: [4] })
  })

  it('judges by every promise that the table shows', () => {
    expect(Object.keys(HEALTHY).sort()).toEqual([...PROMISES].sort())
  })
})
