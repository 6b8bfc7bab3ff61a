import { FetchRequest } from '../../../lib/generated/messages/FetchRequest'
import type { FetchRequestInput } from '../../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../../lib/generated/messages/FetchResponse'
import type { Client } from '../support/ask'
import { batchOf } from '../support/batches'
import { dataPath, nameOf, readOf } from '../support/data-path'

const at = (topic: string, fetchOffset = 0n) => ({ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1000 }] })

/** A consumer that keeps its session, and says of each answer `topic: what it gave`. */
function consumer(ask: Client) {
  let [sessionId, sessionEpoch] = [0, 0]
  const send = (fields: Partial<FetchRequestInput>, version = 12) => {
    const request = { maxWaitMs: 0, minBytes: 1, topics: [], forgottenTopicsData: [], sessionId, sessionEpoch, ...fields }
    return ask(FetchRequest, FetchResponse, request, version)
  }
  const fetch = (fields: Partial<FetchRequestInput> = {}): readonly string[] => {
    const answer = send(fields)
    ;[sessionId, sessionEpoch] = [answer.sessionId, sessionEpoch + 1]
    if (answer.errorCode !== 0) return [nameOf(answer.errorCode)]
    return answer.responses.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}: ${readOf(each)}`))
  }
  return { fetch, send, session: () => ({ sessionId, sessionEpoch }) }
}

const setUp = () => {
  const path = dataPath({ brokers: 1, topics: { orders: 1, bills: 1 } })
  return { ...path, ...consumer(path.ask), path }
}

describe('Fetch, sessions', () => {
  it('opens one for who wants it', () => {
    const { fetch, session } = setUp()
    expect(fetch({ topics: [at('orders'), at('bills')] })).toEqual(['orders: ', 'bills: '])
    expect(session().sessionId).toBeGreaterThan(0)
  })

  it('opens none for who wants none, and in old versions', () => {
    const { send } = setUp()
    expect(send({ topics: [at('orders')], sessionEpoch: -1 }).sessionId).toBe(0)
    expect(send({ topics: [at('orders')], sessionEpoch: -1 }, 6).sessionId).toBe(0)
  })

  it('tells only of what is new', () => {
    const { fetch, path } = setUp()
    fetch({ topics: [at('orders'), at('bills')] })
    expect(fetch()).toEqual([])
    path.speaker().produce(batchOf('a'))
    expect(fetch()).toEqual(['orders: a'])
    expect(fetch()).toEqual(['orders: a'])
    expect(fetch({ topics: [at('orders', 1n)] })).toEqual([])
  })

  it('tells of a new high watermark and of a new beginning, once', () => {
    const { fetch, path } = setUp()
    const { produce } = path.speaker()
    fetch({ topics: [at('orders')] })
    produce(batchOf('a'))
    expect(fetch({ topics: [at('orders', 1n)] })).toEqual(['orders: '])
    expect(fetch()).toEqual([])
  })

  it('goes on to tell of an error, and that it is gone', () => {
    const { fetch } = setUp()
    fetch({ topics: [at('orders')] })
    expect(fetch({ topics: [at('orders', 9n)] })).toEqual(['orders: OFFSET_OUT_OF_RANGE'])
    expect(fetch()).toEqual(['orders: OFFSET_OUT_OF_RANGE'])
    expect(fetch({ topics: [at('orders', 0n)] })).toEqual(['orders: '])
    expect(fetch()).toEqual([])
  })

  it('finds a topic that is made later', () => {
    const { fetch, path } = setUp()
    fetch({ topics: [at('later')] })
    expect(fetch()).toEqual(['later: UNKNOWN_TOPIC_OR_PARTITION'])
    path.cluster.createTopic('later', 1)
    path.speaker().produce(batchOf('a'), { topic: 'later' })
    expect(fetch()).toEqual(['later: a'])
  })

  it('takes partitions in and forgets them', () => {
    const { fetch, path } = setUp()
    const { produce } = path.speaker()
    fetch({ topics: [at('orders')] })
    expect(fetch({ topics: [at('bills')] })).toEqual(['bills: '])
    produce(batchOf('a'))
    produce(batchOf('b'), { topic: 'bills' })
    expect(fetch({ forgottenTopicsData: [{ topic: 'orders', partitions: [0] }] })).toEqual(['bills: b'])
  })

  it('serves last what has given records', () => {
    const { fetch, path } = setUp()
    const { produce } = path.speaker()
    for (const topic of ['orders', 'bills']) produce(batchOf('abc'), { topic })
    fetch({ topics: [at('orders'), at('bills')], maxBytes: 1 })
    expect(fetch({ maxBytes: 1 })).toEqual(['orders: abc'])
    expect(fetch({ maxBytes: 1 })).toEqual(['bills: abc'])
    expect(fetch({ maxBytes: 1 })).toEqual(['orders: abc'])
  })

  it('ends one that has nothing left', () => {
    const { fetch, session } = setUp()
    fetch({ topics: [at('orders')] })
    expect(fetch({ forgottenTopicsData: [{ topic: 'orders', partitions: [0] }] })).toEqual([])
    expect(session().sessionId).toBe(0)
  })

  it('does not know one that was ended, or was never there', () => {
    const { fetch, send, session } = setUp()
    fetch({ topics: [at('orders')] })
    const before = session()
    send({ ...before, sessionEpoch: -1, topics: [at('orders')] })
    const answer = send(before)
    expect(answer).toMatchObject({ sessionId: 0, responses: [] })
    expect(nameOf(answer.errorCode)).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('ends the one before when another is opened', () => {
    const { fetch, send, session } = setUp()
    fetch({ topics: [at('orders')] })
    const before = session()
    expect(send({ ...before, sessionEpoch: 0, topics: [at('orders')] }).sessionId).not.toBe(before.sessionId)
    expect(nameOf(send(before).errorCode)).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })

  it('refuses requests out of their order', () => {
    const { fetch, send, session } = setUp()
    fetch({ topics: [at('orders')] })
    const now = session()
    expect(nameOf(send({ ...now, sessionEpoch: 5 }).errorCode)).toBe('INVALID_FETCH_SESSION_EPOCH')
    expect(send(now).errorCode).toBe(0)
    expect(nameOf(send(now).errorCode)).toBe('INVALID_FETCH_SESSION_EPOCH')
  })

  it('does not mix names and ids', () => {
    const { fetch, send, session } = setUp()
    fetch({ topics: [at('orders')] })
    expect(nameOf(send(session(), 13).errorCode)).toBe('FETCH_SESSION_TOPIC_ID_ERROR')
  })

  it('has one waiting answer for two requests of the same session only once', () => {
    const { fetch, session, path } = setUp()
    fetch({ topics: [at('orders')] })
    const waits = { ...session(), maxWaitMs: 500, minBytes: 1, topics: [], forgottenTopicsData: [] }
    const [one, two] = [path.speaker().ask, path.speaker().ask]
    const asked = one.begin(FetchRequest, FetchResponse, waits, 12)
    path.time.advance(10)
    two(FetchRequest, FetchResponse, { ...waits, sessionEpoch: waits.sessionEpoch + 1, maxWaitMs: 0 }, 12)
    path.time.advance(500)
    expect(nameOf(asked.answer.errorCode)).toBe('INVALID_FETCH_SESSION_EPOCH')
  })

  it('is forgotten by a broker that goes down', () => {
    const { fetch, send, session, path } = setUp()
    fetch({ topics: [at('orders')] })
    const before = session()
    path.cluster.broker(1).stop()
    path.time.advance(1000)
    path.cluster.broker(1).start()
    path.time.advance(1000)
    expect(nameOf(send(before).errorCode)).toBe('FETCH_SESSION_ID_NOT_FOUND')
  })
})
