import { map, NEVER, of, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { BufferExhaustedError, ConfigError, ProducerClosedError, RecordTooLargeError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { send } from '../../lib/pipeline/send'
import { checkSendOptions } from '../../lib/pipeline/send-options'
import type { SendOptions } from '../../lib/pipeline/send-options'
import type { Delivery, PartitionedRecord, Skip } from '../../lib/record'
import { skip } from '../../lib/record'
import { deliveredAt, lent, record, records } from '../support/lending'
import type { Given } from '../support/lending'
import { marbles } from '../support/marbles'
import { outcomeOf } from '../support/records'

const failedWith =
  (error: KafkaError) =>
  ({ topic, context }: PartitionedRecord): Delivery => ({ type: 'failed', topic, error, context })
const tooLarge = failedWith(new RecordTooLargeError('too large'))

type Sent = Given | Skip<string>

/** A stream with these options over what `lent` lends, and what its subscriber hears. */
function stream(options: SendOptions, producer = lent()) {
  const source$ = new Subject<Sent>()
  const log: string[] = []
  const errors: unknown[] = []
  const subscription = source$.pipe(send<string, string, string>({}, producer.context, options)).subscribe({
    next: (delivery) => log.push(`${delivery.context} ${outcomeOf(delivery)}`),
    error: (error: unknown) => {
      errors.push(error)
      log.push('#')
    },
    complete: () => log.push('|'),
  })
  const push = (...contexts: readonly string[]): void => contexts.forEach((context) => source$.next(record(context)))
  const orphans = () =>
    producer.events.flatMap((event) =>
      event.type === 'orphaned' ? `${event.delivery.context as string} ${outcomeOf(event.delivery)}` : [],
    )
  const waiting = () => producer.appended.map(({ context }) => context)
  return { ...producer, source$, log, errors, subscription, push, orphans, waiting }
}

/** `a` for a delivery, `!a` for a failure, `-a` for what was skipped. */
const MARKS = { delivered: '', failed: '!', skipped: '-' }
const show = map((delivery: Delivery<string>) => `${MARKS[delivery.type]}${delivery.context}`)

const deliveringAfter = (timer: (record: PartitionedRecord) => Observable<unknown>) =>
  lent({ append: (each) => timer(each).subscribe(() => each.outlet?.settle(deliveredAt(each))) })

describe('the options of a send', () => {
  it('are checked when they are handed in, and all that is wrong is named', () => {
    const wrong = { onError: 'ignore', inOrder: true, maxInFlight: 0, signal: {} } as never
    expect(() => checkSendOptions(wrong)).toThrow(ConfigError)
    expect(() => checkSendOptions(wrong)).toThrow(
      /onError: ignore .*emit, stop, delay[^]*inOrder: a send has no[^]*maxInFlight: 0[^]*signal:/,
    )
  })

  it('may be all that there are', () => {
    const signal = new AbortController().signal
    const all = { onError: 'stop', ordered: true, maxInFlight: 1, overflow: 'drop', onUnsubscribe: 'purge', signal } as const
    expect(checkSendOptions(all)).toBeUndefined()
  })
})

describe.each<SendOptions>([{ onError: 'emit' }, { onError: 'stop' }, { onError: 'delay' }, { ordered: true }, { maxInFlight: 2 }])(
  'a send with %p',
  (options) => {
    it.each([
      ['nothing of nothing', '                    --|         ', '--|        '],
      ['one delivery for one record', '           -a----|     ', '----a-|    '],
      ['the error of the source at the end', '    -a-b-#      ', '----a-(b#) '],
      ['no end where there is none', '            -a-         ', '----a-     '],
      ['a delivery for each', '                   -a-b--c|    ', '----a-b--(c|)'],
    ])('gives %s', (_what, source, expected) => {
      marbles(({ cold, expectObservable }) => {
        const { context } = deliveringAfter(() => cold('---t'))
        expectObservable(cold(source.trim(), records).pipe(send<string, string, string>({}, context, options), show)).toBe(expected.trim())
      })
    })

    it('is left early by whoever has enough', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const { context } = deliveringAfter(() => cold('---t'))
        const source = cold('-a-b-c-', records)
        expectObservable(source.pipe(send<string, string, string>({}, context, options), show), '-----!').toBe('----a-')
        expectSubscriptions(source.subscriptions).toBe('^----!')
      })
    })

    it('sends what comes in from within a delivery', () => {
      const producer = lent()
      const source$ = new Subject<Given>()
      const seen: string[] = []
      source$.pipe(send<string, string, string>({}, producer.context, options)).subscribe(({ context }) => {
        seen.push(context)
        if (context === 'a') source$.next(records.b)
        if (context === 'b') source$.next(records.c)
      })
      source$.next(records.a)
      for (let i = 0; i < 3; i++) producer.settle()
      expect(seen).toEqual(['a', 'b', 'c'])
    })
  },
)

