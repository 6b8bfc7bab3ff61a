import { map, Subject } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProducerClosedError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import { send } from '../../lib/pipeline/send'
import type { Delivery } from '../../lib/record'
import { deliveredAt, lent, records } from '../support/lending'
import type { Given } from '../support/lending'
import { marbles } from '../support/marbles'
import { outcomeOf } from '../support/records'

/** `a` for a delivery, `!a` for a failure. */
const show = map((delivery: Delivery<string>) => (delivery.type === 'delivered' ? delivery.context : `!${delivery.context}`))

/** Everything that is appended is delivered after so many milliseconds. */
const deliveringAfter = (timer: () => Observable<unknown>) =>
  lent({ append: (each) => timer().subscribe(() => each.outlet?.settle(deliveredAt(each))) })

describe('send', () => {
  it.each([
    ['nothing of nothing', '                           --|      ', '--|        '],
    ['one delivery for one record', '                  -a----|  ', '----a-|    '],
    ['one delivery for each', '                        -a-b-c|  ', '----a-b-(c|)'],
    ['its end only after the last delivery', '         -(ab|)   ', '----(ab|)  '],
    ['the error of the source after the last delivery', '-a-b-#   ', '----a-(b#) '],
    ['no end where there is none', '                   -a-      ', '----a-     '],
  ])('gives %s', (_what, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      const { context } = deliveringAfter(() => cold('---t'))
      expectObservable(cold(source.trim(), records).pipe(send<string, string, string>({}, context), show)).toBe(expected.trim())
    })
  })

  it('gives deliveries in the order in which they come, not in that of the records', () => {
    marbles(({ cold, expectObservable }) => {
      const delays = ['---t', '-t', '--t']
      const { context } = deliveringAfter(() => cold(delays.shift() ?? 't'))
      const source = cold(' (abc|)    ', records)
      const expected = '    -bc(a|)   '
      expectObservable(source.pipe(send<string, string, string>({}, context), show)).toBe(expected.trim())
    })
  })

  it('gives a failure for a record that cannot be sent, and goes on', () => {
    marbles(({ cold, expectObservable }) => {
      const { context } = deliveringAfter(() => cold('---t'))
      const source = cold(' a-p-b-|  ', records)
      const expected = '    --fa---(b|)'
      expectObservable(source.pipe(send<string, string, string>({}, context), show)).toBe(expected.trim(), { a: 'a', b: 'b', f: '!p' })
    })
  })

  it('leaves the source when it is left; what was accepted is still delivered, and reported', () => {
    const { context, appended, events, settle, log } = lent()
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -a-b-c-  ', records)
      const left = '         ----!    '
      const subscribed = '   ^---!    '
      expectObservable(source.pipe(send<string, string, string>({}, context), show), left.trim()).toBe('-----')
      expectSubscriptions(source.subscriptions).toBe(subscribed.trim())
    })
    expect([appended.map((each) => each.context), log]).toEqual([['a', 'b'], ['hurry']])
    settle()
    settle()
    expect(events).toMatchObject([
      { type: 'orphaned', delivery: { type: 'delivered', context: 'a' } },
      { type: 'orphaned', delivery: { type: 'delivered', context: 'b' } },
    ])
    expect(context.ledger.tally).toEqual({ delivered: 2, failed: 0, purged: 0 })
  })

  it('pulls no more from a source that emits all at once than is wanted', () => {
    marbles(({ cold }) => {
      const pulled: string[] = []
      const { context } = lent({ append: (each) => each.outlet?.settle(deliveredAt(each)) })
      const seen: string[] = []
      const subscription = cold('(abc|)', records)
        .pipe(
          map((each) => {
            pulled.push(each.context ?? '')
            return each
          }),
          send<string, string, string>({}, context),
        )
        .subscribe(({ context: letter }) => {
          seen.push(letter)
          if (letter === 'b') subscription.unsubscribe()
        })
      cold('--t').subscribe(() =>
        expect([pulled, seen]).toEqual([
          ['a', 'b'],
          ['a', 'b'],
        ]),
      )
    })
  })

  it('lets nothing linger from the end of its source until its last delivery', () => {
    const { context, log, settle } = lent()
    const source$ = new Subject<Given>()
    source$.pipe(send<string, string, string>({}, context)).subscribe()
    source$.next(records.a)
    expect(log).toEqual([])
    source$.complete()
    expect(log).toEqual(['hurry'])
    settle()
    expect(log).toEqual(['hurry', 'hurry ends'])
  })

  it('lets nothing linger only when the last record that waited for its topic has been appended', () => {
    const known$ = new Subject<number>()
    const { context, appended, log } = lent({ partitionsOf: () => known$ })
    const source$ = new Subject<Given>()
    source$.pipe(send<string, string, string>({}, context)).subscribe()
    source$.next(records.a)
    source$.complete()
    expect([appended.length, log]).toEqual([0, []])
    known$.next(4)
    expect([appended.length, log]).toEqual([1, ['hurry']])
  })

  it('sends what comes in from within a delivery', () => {
    const { context, appended, settle } = lent()
    const source$ = new Subject<Given>()
    const log: string[] = []
    source$.pipe(send<string, string, string>({}, context)).subscribe({
      next: (delivery) => {
        log.push(delivery.context)
        if (delivery.context === 'a') {
          source$.next(records.b)
          source$.complete()
        }
      },
      complete: () => log.push('|'),
    })
    source$.next(records.a)
    settle()
    expect([log, appended.map((each) => each.context)]).toEqual([['a'], ['b']])
    settle()
    expect(log).toEqual(['a', 'b', '|'])
  })

  it('ends though a delivery throws, and counts it', async () => {
    jest.useFakeTimers()
    const { context, settle } = lent()
    const source$ = new Subject<Given>()
    const log: string[] = []
    source$.pipe(send<string, string, string>({}, context)).subscribe({
      next: () => {
        throw new Error('a subscriber’s own mistake')
      },
      complete: () => log.push('|'),
    })
    source$.next(records.a)
    source$.complete()
    settle()
    expect([log, context.ledger.tally.delivered]).toEqual([['|'], 1])
    expect(() => jest.runAllTimers()).toThrow('a subscriber’s own mistake')
    jest.useRealTimers()
    await Promise.resolve()
  })

  it('is cold, and each subscription sends by itself', () => {
    const { context, appended } = lent()
    const source$ = new Subject<Given>()
    const deliveries$ = source$.pipe(send<string, string, string>({}, context))
    expect(source$.observed).toBe(false)
    deliveries$.subscribe()
    deliveries$.subscribe()
    source$.next(records.a)
    expect(appended).toHaveLength(2)
  })
})

