/** Records that could leave, and the moment in which that is noticed. */
import { of } from 'rxjs'
import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs'
import { producer } from '../../lib/producer'
import { testCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { order, watch } from '../support/producing'
import { journey } from '../support/journey'

describe('one request at a time', () => {
  it.each([0, 5])('a batch behind a question about metadata leaves when that is answered, whatever it said (linger %i)', (linger) => {
    const { send, time, log, kafka, cluster } = journey({
      maxInFlight: 1,
      linger,
      maxBlock: 600_000,
      retryBackoff: 1000,
      cluster: { latency: 50 },
    })
    send('first')
    time.advance(1000)
    cluster.every('Metadata').change((answer) => ({ ...answer, brokers: [] }))
    kafka.partitionsFor('unknown').subscribe({ error: () => undefined })
    send('a')
    time.advance(250)
    expect(log).toEqual(['first delivered', 'a delivered'])
    cluster.heal()
  })
})

describe('records that do not wait for their topic', () => {
  it('fail until it is known, and it becomes known', () => {
    const { scheduler, advance } = virtualTime()
    const cluster = testCluster({ topics: { orders: 1 }, latency: 1, scheduler })
    const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler, maxBlock: 0 })
    const first = watch(of(order('a')).pipe(kafka.send()))
    advance(1000)
    const second = watch(of(order('b')).pipe(kafka.send()))
    advance(1000)
    expect([first.log, second.log]).toEqual([
      ['a METADATA_TIMEOUT', '|'],
      ['b delivered', '|'],
    ])
  })
})

/** Of what one of several schedules on the same clock, what is still to come. */
function counting(scheduler: SchedulerLike) {
  const actions: { readonly action: Subscription; readonly at: number }[] = []
  const counted: SchedulerLike = {
    now: () => scheduler.now(),
    schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T) => {
      const action = scheduler.schedule(work, delay, state)
      actions.push({ action, at: scheduler.now() + delay })
      return action
    },
  }
  return { counted, pending: () => actions.filter(({ action, at }) => !action.closed && at > scheduler.now()).length }
}

describe('a producer that is closed', () => {
  it.each(['InitProducerId', 'Produce', 'Metadata'] as const)('while %s is unanswered leaves nothing on the clock', (api) => {
    const time = virtualTime()
    const cluster = testCluster({ topics: { orders: 1 }, latency: 1, scheduler: time.scheduler })
    const { counted, pending } = counting(time.scheduler)
    const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport, scheduler: counted })
    cluster.next(api).hold()
    const { log } = watch(of(order('a')).pipe(kafka.send()))
    time.advance(1000)
    expect(pending()).toBeGreaterThan(0)
    kafka.close({ timeout: 10 }).subscribe()
    time.advance(15)
    expect([log.length, pending()]).toEqual([2, 0])
  })
})