describe("onError: 'stop'", () => {
  it('makes the first failure the error of the stream; the rest is settled, and reported', () => {
    const { source$, push, settle, log, errors, orphans, context } = stream({ onError: 'stop' })
    push('a', 'b', 'c', 'd')
    settle()
    settle(tooLarge)
    expect([log, errors]).toMatchObject([['a delivered', '#'], [{ code: 'RECORD_TOO_LARGE' }]])
    expect(source$.observed).toBe(false)
    settle()
    settle(tooLarge)
    expect(orphans()).toEqual(['c delivered', 'd RECORD_TOO_LARGE'])
    expect(context.ledger.tally).toEqual({ delivered: 2, failed: 2, purged: 0 })
  })

  it('takes back what is not appended, when it is to purge', () => {
    const { push, settle, orphans, waiting, log } = stream({ onError: 'stop', onUnsubscribe: 'purge', maxInFlight: 2 })
    push('a', 'b', 'c', 'd')
    settle(tooLarge)
    expect([log, waiting(), orphans()]).toEqual([['#'], ['b'], ['c UNSUBSCRIBED', 'd UNSUBSCRIBED']])
  })

  it('takes the first failure in the order of the records, when the stream is ordered', () => {
    const { push, appended, log, orphans } = stream({ onError: 'stop', ordered: true })
    push('a', 'b', 'c')
    const [a, b, c] = [...appended]
    c.outlet?.settle(deliveredAt(c))
    b.outlet?.settle(tooLarge(b))
    expect(log).toEqual([])
    a.outlet?.settle(deliveredAt(a))
    expect([log, orphans()]).toEqual([['a delivered', '#'], ['c delivered']])
  })
})

describe("onError: 'delay'", () => {
  it('keeps failures until everything is settled, and gives them as one error', () => {
    const { source$, push, settle, log, errors } = stream({ onError: 'delay' })
    push('a', 'b', 'c')
    source$.complete()
    settle(tooLarge)
    settle()
    expect(log).toEqual(['b delivered'])
    settle(tooLarge)
    expect(log).toEqual(['b delivered', '#'])
    expect(errors).toMatchObject([
      { code: 'DELIVERIES_FAILED', total: 2, retriable: false, failures: [{ context: 'a', topic: 'orders' }, { context: 'c' }] },
    ])
  })

  it('completes when nothing failed', () => {
    const { source$, push, settle, log } = stream({ onError: 'delay' })
    push('a')
    source$.complete()
    settle()
    expect(log).toEqual(['a delivered', '|'])
  })

  it('has the error of the source as the cause', () => {
    const { source$, push, settle, errors } = stream({ onError: 'delay' })
    push('a')
    source$.error(new Error('broken'))
    settle(tooLarge)
    expect(errors).toMatchObject([{ code: 'DELIVERIES_FAILED', cause: { message: 'broken' } }])
  })

  it('reports what it kept when it is left before the end', () => {
    const { push, settle, subscription, orphans } = stream({ onError: 'delay' })
    push('a')
    settle(tooLarge)
    expect(orphans()).toEqual([])
    subscription.unsubscribe()
    expect(orphans()).toEqual(['a RECORD_TOO_LARGE'])
  })

  it('keeps the first thousand, and reports the others', () => {
    const { source$, push, settle, orphans, errors } = stream({ onError: 'delay' })
    push(...Array.from({ length: 1002 }, (_, i) => String(i)))
    source$.complete()
    for (let i = 0; i < 1002; i++) settle(tooLarge)
    expect(errors).toMatchObject([{ total: 1002, failures: { length: 1000 } }])
    expect(orphans()).toEqual(['1000 RECORD_TOO_LARGE', '1001 RECORD_TOO_LARGE'])
  })
})

