import { from } from 'rxjs'
import { producing, order, watch } from '../support/producing'
import { METADATA, PRODUCE } from '../support/scripted-cluster'
import type { Received } from '../support/scripted-broker'

const versionsOf = (received: readonly Received[], api: string): readonly number[] => [
  ...new Set(received.filter((each) => each.api === api).map(({ version }) => version)),
]

/** Two brokers: the first of today, the second of the time before topics had ids. Each leads one partition. */
function mixed() {
  const world = producing({ nodes: 2, topics: { orders: 2 }, brokers: ['broker-1:9092', 'broker-2:9092'] })
  const [today, old] = world.cluster.brokers
  if (today === undefined || old === undefined) throw new Error('no brokers')
  old.speaks(PRODUCE, { min: 3, max: 8 })
  old.speaks(METADATA, { min: 0, max: 9 })
  return { ...world, today, old }
}

const records = (round: string) => [0, 1, 0, 1].map((partition, i) => order(`${round}${String(i)}`, { partition }))

describe('brokers of different versions in one cluster', () => {
  it('are each asked at the version that they speak, with and without topic ids', () => {
    const { kafka, settle, today, old } = mixed()
    const { log } = watch(from(records('a')).pipe(kafka.send()))
    settle()
    expect(log.slice(0, 4).every((line) => line.endsWith('delivered'))).toBe(true)
    expect([versionsOf(today.received, 'Produce'), versionsOf(old.received, 'Produce')]).toEqual([[13], [8]])
  })

  it('may say in turn who leads: what the newer one said of ids is kept', () => {
    const { kafka, settle, today, old, cluster, network } = mixed()
    watch(from(records('a')).pipe(kafka.send()))
    settle()
    // Now only the old one can be asked, and knows of an election.
    network.refuse(today.address)
    network.cut(today.address)
    cluster.elect('orders', 0, 2)
    const during = watch(from(records('b')).pipe(kafka.send()))
    settle()
    expect(during.log.filter((line) => line.endsWith('delivered'))).toHaveLength(4)
    expect(versionsOf(old.received, 'Metadata')).toEqual([9])
    // And the upgrade goes on.
    network.restore(today.address)
    cluster.elect('orders', 0, 1)
    const after = watch(from(records('c')).pipe(kafka.send()))
    settle()
    expect(after.log.filter((line) => line.endsWith('delivered'))).toHaveLength(4)
    expect(versionsOf(today.received, 'Produce')).toEqual([13])
  })

  it('are asked at the new version as soon as one was upgraded', () => {
    const { kafka, settle, old, network } = mixed()
    watch(from(records('a')).pipe(kafka.send()))
    settle()
    old.speaks(PRODUCE, { min: 3, max: 13 })
    network.cut(old.address)
    settle()
    const after = watch(from(records('b')).pipe(kafka.send()))
    settle()
    expect(after.log.filter((line) => line.endsWith('delivered'))).toHaveLength(4)
    expect(versionsOf(old.received, 'Produce')).toEqual([8, 13])
  })
})
