import { Subject } from 'rxjs'
import { DescribeGroupsRequest } from '../../lib/generated/messages/DescribeGroupsRequest'
import { DescribeGroupsResponse } from '../../lib/generated/messages/DescribeGroupsResponse'
import { JoinGroupRequest } from '../../lib/generated/messages/JoinGroupRequest'
import { JoinGroupResponse } from '../../lib/generated/messages/JoinGroupResponse'
import type { Delivery } from '../../lib/record'
import { transacting } from './support/transacting'
import { valuesIn, world } from './support/world'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const BURST = 5

/** A producer that sends a burst every quarter of an hour, all day, and what became of its records. */
const busy = ({ cluster, kafka }: ReturnType<typeof world>) => {
  const values$ = new Subject<string>()
  const deliveries: Delivery<string>[] = []
  values$.pipe(kafka().to('orders')).subscribe((delivery) => deliveries.push(delivery))
  const sent: string[] = []
  for (let at = 0; at < 24 * HOUR; at += HOUR / 4)
    cluster.at(at, () => {
      for (let i = 0; i < BURST; i++) {
        sent.push(`${String(at / MINUTE)}-${String(i)}`)
        values$.next(sent.at(-1) ?? '')
      }
    })
  return { sent, deliveries, at: (minute: number) => deliveries.filter(({ context }) => context.startsWith(`${String(minute)}-`)) }
}

/** The state of the group a few minutes after its only member has joined and died. */
const abandonedGroup = (ask: ReturnType<ReturnType<typeof world>['talkTo']>, pass: () => void): string[] => {
  const joining = {
    groupId: 'group',
    sessionTimeoutMs: 45_000,
    rebalanceTimeoutMs: 5 * MINUTE,
    memberId: '',
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
  }
  const state = () => ask(DescribeGroupsRequest, DescribeGroupsResponse, { groups: ['group'] }, 5).groups[0]?.groupState ?? ''
  ask(JoinGroupRequest, JoinGroupResponse, joining, 3)
  const before = state()
  pass()
  return [before, state()]
}

describe('a whole day', () => {
  it('of bursts, outages, elections, abandoned transactions and groups takes less than a second', async () => {
    const before = process.cpuUsage()
    const w = world({ topics: { orders: { partitions: 3, configs: { 'min.insync.replicas': '2' } } }, latency: 1 })
    const { cluster, time } = w
    const { sent, deliveries, at } = busy(w)

    cluster.at(2 * HOUR + 5, () => cluster.broker(1).kill())
    cluster.at(5 * HOUR, () => cluster.broker(1).start())
    cluster.at(8 * HOUR - MINUTE, () => [1, 2, 3].forEach((id) => cluster.broker(id).refuse()))
    cluster.at(8 * HOUR - MINUTE, () => [1, 2, 3].forEach((id) => cluster.broker(id).disconnect()))
    cluster.at(9 * HOUR - MINUTE, () => cluster.heal())
    cluster.at(12 * HOUR, () => cluster.elect('orders', 0, 3))
    cluster.at(20 * HOUR, () => cluster.next('Produce', { times: 2 }).loseAnswer())
    time.advance(15 * HOUR)

    const { coordinator } = transacting(cluster, { time })
    const tx = transacting(cluster, { time, node: coordinator.transaction })
    const who = tx.initialise({ transactionTimeoutMs: 60_000 })
    const added = tx.add(who, ['orders-1'])
    time.advance(2 * MINUTE)
    const late = tx.add(who, ['orders-1'])
    const groups = abandonedGroup(w.talkTo(coordinator.group), () => time.advance(10 * MINUTE))
    await time.settle()
    const { user, system } = process.cpuUsage(before)

    expect(time.now).toBeGreaterThan(23 * HOUR)
    expect([sent.length, deliveries.length]).toEqual([24 * 4 * BURST, 24 * 4 * BURST])
    const failed = deliveries.filter(({ type }) => type === 'failed').map(({ context }) => Math.trunc(Number.parseInt(context) / 60))
    // What came while nobody could be reached, and was not there any more when they could.
    expect(new Set(failed)).toEqual(new Set([8]))
    expect(
      at(2 * 60 + 15)
        .concat(at(12 * 60), at(20 * 60))
        .every(({ type }) => type === 'delivered'),
    ).toBe(true)
    const acknowledged = deliveries.flatMap(({ type, context }) => (type === 'delivered' ? [context] : []))
    expect(new Set(valuesIn(cluster))).toEqual(new Set(acknowledged))
    expect([added, late]).toEqual([{ 'orders-1': 'NONE' }, { 'orders-1': expect.stringMatching(/PRODUCER_FENCED|INVALID_PRODUCER_EPOCH/) }])
    expect(groups).toEqual(['CompletingRebalance', 'Empty'])
    expect(cluster.unused()).toEqual([])
    // Of the processor, whatever else it has to do; in microseconds.
    expect(user + system).toBeLessThan(1_000_000)
  })
})