describe('a producer that takes no more records', () => {
  it('fails each that comes, without counting it, and the stream goes on', () => {
    const end: { refusal?: KafkaError } = {}
    const { context, appended, settle } = lent({ refusal: () => end.refusal })
    const source$ = new Subject<Given>()
    const seen: string[] = []
    source$.pipe(send<string, string, string>({}, context)).subscribe({
      next: (delivery) => seen.push(`${delivery.context} ${outcomeOf(delivery)}`),
      complete: () => seen.push('|'),
    })
    source$.next(records.a)
    end.refusal = new ProducerClosedError('closed')
    source$.next(records.b)
    source$.complete()
    expect([seen, appended.length]).toEqual([['b PRODUCER_CLOSED'], 1])
    settle()
    expect(seen).toEqual(['b PRODUCER_CLOSED', 'a delivered', '|'])
    expect(context.ledger.tally).toEqual({ delivered: 1, failed: 0, purged: 0 })
  })
})

describe('a flush', () => {
  it('waits for what was accepted before, and not for what came later', () => {
    const { context, appended, settle } = lent()
    const source$ = new Subject<Given>()
    source$.pipe(send<string, string, string>({}, context)).subscribe()
    source$.next(records.a)
    const flushed = jest.fn()
    context.ledger.whenSettled(flushed)
    source$.next(records.b)
    settle()
    expect([flushed.mock.calls.length, appended.length]).toEqual([1, 1])
  })

  it('waits for a record that is not serialized yet', async () => {
    const { context, settle } = lent()
    const source$ = new Subject<Given>()
    source$.pipe(send<string, string, string>({ value: (text) => Promise.resolve(Buffer.from(text)) }, context)).subscribe()
    source$.next(records.a)
    const flushed = jest.fn()
    context.ledger.whenSettled(flushed)
    expect(flushed).not.toHaveBeenCalled()
    for (let i = 0; i < 10; i++) await Promise.resolve()
    settle()
    expect(flushed).toHaveBeenCalledTimes(1)
  })
})