describe('ordered', () => {
  it('gives deliveries in the order of the records, whatever the order of their acknowledgements', () => {
    marbles(({ cold, expectObservable }) => {
      const delays: Record<string, string> = { a: '---t', b: '-t', c: '--t' }
      const { context } = deliveringAfter((each) => cold(delays[each.context as string]))
      const source = cold('(abc|)', records)
      expectObservable(source.pipe(send<string, string, string>({}, context, { ordered: true }), show)).toBe('---(abc|)')
    })
  })

  it('keeps the place of what is skipped, and of what fails at once', () => {
    const { source$, settle, log } = stream({ ordered: true })
    source$.next(records.a)
    source$.next(skip('s', 'nothing due'))
    source$.next(records.p)
    source$.next(records.b)
    source$.complete()
    expect(log).toEqual([])
    settle()
    expect(log).toEqual(['a delivered', 's skipped', 'p MALFORMED_RECORD'])
    settle()
    expect(log.slice(3)).toEqual(['b delivered', '|'])
  })

  it('ends only after what was skipped last', () => {
    const { source$, settle, log, context } = stream({ ordered: true })
    source$.next(records.a)
    source$.next(skip('s'))
    source$.complete()
    settle()
    expect([log, context.ledger.skipped, context.ledger.unsettled]).toEqual([['a delivered', 's skipped', '|'], 1, 0])
  })

  it('keeps the place of what comes after the producer was closed', () => {
    const end: { refusal?: KafkaError } = {}
    const { push, source$, settle, log } = stream({ ordered: true }, lent({ refusal: () => end.refusal }))
    push('a')
    end.refusal = new ProducerClosedError('closed')
    push('b')
    source$.complete()
    expect(log).toEqual([])
    settle()
    expect(log).toEqual(['a delivered', 'b PRODUCER_CLOSED', '|'])
  })

  it('lets a flush wait until the deliveries before it were given', () => {
    const { push, appended, context, log } = stream({ ordered: true })
    push('a', 'b')
    context.ledger.whenSettled(() => log.push('flushed'))
    const [a, b] = [...appended]
    b.outlet?.settle(deliveredAt(b))
    expect(log).toEqual([])
    a.outlet?.settle(deliveredAt(a))
    expect(log).toEqual(['a delivered', 'b delivered', 'flushed'])
  })

  it('does not recurse when each delivery sends a record that fails at once', () => {
    const source$ = new Subject<Given>()
    let count = 0
    source$.pipe(send<string, string, string>({}, lent().context, { ordered: true })).subscribe(() => {
      if (++count < 20_000) source$.next(records.p)
    })
    source$.next(records.p)
    expect(count).toBe(20_000)
  })
})

describe('skip', () => {
  it('writes nothing and is neither delivered nor failed', () => {
    const { source$, log, appended, context } = stream({})
    source$.next(records.a)
    source$.next(skip('s', 'nothing due'))
    expect([log, appended.length, context.ledger.tally]).toEqual([['s skipped'], 1, { delivered: 0, failed: 0, purged: 0 }])
    expect(skip(17, 'why').delivery).toEqual({ type: 'skipped', reason: 'why', context: 17 })
  })

  it('is possible without a reason, and after the producer was closed', () => {
    const { source$, log } = stream({}, lent({ refusal: () => new ProducerClosedError('closed') }))
    source$.next(skip('s'))
    expect(log).toEqual(['s skipped'])
  })
})

