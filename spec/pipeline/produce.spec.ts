import { Subject } from 'rxjs'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { DisconnectError, UnsupportedVersionError } from '../../lib/errors'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import type { Connection } from '../../lib/network/connection'
import type { Call } from '../../lib/network/exchange'
import type { Drained } from '../../lib/pipeline/batch-streams'
import { produce } from '../../lib/pipeline/produce'
import type { ProduceAnswer, ProduceOptions } from '../../lib/pipeline/produce'
import { batchOf } from '../support/batches'
import { marbles } from '../support/marbles'

type ProduceCall = Call<unknown, unknown>

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const options: ProduceOptions = { acks: -1, timeout: 30_000, topicId: () => ID }
const response = ProduceResponse.create()

/** A connection that keeps what it is given, for the spec to answer. */
function fakeConnection(more: Partial<Connection> = {}) {
  const calls: ProduceCall[] = []
  const connection: Connection = {
    address: { host: 'h', port: 1 },
    inFlight: 0,
    open: true,
    usedAt: 0,
    isLate: false,
    throttledUntil: -Infinity,
    versionOf: () => 13,
    send: (call) => calls.push(call),
    retire: () => undefined,
    close: () => undefined,
    ...more,
  }
  return { connection, calls }
}

function producing(connection: Connection | undefined, more: Partial<ProduceOptions> = {}) {
  const drained$ = new Subject<Drained<string>>()
  const answers: ProduceAnswer<string>[] = []
  const log: string[] = []
  drained$.pipe(produce<string>(() => connection, { ...options, ...more })).subscribe({
    next: (answer) => {
      answers.push(answer)
      log.push(`${answer.outcome.type} ${answer.batches.map(({ contexts }) => contexts.join('')).join('+')}`)
    },
    error: (error: unknown) => log.push(`# ${String(error)}`),
    complete: () => log.push('|'),
  })
  return { drained$, answers, log }
}

describe('produce', () => {
  it.each([
    ['nothing of nothing', '--|', '--|'],
    ['the error of the source', '--#', '--#'],
    ['no end where there is none', '--', '--'],
  ])('gives %s', (_what, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold<Drained>(source).pipe(produce(() => undefined, options))).toBe(expected)
    })
  })

  it('leaves the source when it is left', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Drained<string>>('-a-b', { a: [batchOf('a')], b: [batchOf('b')] })
      expectObservable(source.pipe(produce(() => fakeConnection().connection, options)), '--!').toBe('---')
      expectSubscriptions(source.subscriptions).toBe('^-!')
    })
  })

  it('sends one request for each drain, and gives its answer with its batches', () => {
    const { connection, calls } = fakeConnection()
    const { drained$, log } = producing(connection)
    drained$.next([batchOf('a'), batchOf('b', { partition: 1 })])
    drained$.next([batchOf('c')])
    expect(calls).toHaveLength(2)
    for (const call of calls) call.answered({ type: 'answered', response, version: 13 })
    expect(log).toEqual(['answered a+b', 'answered c'])
  })

  it('writes what the broker expects: acks, timeout, topics with their partitions, and the bytes of the batches', () => {
    const { connection, calls } = fakeConnection({ versionOf: () => 12 })
    const { drained$ } = producing(connection, { acks: 1 })
    const batches = [batchOf('a', { topic: 'x' }), batchOf('b', { topic: 'y', partition: 3 }), batchOf('c', { topic: 'x', partition: 2 })]
    drained$.next(batches)
    const [{ value, version, answer }] = calls
    const written = ProduceRequest.decode(ProduceRequest.encode(value as ProduceRequest, version), version)
    expect([answer, written.acks, written.timeoutMs, written.transactionalId]).toEqual(['expected', 1, 30_000, null])
    const bytes = (index: number) => Uint8Array.from(Buffer.concat(batches[index].parts))
    expect(
      written.topicData.map(({ name, partitionData }) => [
        name,
        partitionData.map(({ index, records }) => [index, Uint8Array.from((records ?? []) as Uint8Array)]),
      ]),
    ).toEqual([
      [
        'x',
        [
          [0, bytes(0)],
          [2, bytes(2)],
        ],
      ],
      ['y', [[3, bytes(1)]]],
    ])
  })

  it('names topics by id, and remembers the names for the answer', () => {
    const { connection, calls } = fakeConnection()
    const ids = ['AAAAAAAAAAAAAAAAAAAAAQ', 'AAAAAAAAAAAAAAAAAAAAAg']
    const { drained$, answers } = producing(connection, { topicId: (topic) => ids[Number(topic === 'y')] })
    drained$.next([batchOf('a', { topic: 'x' }), batchOf('b', { topic: 'y' })])
    const written = ProduceRequest.decode(ProduceRequest.encode(calls[0].value as ProduceRequest, 13), 13)
    expect(written.topicData.map(({ topicId }) => topicId)).toEqual(ids)
    calls[0].answered({ type: 'answered', response, version: 13 })
    expect([...answers[0].topicNames]).toEqual([
      [ids[0], 'x'],
      [ids[1], 'y'],
    ])
  })

  it('completes when the source has and every request has its answer', () => {
    const { connection, calls } = fakeConnection()
    const { drained$, log } = producing(connection)
    drained$.next([batchOf('a')])
    drained$.next([batchOf('b')])
    drained$.complete()
    calls[0].answered({ type: 'answered', response, version: 13 })
    expect(log).toEqual(['answered a'])
    calls[1].answered({ type: 'failed', error: new DisconnectError('gone'), sent: true })
    expect(log).toEqual(['answered a', 'failed b', '|'])
  })

  it('sends what is drained from within an answer', () => {
    const { connection, calls } = fakeConnection()
    const drained$ = new Subject<Drained<string>>()
    const log: string[] = []
    drained$.pipe(produce<string>(() => connection, options)).subscribe({
      next: ({ batches }) => {
        log.push(batches[0].contexts.join(''))
        if (log.length === 1) drained$.next([batchOf('again')])
      },
      complete: () => log.push('|'),
    })
    drained$.next([batchOf('a')])
    for (let i = 0; i < 2; i++) calls[i].answered({ type: 'answered', response, version: 13 })
    drained$.complete()
    expect(log).toEqual(['a', 'again', '|'])
  })
})

