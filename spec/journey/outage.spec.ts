/** Ten minutes without brokers, in virtual time: what becomes of every record. */
import { interval, map, takeWhile } from 'rxjs'
import { producer } from '../../lib/producer'
import { testCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { order, textOf, watch } from '../support/producing'

const MINUTE = 60_000

/** Twenty minutes of records and ten of reconnecting take a second or two, twice; more on a machine that does other things too. */
jest.setTimeout(30_000)

/** A record a second for twenty minutes; all three brokers are down from the fifth to the fifteenth. */
async function play(seed: number) {
  const time = virtualTime(seed)
  const { scheduler } = time
  const cluster = testCluster({ brokers: 3, topics: { orders: 3 }, latency: 1, scheduler })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler })
  const source$ = interval(1000, scheduler).pipe(
    takeWhile((i) => i < 20 * 60),
    map((i) => order(String(i), { key: String(i % 10) })),
  )
  const { log, deliveries } = watch(source$.pipe(kafka.send()))
  const ids = [1, 2, 3]
  cluster.after(5 * MINUTE, () => ids.forEach((id) => cluster.broker(id).stop()))
  cluster.after(15 * MINUTE, () => ids.forEach((id) => cluster.broker(id).start()))
  await time.settle()
  const stored = cluster.records('orders').map(({ value }) => textOf(value))
  return { time, log, deliveries, stored }
}

const played = new Map<number, ReturnType<typeof play>>()
const outage = (seed: number): ReturnType<typeof play> => {
  const outcome = played.get(seed) ?? play(seed)
  played.set(seed, outcome)
  return outcome
}

describe('an outage of ten minutes', () => {
  it('leaves nothing in doubt: what waited longer than deliveryTimeout has failed, the rest is in the log once', async () => {
    const { log, deliveries, stored } = await outage(1)
    expect(deliveries).toHaveLength(1200)
    expect(log.at(-1)).toBe('|')
    const delivered = deliveries.filter(({ type }) => type === 'delivered').map(({ context }) => context)
    expect([...stored].sort()).toEqual([...delivered].sort())
    const codes = new Set(deliveries.flatMap((delivery) => (delivery.type === 'failed' ? [delivery.error.code] : [])))
    expect([...codes]).toEqual(['DELIVERY_TIMEOUT'])
    const failed = deliveries.filter(({ type }) => type === 'failed').map(({ context }) => Number(context))
    // What came from the fifth minute until two before the fifteenth; a sixteenth of these two may stand in the same batch.
    expect(Math.min(...failed)).toBeGreaterThanOrEqual(5 * 60 - 1)
    expect(Math.max(...failed)).toBeLessThan(13 * 60 + 10)
    expect(failed.length).toBeGreaterThan(7.8 * 60)
  })

  it('goes the same way with the same seed', async () => {
    const [first, second] = [await outage(1), await play(1)]
    expect(second.log).toEqual(first.log)
    expect(second.time.now).toBe(first.time.now)
  })
})
