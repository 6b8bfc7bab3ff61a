import { OffsetForLeaderEpochRequest } from '../../../lib/generated/messages/OffsetForLeaderEpochRequest'
import { OffsetForLeaderEpochResponse } from '../../../lib/generated/messages/OffsetForLeaderEpochResponse'
import { batchOf } from '../support/batches'
import { dataPath, first } from '../support/data-path'

interface AskOptions {
  readonly topic?: string
  readonly currentLeaderEpoch?: number
  readonly node?: number
  readonly version?: number
}

/** Epoch 0 wrote two records, epoch 1 none, epoch 2 one. Broker 1 leads. */
function setUp() {
  const { produce, cluster, speaker } = dataPath()
  produce(batchOf('ab'))
  cluster.elect('orders', 0, 2)
  cluster.elect('orders', 0, 1)
  produce(batchOf('c'))
  const endOf = (leaderEpoch: number, { topic = 'orders', currentLeaderEpoch = -1, node = 1, version = 4 }: AskOptions = {}) => {
    const topics = [{ topic, partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }]
    const request = { replicaId: -1, topics }
    return first(speaker(node).ask(OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse, request, version).topics[0]?.partitions)
  }
  return { cluster, endOf }
}

describe('OffsetForLeaderEpoch', () => {
  it.each([2, 3, 4])('says where an epoch ends: version %d', (version) => {
    const { endOf } = setUp()
    expect(endOf(0, { version })).toMatchObject({ errorCode: 0, partition: 0, leaderEpoch: 0, endOffset: 2n })
    expect(endOf(2, { version })).toMatchObject({ errorCode: 0, leaderEpoch: 2, endOffset: 3n })
  })

  it('goes back to the epoch before when nothing was written in one', () => {
    expect(setUp().endOf(1)).toMatchObject({ errorCode: 0, leaderEpoch: 0, endOffset: 2n })
  })

  it('knows nothing of the future, nor of none', () => {
    const { endOf } = setUp()
    for (const epoch of [3, -1]) expect(endOf(epoch)).toMatchObject({ errorCode: 0, leaderEpoch: -1, endOffset: -1n })
  })

  it.each<[string, AskOptions, number]>([
    ['an unknown topic', { topic: 'nothing' }, 3],
    ['another broker', { node: 2 }, 6],
    ['an old leader epoch', { currentLeaderEpoch: 1 }, 74],
    ['a leader epoch of the future', { currentLeaderEpoch: 3 }, 75],
    ['the right leader epoch', { currentLeaderEpoch: 2 }, 0],
  ])('looks at who asks: %s', (_, options, errorCode) => {
    expect(setUp().endOf(0, options)).toMatchObject({ errorCode, endOffset: errorCode === 0 ? 2n : -1n })
  })

  it('answers an ordered error', () => {
    const { cluster, endOf } = setUp()
    cluster.next('OffsetForLeaderEpoch', { topic: 'orders' }).fail('KAFKA_STORAGE_ERROR')
    expect(endOf(0)).toMatchObject({ errorCode: 56 })
  })
})
