import { interval } from 'rxjs'
import { fastFeed, sendPaced } from '../../examples/paced-by-demand'
import { virtually } from './virtually'

const BUFFER = 1_000_000
const RESERVE = 250_000
const LINES = 5_000

describe('examples/paced-by-demand', () => {
  /** An answer takes 50 ms and more: until then a feed that is not paced has given all that there is room for. */
  const run = async () => {
    const { time, kafka, cluster } = virtually({ lines: 1 }, { bufferMemory: BUFFER, metricsInterval: 1, latency: 25 })
    const feed = fastFeed(LINES, (work) => interval(1, time.scheduler).subscribe(work))
    const waiting: number[] = []
    const free: number[] = []
    const metrics = kafka.metrics$.subscribe(({ waitingBytes }) => waiting.push(waitingBytes))
    const demand = kafka.demand$.subscribe((bytes) => free.push(bytes))
    let delivered = 0
    let ended = false
    sendPaced(feed, kafka, RESERVE).subscribe({
      next: ({ type }) => (delivered += type === 'delivered' ? 1 : 0),
      complete: () => {
        ended = true
        metrics.unsubscribe()
        demand.unsubscribe()
      },
    })
    await time.settle()
    return { feed, waiting, free, delivered, ended, logged: cluster.records('lines').length }
  }

  it('delivers everything, with pauses', async () => {
    const { feed, delivered, ended, logged } = await run()
    expect([delivered, logged, ended]).toEqual([LINES, LINES, true])
    expect(feed.pauses).toBeGreaterThan(2)
  })

  it('never lets a record wait for memory', async () => {
    const { waiting, free } = await run()
    expect(Math.max(...waiting)).toBe(0)
    expect(Math.min(...free)).toBeLessThan(RESERVE)
    expect(Math.min(...free)).toBeGreaterThan(0)
  })
})
