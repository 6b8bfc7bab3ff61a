import { DOUBTFUL_ANSWERS, DOUBT_FOR, epochDoubts } from '../../lib/cluster/epoch-doubts'
import type { PartitionInfo } from '../../lib/cluster/cluster'

const info = (leaderEpoch: number, partition = 0): PartitionInfo => ({
  ...{ topic: 'orders', partition, leader: 1, leaderEpoch, replicas: [1], isr: [1] },
})

/** What becomes of answers that come one after another at these times, each with this epoch. */
function answers(known: number, ...fresh: readonly (readonly [at: number, epoch: number])[]): readonly boolean[] {
  const doubts = epochDoubts()
  return fresh.map(([at, epoch]) => doubts.accepts(info(known), info(epoch), at))
}

const every = (ms: number, count: number, epoch: number) => Array.from({ length: count }, (_, i) => [i * ms, epoch] as const)

describe('an older epoch', () => {
  it('is not believed at once, and a newer one or the same is', () => {
    expect(answers(5, [0, 4], [1, 5], [2, 6], [3, -1])).toEqual([false, true, true, true])
  })

  it('is believed when every answer has said so for long', () => {
    const accepted = answers(5, ...every(DOUBT_FOR / 4, 5, 3))
    expect(accepted).toEqual([false, false, false, false, true])
  })

  it('is not believed for being said often, or for being said for long', () => {
    expect(answers(5, ...every(1, 100, 3))).not.toContain(true)
    expect(answers(5, ...every(DOUBT_FOR, DOUBTFUL_ANSWERS - 1, 3))).not.toContain(true)
  })

  it('is not believed when an answer between knew better', () => {
    const early = every(DOUBT_FOR / 4, 4, 3)
    expect(answers(5, ...early, [DOUBT_FOR, 5], [DOUBT_FOR + 1, 3], [2 * DOUBT_FOR, 3])).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  it('is counted anew when what is known has changed, and for each partition', () => {
    const doubts = epochDoubts()
    for (const [at] of every(DOUBT_FOR / 4, 4, 3)) doubts.accepts(info(5), info(3), at)
    expect(doubts.accepts(info(6), info(3), DOUBT_FOR)).toBe(false)
    expect(doubts.accepts(info(5, 1), info(3, 1), DOUBT_FOR)).toBe(false)
  })
})
