import type { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { recordBatch } from '../../lib/batch/record-batch'
import { textOf } from '../support/producing'
import { journey, large, nameOf, names } from '../support/journey'

const CLUSTER = { topics: { orders: { partitions: 1, configs: { 'max.message.bytes': '1200' } } } }

const carries =
  (name: string) =>
  ({ topicData }: ProduceRequest): boolean =>
    topicData.some(({ partitionData }) =>
      partitionData.some(({ records }) =>
        recordBatch.decode(records ?? new Uint8Array(0)).records.some(({ value }) => textOf(value).startsWith(name)),
      ),
    )

describe('a batch that is split in a log that knows the producer', () => {
  it('costs no refusal beside the one that split it, and no epoch', () => {
    const { send, time, rest, log, events, produced } = journey({ linger: 50, cluster: CLUSTER })
    send('first')
    time.advance(1000)
    for (const name of names(2)) send(name, large(name, 1000))
    rest()
    expect(log).toEqual(['first delivered', '0 delivered', '1 delivered'])
    expect(events.map(({ type }) => type)).toEqual(['producer-id', 'split'])
    expect(produced).toHaveLength(4)
  })

  it('keeps its numbers: what stood behind it, and whose answer was lost, is known not to be in the log', () => {
    const { send, time, rest, log, values, cluster } = journey({ linger: 5, cluster: { ...CLUSTER, latency: 20 } })
    send('first')
    time.advance(1000)
    send('big', large('big', 2000))
    send('small', large('small', 100))
    time.advance(6)
    cluster.next('Produce', { where: carries('after') }).cutBefore()
    send('after', large('after', 100))
    rest()
    expect(log).toEqual(['first delivered', 'big MESSAGE_TOO_LARGE', 'small delivered', 'after delivered'])
    expect(values().map(nameOf)).toEqual(['first', 'small', 'after'])
  })

  it('is split also after an attempt whose fate is not known: the log takes no part of what it has', () => {
    const { send, time, rest, log, values, cluster } = journey({ linger: 50, cluster: CLUSTER })
    send('first')
    time.advance(1000)
    cluster.next('Produce').fail('NOT_LEADER_OR_FOLLOWER')
    for (const name of names(2)) send(name, large(name, 1000))
    rest()
    expect(log).toEqual(['first delivered', '0 delivered', '1 delivered'])
    expect(values().map(nameOf)).toEqual(['first', '0', '1'])
  })
})
