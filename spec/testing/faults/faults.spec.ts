import { ErrorCode } from '../../../lib/generated/error-codes'
import { messages } from '../../../lib/generated/messages'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import { append, describeTopics, errorOf, produceRequest, valuesIn, world } from '../support/world'

describe('a fault', () => {
  describe('fails what it is for', () => {
    it('the next request of an api, and not the one after it', () => {
      const { cluster, talkTo, time } = world()
      const fault = cluster.next('Produce').fail('NOT_LEADER_OR_FOLLOWER')
      const ask = talkTo()
      const asked = ['a', 'b'].map((value) => append(ask, value))
      time.advance(1)
      expect(asked.map(errorOf)).toEqual([ErrorCode.NOT_LEADER_OR_FOLLOWER, ErrorCode.NONE])
      expect(valuesIn(cluster)).toEqual(['b'])
      expect([fault.hits, cluster.unused()]).toEqual([1, []])
    })

    it('so many of them as it is told, and every one until it is ended', () => {
      const { cluster, talkTo, time } = world()
      const ask = talkTo()
      const errorsOf = (values: string) => {
        const asked = values.split('').map((value) => append(ask, value))
        time.advance(1)
        return asked.map((each) => errorOf(each) === ErrorCode.NONE)
      }
      const twice = cluster.next('Produce', { times: 2 }).fail('REQUEST_TIMED_OUT')
      expect(errorsOf('abc')).toEqual([false, false, true])
      const always = cluster.every('Produce').fail('REQUEST_TIMED_OUT')
      expect(errorsOf('def')).toEqual([false, false, false])
      always.end()
      expect(errorsOf('g')).toEqual([true])
      expect([twice.hits, always.hits]).toEqual([2, 3])
    })

    it('one partition of a request, and counts that request once', () => {
      const { cluster, talkTo, time } = world({ topics: { orders: 3, other: 1 }, brokers: 1 })
      const fault = cluster.next('Produce', { topic: 'orders', partition: 1 }).fail('KAFKA_STORAGE_ERROR')
      const ask = talkTo()
      const batch = produceRequest('x').topicData?.[0]?.partitionData?.[0]
      const partitions = (count: number) => Array.from({ length: count }, (_, index) => ({ index, records: batch?.records ?? null }))
      const topicData = [
        { name: 'other', partitionData: partitions(1) },
        { name: 'orders', partitionData: partitions(3) },
      ]
      const { responses } = ask(ProduceRequest, ProduceResponse, { acks: -1, timeoutMs: 1000, topicData }, 12)
      time.advance(1)
      const errors = responses.map(({ name, partitionResponses }) => [name, partitionResponses.map(({ errorCode }) => errorCode)])
      expect(new Map(errors as [string, number[]][])).toEqual(
        new Map([
          ['other', [0]],
          ['orders', [0, ErrorCode.KAFKA_STORAGE_ERROR, 0]],
        ]),
      )
      expect(fault.hits).toBe(1)
    })

    it('a topic that the request names by its id', () => {
      const { cluster, talkTo } = world()
      const ask = talkTo()
      const topicId = ask(messages.MetadataRequest, messages.MetadataResponse, { topics: null }).topics[0]?.topicId
      const fault = cluster.next('Produce', { topic: 'orders' }).cutAfter()
      const topicData = [{ ...produceRequest('a').topicData?.[0], name: '', topicId: topicId ?? '' }]
      expect(() => ask(ProduceRequest, ProduceResponse, { acks: -1, timeoutMs: 1000, topicData })).toThrow('ended the connection')
      expect([fault.hits, valuesIn(cluster)]).toEqual([1, ['a']])
    })

    it('a broker, a client, or whatever a predicate says', () => {
      const { cluster, talkTo, time } = world({ brokers: 2, topics: { orders: { partitions: 2, replicationFactor: 1 } } })
      cluster.every('Produce', { node: 2 }).fail('KAFKA_STORAGE_ERROR')
      cluster.every('Produce', { clientId: 'old' }).fail('INVALID_REQUIRED_ACKS')
      cluster.every('Produce', { where: ({ timeoutMs }) => timeoutMs < 1000 }).fail('INVALID_TIMESTAMP')
      const asked = [
        append(talkTo(2), 'a', { index: 1 }),
        append(talkTo(1, 'old'), 'b'),
        append(talkTo(1), 'c', { timeoutMs: 10 }),
        append(talkTo(1), 'd'),
      ]
      time.advance(1)
      expect(asked.map(errorOf)).toEqual([
        ErrorCode.KAFKA_STORAGE_ERROR,
        ErrorCode.INVALID_REQUIRED_ACKS,
        ErrorCode.INVALID_TIMESTAMP,
        ErrorCode.NONE,
      ])
    })

    it('every api, when it is for any', () => {
      const { cluster, talkTo, time } = world()
      cluster.next('any', { times: 2 }).cutBefore()
      const ask = talkTo()
      const first = describeTopics(ask, 'orders')
      time.advance(1)
      const second = append(ask, 'a')
      time.advance(1)
      const third = append(ask, 'b')
      time.advance(1)
      expect([first.state, second.state, third.state]).toEqual(['ended', 'ended', 'answered'])
    })
  })

  describe('is counted and seen', () => {
    it('names those that never acted, and those of which nothing was said', () => {
      const { cluster, talkTo, time } = world()
      cluster.next('Produce', { topic: 'nobody', times: 3 }).fail('NOT_LEADER_OR_FOLLOWER')
      cluster.every('InitProducerId', { topic: 'orders' }).drop()
      cluster.next('Produce', { where: () => true })
      cluster.next('Produce').delay(1)
      append(talkTo(), 'a')
      time.advance(1)
      expect(cluster.unused()).toEqual([
        'next Produce (topic nobody, times 3): fail NOT_LEADER_OR_FOLLOWER',
        'every InitProducerId (topic orders): drop',
        'next Produce (where): nothing was ordered',
      ])
    })

    it('of one kind only one acts on a request: the next ones first, then in the order in which they were ordered', () => {
      const { cluster, talkTo, time } = world()
      cluster.every('Produce').fail('KAFKA_STORAGE_ERROR')
      const first = cluster.next('Produce').fail('REQUEST_TIMED_OUT')
      const second = cluster.next('Produce').fail('NOT_ENOUGH_REPLICAS')
      const ask = talkTo()
      const asked = ['a', 'b', 'c'].map((value) => append(ask, value))
      time.advance(1)
      expect(asked.map(errorOf)).toEqual([ErrorCode.REQUEST_TIMED_OUT, ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.KAFKA_STORAGE_ERROR])
      expect([first.hits, second.hits]).toEqual([1, 1])
    })

    it('of different kinds act together', () => {
      const { cluster, talkTo, time } = world()
      cluster.next('Produce').fail('REQUEST_TIMED_OUT')
      cluster.next('Produce').delay(500)
      const asked = append(talkTo(), 'a')
      time.advance(1000)
      expect([asked.at, errorOf(asked)]).toEqual([500, ErrorCode.REQUEST_TIMED_OUT])
    })

    it('ends with heal', () => {
      const { cluster, talkTo, time } = world()
      cluster.every('Produce').drop()
      cluster.heal()
      const asked = append(talkTo(), 'a')
      time.advance(1)
      expect(errorOf(asked)).toBe(ErrorCode.NONE)
    })
  })
})

describe('next and every', () => {
  it('know the requests and answers of their api', () => {
    const { cluster } = world()
    // @ts-expect-error -- no such api
    cluster.next('Prodduce')
    // @ts-expect-error -- no such error
    cluster.next('Produce').fail('LEADER_GONE')
    // @ts-expect-error -- no such field in a request of this api
    cluster.next('Metadata', { where: ({ acks }) => acks === 1 })
    cluster.every('Metadata', { where: ({ topics }) => topics === null }).change((answer) => ({ ...answer, brokers: [] }))
    expect(cluster.unused()).toHaveLength(4)
  })
})