describe('maxInFlight', () => {
  it('lets the others wait, counted, until a delivery was given', () => {
    const waiting = new ByteBudget(10_000)
    const { source$, push, settle, waiting: appended, log } = stream({ maxInFlight: 2 }, lent({ waiting }))
    push('a', 'b', 'c', 'd')
    source$.complete()
    expect([appended(), waiting.used > 400]).toEqual([['a', 'b'], true])
    settle()
    expect(appended()).toEqual(['b', 'c'])
    settle()
    settle()
    settle()
    expect([log, waiting.used]).toEqual([['a delivered', 'b delivered', 'c delivered', 'd delivered', '|'], 0])
  })

  it('counts what waits for its place among ordered deliveries', () => {
    const { push, appended, waiting } = stream({ maxInFlight: 2, ordered: true })
    push('a', 'b', 'c', 'd')
    const [a, b] = [...appended]
    b.outlet?.settle(deliveredAt(b))
    expect(waiting()).toEqual(['a', 'b'])
    a.outlet?.settle(deliveredAt(a))
    expect(waiting()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('keeps a place for a record that waits for its topic, when deliveries are ordered', () => {
    const known$ = new Subject<number>()
    const partitionsOf = (topic: string) => (topic === 'new' ? known$ : 1)
    const { source$, appended, waiting, settle, log } = stream({ maxInFlight: 1, ordered: true }, lent({ partitionsOf }))
    source$.next({ topic: 'new', value: 'a', context: 'a' })
    source$.next({ topic: 'orders', value: 'b', context: 'b' })
    expect(waiting()).toEqual([])
    known$.next(1)
    expect(waiting()).toEqual(['a'])
    settle()
    settle()
    expect([log, appended.length]).toEqual([['a delivered', 'b delivered'], 0])
  })

  it('does not count what fails before it is on its way', () => {
    const { source$, push, waiting } = stream({ maxInFlight: 1 })
    source$.next(records.p)
    push('a', 'b')
    source$.next(records.p)
    expect(waiting()).toEqual(['a'])
  })

  it('fails what has no room to wait, and drops it when that is wanted', () => {
    const failing = stream({ maxInFlight: 1 }, lent({ waiting: new ByteBudget(0) }))
    failing.push('a', 'b')
    expect(failing.log).toEqual(['b BUFFER_EXHAUSTED'])
    const dropping = stream({ maxInFlight: 1, overflow: 'drop' }, lent({ waiting: new ByteBudget(0) }))
    dropping.push('a', 'b')
    expect(dropping.log).toEqual(['b skipped'])
  })

  it('fails what waits when the producer gives up', () => {
    const abandon$ = new Subject<KafkaError>()
    const { source$, push, settle, log } = stream({ maxInFlight: 1 }, lent({ abandon$ }))
    push('a', 'b', 'c')
    source$.complete()
    abandon$.next(new ProducerClosedError('closed'))
    expect(log).toEqual(['b PRODUCER_CLOSED', 'c PRODUCER_CLOSED'])
    settle()
    expect(log.slice(2)).toEqual(['a delivered', '|'])
  })

  it('lets nothing linger only when the last record that waited is on its way', () => {
    const { source$, push, settle, log } = { ...stream({ maxInFlight: 1 }) }
    push('a', 'b')
    source$.complete()
    settle()
    settle()
    expect(log).toEqual(['a delivered', 'b delivered', '|'])
  })
})

describe('overflow', () => {
  it('marks what does not wait for room, so that it is refused where there is none', () => {
    const traits = (options: SendOptions) => {
      const { push, appended } = stream(options)
      push('a')
      return appended[0].outlet?.stream?.waitsForRoom
    }
    expect([traits({}), traits({ overflow: 'wait' }), traits({ overflow: 'fail' }), traits({ overflow: 'drop' })]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it("'drop' gives a record without room as skipped, and leaves other failures as they are", () => {
    const { push, settle, log, context } = stream({ overflow: 'drop' })
    push('a', 'b')
    settle(failedWith(new BufferExhaustedError('full')))
    settle(tooLarge)
    expect([log, context.ledger.skipped]).toEqual([['a skipped', 'b RECORD_TOO_LARGE'], 1])
  })
})

describe("onUnsubscribe: 'purge'", () => {
  it('takes back what waits for its serializer, its topic, or its turn', () => {
    const waiting = new ByteBudget(Infinity)
    const withdrawn: unknown[] = []
    const producer = lent({
      waiting,
      withdraw: (of, error) => withdrawn.push([of, error.code]),
      partitionsOf: (topic) => (topic === 'unknown' ? NEVER : 4),
    })
    const source$ = new Subject<Given>()
    const serde = { value: (text: string) => (text === 'late' ? new Promise<never>(() => undefined) : Buffer.from(text)) }
    const options = { onUnsubscribe: 'purge', maxInFlight: 1 } as const
    const subscription = source$.pipe(send<string, string, string>(serde, producer.context, options)).subscribe()
    for (const each of [record('a'), record('b'), record('c', { topic: 'unknown' }), record('late'), record('d')]) source$.next(each)
    subscription.unsubscribe()
    const orphans = producer.events.map((event) =>
      event.type === 'orphaned' ? `${event.delivery.context as string} ${outcomeOf(event.delivery)}` : '',
    )
    expect([...orphans].sort()).toEqual(['b', 'c', 'd', 'late'].map((context) => `${context} UNSUBSCRIBED`))
    expect(withdrawn).toEqual([[producer.appended[0].outlet?.stream, 'UNSUBSCRIBED']])
    expect([waiting.used, producer.context.ledger.unsettled]).toEqual([0, 1])
    producer.settle()
    expect(producer.context.ledger.tally).toEqual({ delivered: 1, failed: 0, purged: 4 })
  })

  it('takes back nothing of other streams, and nothing after the end', () => {
    const withdrawn: unknown[] = []
    const producer = lent({ withdraw: (of) => withdrawn.push(of) })
    of(records.a)
      .pipe(send<string, string, string>({}, producer.context, { onUnsubscribe: 'purge' }))
      .subscribe()
    producer.settle()
    expect(withdrawn).toEqual([])
  })
})

describe('a signal', () => {
  it('ends the stream with an error like those of the web, and leaves the source', () => {
    const abort = new AbortController()
    const { source$, push, settle, log, errors, orphans } = stream({ signal: abort.signal })
    push('a')
    abort.abort('enough')
    expect([log, source$.observed]).toEqual([['#'], false])
    expect(errors).toMatchObject([{ code: 'ABORTED', name: 'AbortError', cause: 'enough' }])
    settle()
    expect(orphans()).toEqual(['a delivered'])
  })

  it('that was aborted before keeps the source from being subscribed', () => {
    const { source$, log } = stream({ signal: AbortSignal.abort() })
    expect([log, source$.observed]).toEqual([['#'], false])
  })

  it('is not listened to after the end', () => {
    const abort = new AbortController()
    const removed = jest.spyOn(abort.signal, 'removeEventListener')
    const { source$, log } = stream({ signal: abort.signal })
    source$.complete()
    abort.abort()
    expect([log, removed.mock.calls.length]).toEqual([['|'], 1])
  })
})

describe('interceptors', () => {
  it('see records before they are sent, and deliveries before their subscriber', () => {
    const seen: string[] = []
    const { source$, push, settle, appended, log } = stream(
      {},
      lent({
        onSend: (each) => ({ ...each, headers: { trace: '1' } }),
        onDelivery: (delivery) => seen.push(`${delivery.context as string} ${outcomeOf(delivery)} after ${String(log.length)}`),
      }),
    )
    push('a')
    source$.next(skip('s'))
    expect(appended[0].headers).toEqual([{ key: 'trace', value: Buffer.from('1') }])
    settle()
    expect([seen, log]).toEqual([
      ['s skipped after 0', 'a delivered after 1'],
      ['s skipped', 'a delivered'],
    ])
  })
})
