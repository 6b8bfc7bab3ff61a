import { config } from 'rxjs'
import type { Socket } from '../../../lib/network/transport'
import { encodeRequest } from '../../../lib/protocol/envelope'
import { ErrorCode } from '../../../lib/generated/error-codes'
import { FetchRequest } from '../../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../../lib/generated/messages/FetchResponse'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import { fetchRequest } from '../support/data-path'
import { append, describeTopics, errorOf, produceRequest, valuesIn, world } from '../support/world'

/** The bytes that a client gets, and when the connection ended. */
const rawly = ({ cluster, time }: ReturnType<typeof world>) => {
  const chunks: Uint8Array[] = []
  const opened: Socket[] = []
  const ends: number[] = []
  const end = () => void ends.push(time.now)
  cluster.transport.connect({ host: 'broker-1', port: 9092 }).subscribe((socket) => {
    opened.push(socket)
    socket.data.subscribe({ next: (chunk) => chunks.push(chunk), error: end, complete: end })
  })
  time.advance(0)
  const say = (correlationId: number) => {
    const request = encodeRequest(MetadataRequest, { topics: null }, 12, { clientId: 'raw', correlationId })
    opened[0]?.write(request)
    time.advance(0)
  }
  return { say, write: (bytes: readonly Uint8Array[]) => opened[0]?.write(bytes), bytes: () => Buffer.concat(chunks), ends }
}

/** An answer to the same request without any fault. */
const undisturbed = (() => {
  const it = rawly(world())
  it.say(7)
  return it.bytes()
})()