describe('a request without acknowledgement', () => {
  it('expects no answer, and is told when it was written', () => {
    const { connection, calls } = fakeConnection()
    const { drained$, log } = producing(connection, { acks: 0 })
    drained$.next([batchOf('a')])
    expect([calls[0].answer, (calls[0].value as ProduceRequest).acks]).toEqual(['none', 0])
    calls[0].answered({ type: 'written', version: 13 })
    expect(log).toEqual(['written a'])
  })
})

describe('without a connection', () => {
  it('what was drained fails as not sent, and counts as no attempt', () => {
    const { drained$, answers, log } = producing(undefined)
    const batch = batchOf('a')
    drained$.next([batch])
    drained$.complete()
    expect(log).toEqual(['failed a', '|'])
    expect(answers[0].outcome).toMatchObject({ error: { code: 'CONNECT_FAILED', retriable: true } })
    expect(batch.attempts).toBe(0)
  })
})

describe('the batches of a request', () => {
  it('are held until the network has let go of them and they are settled', () => {
    const pool = new BufferPool(16 * 1024)
    const { connection, calls } = fakeConnection()
    const { drained$ } = producing(connection)
    const batch = batchOf('a', { pool })
    drained$.next([batch])
    expect(batch.attempts).toBe(1)
    calls[0].answered({ type: 'answered', response, version: 13 })
    batch.settle()
    expect(pool.held).toBeGreaterThan(0)
    calls[0].released?.()
    expect(pool.held).toBe(0)
  })

  it('ask for a version that knows zstd, where that is their compression', () => {
    const versionOf = jest.fn(() => 13)
    const { connection } = fakeConnection({ versionOf })
    for (const compression of ['none', 'gzip', 'zstd', { type: 'zstd', level: 1 }] as const) {
      producing(connection, { compression }).drained$.next([batchOf('a')])
    }
    const anyApi = expect.anything() as unknown
    expect(versionOf.mock.calls).toEqual([3, 3, 7, 7].map((min) => [anyApi, { min, max: 13 }]))
  })

  it('are let go, and fail, when broker and client share no version', () => {
    const pool = new BufferPool(16 * 1024)
    const { connection } = fakeConnection({
      versionOf: () => {
        throw new UnsupportedVersionError('none in common')
      },
    })
    const { drained$, answers } = producing(connection)
    const batch = batchOf('a', { pool })
    drained$.next([batch])
    expect(answers[0].outcome).toMatchObject({ type: 'failed', error: { code: 'UNSUPPORTED_VERSION' } })
    batch.settle()
    expect(pool.held).toBe(0)
  })
})