describe('what a client sees of', () => {
  it('fail: the error, and nothing is appended', () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Produce').fail('TOPIC_AUTHORIZATION_FAILED')
    const asked = append(talkTo(), 'a')
    time.advance(1)
    expect([errorOf(asked), valuesIn(cluster)]).toEqual([ErrorCode.TOPIC_AUTHORIZATION_FAILED, []])
  })

  it('change: another answer', () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Metadata').change((answer) => ({ ...answer, clusterId: 'another', brokers: answer.brokers.slice(1) }))
    const asked = describeTopics(talkTo(), 'orders')
    time.advance(1)
    expect(asked.answer.clusterId).toBe('another')
    expect(asked.answer.brokers.map(({ nodeId }) => nodeId)).toEqual([2, 3])
    expect(asked.answer.topics[0]?.name).toBe('orders')
  })

  it('delay: it was appended at once, the answer comes later, and so does what was asked after it', () => {
    const { cluster, talkTo, time } = world({ latency: 1 })
    cluster.next('Produce').delay(200)
    const [ask, other] = [talkTo(), talkTo()]
    const asked = ['a', 'b'].map((value) => append(ask, value))
    const elsewhere = append(other, 'c')
    time.advance(150)
    expect(valuesIn(cluster)).toEqual(['a', 'c'])
    time.advance(150)
    expect(asked.map(({ at }) => at)).toEqual([204, 204])
    expect(elsewhere.at).toBe(6)
  })

  it('hold: requests of other connections overtake it', () => {
    const { cluster, talkTo, time } = world()
    const held = cluster.next('Produce').hold()
    const [ask, other] = [talkTo(), talkTo()]
    const first = append(ask, 'first')
    time.advance(1)
    const second = append(other, 'second')
    time.advance(1)
    expect([first.state, second.state, held.waiting]).toEqual(['waiting', 'answered', 1])
    held.release()
    time.advance(1)
    expect([first.state, valuesIn(cluster), held.waiting]).toEqual(['answered', ['second', 'first'], 0])
  })

  it('hold: handled though its client has left, and never before what the client had said earlier', () => {
    const { cluster, talkTo, time } = world()
    const held = cluster.next('Produce').hold()
    const ask = talkTo()
    append(ask, 'late')
    append(ask, 'later')
    time.advance(1)
    ask.close()
    time.advance(1)
    expect(valuesIn(cluster)).toEqual([])
    held.release()
    time.advance(1)
    expect(valuesIn(cluster)).toEqual(['late', 'later'])
    expect(cluster.broker(1).connections).toBe(0)
  })

  it('hold: handled though its connection broke, but not by a broker that was killed', () => {
    const { cluster, talkTo, time } = world()
    const held = cluster.next('Produce', { times: 2 }).hold()
    append(talkTo(), 'late')
    time.advance(1)
    cluster.broker(1).disconnect()
    held.release()
    expect(valuesIn(cluster)).toEqual(['late'])
    append(talkTo(), 'lost')
    time.advance(1)
    cluster.broker(1).kill()
    held.release()
    expect(valuesIn(cluster)).toEqual(['late'])
  })

  it('hold: let go by heal, also when there were other faults since', () => {
    const { cluster, talkTo, time } = world()
    const held = cluster.next('Produce').hold()
    const asked = append(talkTo(), 'a')
    time.advance(1)
    cluster.next('Metadata').delay(1)
    cluster.heal()
    time.advance(1)
    expect([asked.state, held.waiting]).toEqual(['answered', 0])
  })

  it("hold and a cut, for a client that has gone: handled, and the cut is nobody's problem", () => {
    const unhandled = jest.fn()
    config.onUnhandledError = unhandled
    jest.useFakeTimers()
    try {
      const { cluster, talkTo, time } = world()
      cluster.next('Produce').cutAfter()
      const held = cluster.next('Produce').hold()
      append(talkTo(), 'a')
      time.advance(1)
      cluster.broker(1).disconnect()
      held.release()
      jest.runAllTimers()
      expect([valuesIn(cluster), unhandled.mock.calls]).toEqual([['a'], []])
    } finally {
      jest.useRealTimers()
      config.onUnhandledError = null
    }
  })

  it('hold: handled by a broker that was paused when it goes on', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const held = cluster.next('Produce').hold()
    const asked = append(talkTo(), 'a')
    time.advance(1)
    cluster.broker(1).pause()
    held.release()
    time.advance(1)
    expect([asked.state, valuesIn(cluster)]).toEqual(['waiting', []])
    cluster.broker(1).resume()
    time.advance(1)
    expect([asked.state, valuesIn(cluster)]).toEqual(['answered', ['a']])
  })

  it('hold: handled though its connection broke, by a broker that was paused when it goes on', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const held = cluster.next('Produce').hold()
    append(talkTo(), 'a')
    time.advance(1)
    cluster.broker(1).disconnect()
    cluster.broker(1).pause()
    held.release()
    const whilePaused = valuesIn(cluster)
    cluster.broker(1).resume()
    expect([whilePaused, valuesIn(cluster)]).toEqual([[], ['a']])
  })

  it('hold: never handled when the paused broker was killed before it went on', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const held = cluster.next('Produce').hold()
    append(talkTo(), 'a')
    time.advance(1)
    cluster.broker(1).disconnect()
    cluster.broker(1).pause()
    held.release()
    cluster.broker(1).kill()
    cluster.broker(1).start()
    time.advance(60_000)
    expect([cluster.broker(1).status, valuesIn(cluster), time.pending]).toEqual(['up', [], 0])
  })

  it('hold of a long poll whose connection broke: nothing waits for nobody', () => {
    const { cluster, talkTo, time } = world({ brokers: 1 })
    const held = cluster.next('Fetch').hold()
    talkTo().begin(FetchRequest, FetchResponse, fetchRequest({ maxWaitMs: 500_000, minBytes: 1 }), 12)
    time.advance(1)
    cluster.broker(1).disconnect()
    held.release()
    expect([held.hits, time.pending]).toEqual([1, 0])
  })

  it('hold for a time: it goes by itself', () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Produce').hold(300)
    const asked = append(talkTo(), 'a')
    time.advance(299)
    expect(valuesIn(cluster)).toEqual([])
    time.advance(1)
    expect([asked.at, valuesIn(cluster)]).toEqual([300, ['a']])
  })

  it('throttle: it is told, and the broker is quiet on that connection for as long (KIP-219)', () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Produce').throttle(1000)
    const ask = talkTo()
    const asked = ['a', 'b'].map((value) => append(ask, value))
    const elsewhere = append(talkTo(), 'c')
    time.advance(2000)
    expect(asked.map(({ at, answer }) => [at, answer.throttleTimeMs])).toEqual([
      [0, 1000],
      [1000, 0],
    ])
    expect(elsewhere.at).toBe(0)
  })

  it('drop: nothing, then or ever, and it is not appended; the connection stays until the client ends it', async () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Produce').drop()
    const ask = talkTo()
    const asked = ['a', 'b'].map((value) => append(ask, value))
    await time.settle()
    expect([asked.map(({ state }) => state), valuesIn(cluster), ask.open]).toEqual([['waiting', 'waiting'], [], true])
    ask.close()
    await time.settle()
    expect([cluster.broker(1).connections, valuesIn(cluster)]).toEqual([0, []])
  })

  it('loseAnswer: nothing, though it was appended', async () => {
    const { cluster, talkTo, time } = world()
    cluster.next('Produce').loseAnswer()
    const ask = talkTo()
    const asked = ['a', 'b'].map((value) => append(ask, value))
    await time.settle()
    expect([asked.map(({ state }) => state), valuesIn(cluster), ask.open]).toEqual([['waiting', 'waiting'], ['a'], true])
  })

  it.each([
    { cut: 'cutBefore', appended: [] },
    { cut: 'cutAfter', appended: ['a'] },
  ] as const)('$cut: the connection ends without an answer', ({ cut, appended }) => {
    const { cluster, talkTo, time } = world()
    const fault = cluster.next('Produce')[cut]()
    const asked = append(talkTo(), 'a')
    time.advance(1)
    expect([asked.state, asked.at, valuesIn(cluster), fault.hits]).toEqual(['ended', 0, appended, 1])
  })

  it('cutAfterAnswer: the answer, and then the end', () => {
    const w = world()
    w.cluster.next('Metadata').cutAfterAnswer()
    const { say, bytes, ends } = rawly(w)
    say(7)
    expect([bytes(), ends]).toEqual([undisturbed, [0]])
  })

  it('cutWithinAnswer: so many bytes, and then the end', () => {
    const w = world()
    w.cluster.next('Metadata').cutWithinAnswer(21)
    const { say, bytes, ends } = rawly(w)
    say(7)
    expect([bytes(), ends]).toEqual([undisturbed.subarray(0, 21), [0]])
  })

  it('cutWithinRequest: the end, when so many bytes of it have come', () => {
    const w = world()
    const { cluster, time } = w
    const fault = cluster.next('Produce', { clientId: 'raw' }).cutWithinRequest(50)
    const { write, ends } = rawly(w)
    const bytes = Buffer.concat(encodeRequest(ProduceRequest, produceRequest('a'), 12, { clientId: 'raw', correlationId: 1 }))
    write([bytes.subarray(0, 49)])
    time.advance(1)
    expect([ends, fault.hits]).toEqual([[], 1])
    write([bytes.subarray(49)])
    time.advance(1)
    expect([ends, valuesIn(cluster)]).toEqual([[1], []])
  })

  it('cutWithinRequest: not for a request that has not so many bytes', () => {
    const { cluster, talkTo, time } = world()
    const fault = cluster.next('Produce').cutWithinRequest(1000)
    const [small, large] = ['a', 'a'.repeat(1000)].map((value) => {
      const asked = append(talkTo(), value)
      time.advance(1)
      return [asked.state, fault.hits]
    })
    expect([small, large, valuesIn(cluster)]).toEqual([['answered', 0], ['ended', 1], ['a']])
  })

  it('cutWithinRequest: refused where the whole request would have to be known', () => {
    const { cluster } = world()
    for (const where of [{ topic: 'orders' }, { partition: 0 }, { where: () => true }])
      expect(() => cluster.next('Produce', where).cutWithinRequest(10)).toThrow('is not known')
  })

  it('truncate: a shorter answer, which says so', () => {
    const w = world()
    w.cluster.next('Metadata').truncate(10)
    const { say, bytes } = rawly(w)
    say(7)
    expect(bytes().subarray(4)).toEqual(undisturbed.subarray(4, -10))
    expect(bytes().readInt32BE()).toBe(bytes().length - 4)
  })

  it.each(['truncate', 'lengthOffBy', 'corrupt'] as const)('%s: nothing to damage where an answer was cut within its length', (damage) => {
    const w = world()
    w.cluster.next('Metadata').cutWithinAnswer(3)
    w.cluster.next('Metadata')[damage](1)
    const { say, bytes, ends } = rawly(w)
    say(7)
    expect([bytes(), ends]).toEqual([undisturbed.subarray(0, 3), [0]])
  })

  it.each([3, -3, 2 ** 31, -(2 ** 31)])('lengthOffBy %i: a whole answer that says another length', (by) => {
    const w = world()
    w.cluster.next('Metadata').lengthOffBy(by)
    const { say, bytes } = rawly(w)
    say(7)
    expect(bytes().subarray(4)).toEqual(undisturbed.subarray(4))
    expect(bytes().readInt32BE()).toBe(Math.min(2 ** 31 - 1, undisturbed.length - 4 + by))
  })

  it('corrupt: bytes that are others, the same ones for the same seed', () => {
    const answered = (seed: number, bytes?: number) => {
      const w = world({ seed })
      w.cluster.next('Metadata').corrupt(bytes)
      const it = rawly(w)
      it.say(7)
      return it.bytes()
    }
    const differing = (a: Buffer, b: Buffer) => a.filter((byte, i) => byte !== b[i]).length
    const { length } = undisturbed
    expect(differing(answered(1), undisturbed)).toBe(1)
    expect([differing(answered(1), answered(1)), answered(1).length, answered(1, 30).readInt32BE()]).toEqual([0, length, length - 4])
    expect(differing(answered(1, 30), undisturbed)).toBeGreaterThan(15)
  })
})

it('A fault does one thing: a second one has to be ordered for itself', () => {
  const { cluster } = world()
  const fault = cluster.next('Produce')
  fault.delay(1)
  expect(() => fault.throttle(1)).toThrow('next Produce: delay: it cannot do throttle as well')
})
