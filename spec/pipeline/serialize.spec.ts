import { map, Subject } from 'rxjs'
import { ProducerClosedError, SerializationError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { serialize } from '../../lib/pipeline/serialize'
import type { ProducerRecord, SerializedRecord } from '../../lib/record'
import { int32 } from '../../lib/serializers/numbers'
import { json, string } from '../../lib/serializers/text'
import { marbles } from '../support/marbles'
import { outcomeOf, outletRecorder } from '../support/records'

type Given = ProducerRecord<string, string, number>

const record = (context: number, fields: Partial<Given> = {}): Given => ({ topic: 'orders', value: `v${context}`, context, ...fields })
const records = { a: record(1), b: record(2), c: record(3) }

/** The contexts of what comes out, which stand for the records. */
const contexts = map(({ context }: SerializedRecord<number>) => String(context))

const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('utf8'))

/** Collects what comes out of `serialize` for what is pushed in. */
function pushing(serde = {}, abandon$?: Subject<KafkaError>) {
  const source$ = new Subject<Given>()
  const { outlet, deliveries } = outletRecorder<number>()
  const log: string[] = []
  const out: SerializedRecord<number>[] = []
  source$.pipe(serialize<string, string, number>(serde, { accept: () => outlet, ...(abandon$ && { abandon$ }) })).subscribe({
    next: (serialized) => {
      out.push(serialized)
      log.push(String(serialized.context))
    },
    error: (error: unknown) => log.push(`# ${String(error)}`),
    complete: () => log.push('|'),
  })
  const failures = () => deliveries.map((delivery) => `${delivery.context} ${outcomeOf(delivery)}`)
  return { source$, log, out, deliveries, failures }
}

/** A promise that the spec settles. */
function deferred() {
  let resolve: (bytes: Uint8Array) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<Uint8Array>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  return { promise, resolve: (text = '') => resolve(Buffer.from(text)), reject }
}

/** Lets what hangs on settled promises happen. */
const turn = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

describe('serialize', () => {
  it.each([
    ['nothing of nothing     ', '  |        ', '  |        '],
    ['one                    ', '  --a|     ', '  --1|     '],
    ['many                   ', '  a-(bc)-| ', '  1-(23)-| '],
    ['the error of the source', '  a-#      ', '  1-#      '],
    ['no end where there is none', 'a--       ', '1--       '],
  ])('gives %s', (_what, source, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold(source, records).pipe(serialize<string, string, number>(), contexts)).toBe(expected)
    })
  })

  it('leaves the source when it is left', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('   -a-b-c-', records)
      const left = '          ----!  '
      const expected = '      -1-2-  '
      const subscribed = '    ^---!  '
      expectObservable(source.pipe(serialize<string, string, number>(), contexts), left).toBe(expected)
      expectSubscriptions(source.subscriptions).toBe(subscribed)
    })
  })

  it('turns key, value and headers into bytes, and keeps the rest', () => {
    const { source$, out } = pushing({ key: string(), value: json() })
    const bytes = Uint8Array.of(1)
    source$.next(record(7, { key: 'k', value: 'v', headers: { a: 'text', b: null, c: bytes }, timestamp: 5, partition: 3 }))
    const [{ key, value, headers, ...rest }] = out
    expect([textOf(key), textOf(value)]).toEqual(['k', '"v"'])
    expect(headers.map((header) => [header.key, textOf(header.value)])).toEqual([
      ['a', 'text'],
      ['b', null],
      ['c', '\u0001'],
    ])
    expect(rest).toMatchObject({ topic: 'orders', timestamp: 5, partition: 3, context: 7 })
  })

  it('keeps headers of a list in order, also when they repeat', () => {
    const { source$, out } = pushing()
    source$.next(
      record(1, {
        headers: [
          { key: 'a', value: '1' },
          { key: 'b', value: new Uint8Array(0) },
          { key: 'a', value: null },
        ],
      }),
    )
    expect(out[0].headers.map(({ key, value }) => [key, textOf(value)])).toEqual([
      ['a', '1'],
      ['b', ''],
      ['a', null],
    ])
  })

  it('asks no serializer for null and for what is absent', () => {
    const serializer = jest.fn(() => Buffer.from('x'))
    const { source$, out } = pushing({ key: serializer, value: serializer })
    source$.next({ topic: 'orders', context: 1 })
    source$.next({ topic: 'orders', key: null, value: null, context: 2 })
    expect(out.map(({ key, value }) => [key, value])).toEqual([
      [null, null],
      [null, null],
    ])
    expect(serializer).not.toHaveBeenCalled()
  })

  it('shows the headers to the serializers, as bytes', () => {
    const serializer = jest.fn(() => Buffer.from('x'))
    pushing({ value: serializer }).source$.next(record(1, { headers: { schema: '7' } }))
    expect(serializer).toHaveBeenCalledWith('v1', [{ key: 'schema', value: Buffer.from('7') }])
  })

  it('lets a serializer make null of a value', () => {
    const { source$, out } = pushing({ value: () => null })
    source$.next(record(1))
    expect(out[0].value).toBeNull()
  })
})

describe('a record that cannot be serialized', () => {
  const picky = {
    value: (value: string) => {
      if (value === 'bad') throw new Error('not this one')
      return Buffer.from(value)
    },
  }

  it('fails alone, with the cause, while its neighbours pass', () => {
    const { source$, log, deliveries } = pushing(picky)
    for (const given of [record(1), record(2, { value: 'bad', partition: 4 }), record(3)]) source$.next(given)
    source$.complete()
    expect(log).toEqual(['1', '3', '|'])
    expect(deliveries).toEqual([{ type: 'failed', topic: 'orders', partition: 4, context: 2, error: expect.any(SerializationError) }])
    expect(deliveries[0]).toMatchObject({ error: { message: expect.stringContaining('not this one'), cause: new Error('not this one') } })
  })

  it('is the error of the stream when there is nobody to tell', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-x-b-|', { ...records, x: record(9, { value: 'bad' }) })
      const expected = '    -1-#    '
      const subscribed = '  ^--!    '
      const error = new SerializationError('The record for orders could not be serialized: not this one', new Error('not this one'))
      expectObservable(source.pipe(serialize<string, string, number>(picky), contexts)).toBe(expected, undefined, error)
      expectSubscriptions(source.subscriptions).toBe(subscribed)
    })
  })

  it.each([
    ['no topic', { topic: '' }, 'MALFORMED_RECORD'],
    ['a topic that is no text', { topic: 5 }, 'MALFORMED_RECORD'],
    ['a negative partition', { partition: -1 }, 'MALFORMED_RECORD'],
    ['half a partition', { partition: 0.5 }, 'MALFORMED_RECORD'],
    ['a negative timestamp', { timestamp: -1 }, 'MALFORMED_RECORD'],
    ['a timestamp between two milliseconds', { timestamp: 1.5 }, 'MALFORMED_RECORD'],
    ['a timestamp that is a date', { timestamp: new Date(5) }, 'MALFORMED_RECORD'],
    ['a value that is neither text nor bytes', { value: { a: 1 } }, 'SERIALIZATION_FAILED'],
    ['a header that is neither text nor bytes', { headers: { a: 5 } }, 'MALFORMED_RECORD'],
    ['a header without a key', { headers: [{ value: 'x' }] }, 'MALFORMED_RECORD'],
    ['a topic of more letters than Kafka takes', { topic: 'x'.repeat(250) }, 'MALFORMED_RECORD'],
  ])('is one with %s', (_what, fields, code) => {
    const { source$, log, failures } = pushing()
    source$.next({ ...record(1), ...fields } as Given)
    source$.next(record(2))
    expect([failures(), log]).toEqual([[`1 ${code}`], ['2']])
  })

  it.each([[null], [undefined], ['text'], [5]])('is %p, which is none', (none) => {
    const { source$, log, deliveries } = pushing()
    source$.next(none as unknown as Given)
    source$.next(record(2))
    expect([deliveries.map(outcomeOf), log]).toEqual([['MALFORMED_RECORD'], ['2']])
  })

  it.each([['text'], [5], [undefined], [{}]])('is one whose serializer returns %p', (result) => {
    const { source$, failures } = pushing({ value: () => result })
    source$.next(record(1))
    expect(failures()).toEqual(['1 SERIALIZATION_FAILED'])
  })

  it('is one whose number is out of range', () => {
    const { source$, failures } = pushing({ value: (text: string) => int32()(Number(text), []) })
    source$.next(record(1, { value: '2147483648' }))
    expect(failures()).toEqual(['1 SERIALIZATION_FAILED'])
  })
})

describe('serializers that return promises', () => {
  /** A value that begins with "later" waits for the spec; any other is serialized at once. */
  function slow() {
    const waiting = new Map<string, ReturnType<typeof deferred>>()
    const value = (text: string): Uint8Array | Promise<Uint8Array> => {
      if (!text.startsWith('later')) return Buffer.from(text)
      const entry = deferred()
      waiting.set(text, entry)
      return entry.promise
    }
    const entry = (text: string) => waiting.get(text) ?? deferred()
    return { value, entry }
  }

  it('keep the order of the records, whichever is ready first', async () => {
    const { value, entry } = slow()
    const { source$, log } = pushing({ value })
    for (const [index, text] of ['later 1', 'now', 'later 2', 'now'].entries()) source$.next(record(index + 1, { value: text }))
    source$.complete()
    entry('later 2').resolve()
    await turn()
    expect(log).toEqual([])
    entry('later 1').resolve()
    await turn()
    expect(log).toEqual(['1', '2', '3', '4', '|'])
  })

  it('cost those that return bytes nothing: they come out at once, before and after', async () => {
    const { value, entry } = slow()
    const { source$, log } = pushing({ value })
    source$.next(record(1))
    expect(log).toEqual(['1'])
    source$.next(record(2, { value: 'later' }))
    entry('later').resolve()
    await turn()
    source$.next(record(3))
    expect(log).toEqual(['1', '2', '3'])
  })

  it('fail their record alone when they reject, and what waits behind it passes', async () => {
    const { value, entry } = slow()
    const { source$, log, failures } = pushing({ value })
    source$.next(record(1, { value: 'later' }))
    source$.next(record(2))
    entry('later').reject(new Error('no schema'))
    await turn()
    source$.complete()
    expect([failures(), log]).toEqual([['1 SERIALIZATION_FAILED'], ['2', '|']])
  })

  it('fail their record when they promise something that is not bytes', async () => {
    const { source$, failures } = pushing({ value: () => Promise.resolve('text') })
    source$.next(record(1))
    await turn()
    expect(failures()).toEqual(['1 SERIALIZATION_FAILED'])
  })

  it('may be those of the key and of the value at once', async () => {
    const { source$, out } = pushing({
      key: (key: string) => Promise.resolve(Buffer.from(key)),
      value: (text: string) => Promise.resolve(Buffer.from(text)),
    })
    source$.next(record(1, { key: 'k' }))
    await turn()
    expect(out.map(({ key, value }) => [textOf(key), textOf(value)])).toEqual([['k', 'v1']])
  })

  it('leave no rejection unheard of a record that finds no room to wait', async () => {
    const { promise, reject } = deferred()
    const { outlet, deliveries } = outletRecorder<number>()
    const source$ = new Subject<Given>()
    source$.pipe(serialize({ value: () => promise }, { accept: () => outlet, waiting: new ByteBudget(0) })).subscribe()
    const heard = jest.spyOn(promise, 'then')
    source$.next(record(1))
    const times = heard.mock.calls.length
    promise.catch(() => undefined)
    reject(new Error('no schema'))
    await turn()
    expect(deliveries.map(outcomeOf)).toEqual(['BUFFER_EXHAUSTED'])
    expect(times).toBeGreaterThan(0)
  })

  it('leave no rejection of a key unheard when the value fails at once', () => {
    const promise = Promise.reject<Uint8Array>(new Error('no schema for the key'))
    const heard = jest.spyOn(promise, 'then')
    const { source$, failures } = pushing({
      key: () => promise,
      value: () => {
        throw new Error('no value')
      },
    })
    source$.next(record(1, { key: 'k' }))
    const times = heard.mock.calls.length
    promise.catch(() => undefined)
    expect(failures()).toEqual(['1 SERIALIZATION_FAILED'])
    expect(times).toBeGreaterThan(0)
  })

  it('keep a record that comes in from within another in order', async () => {
    const { value, entry } = slow()
    const source$ = new Subject<Given>()
    const log: number[] = []
    source$.pipe(serialize<string, string, number>({ value })).subscribe(({ context }) => {
      log.push(context)
      if (context === 1) source$.next(record(10))
    })
    source$.next(record(1, { value: 'later' }))
    source$.next(record(2))
    entry('later').resolve()
    await turn()
    expect(log).toEqual([1, 2, 10])
  })

  it('are waited for by nobody who has left', async () => {
    const { value, entry } = slow()
    const source$ = new Subject<Given>()
    const log: number[] = []
    const subscription = source$.pipe(serialize<string, string, number>({ value })).subscribe(({ context }) => log.push(context))
    source$.next(record(1, { value: 'later' }))
    subscription.unsubscribe()
    entry('later').resolve()
    await turn()
    expect([log, source$.observed]).toEqual([[], false])
  })
})

describe('records whose serializers nobody waits for any more', () => {
  it('fail, each once, and the stream completes after a source that has', async () => {
    const abandon$ = new Subject<KafkaError>()
    const later = deferred()
    const { source$, log, failures } = pushing({ value: () => later.promise }, abandon$)
    source$.next(record(1))
    source$.next(record(2))
    source$.complete()
    abandon$.next(new ProducerClosedError('closed'))
    expect([failures(), log]).toEqual([['1 PRODUCER_CLOSED', '2 PRODUCER_CLOSED'], ['|']])
    later.resolve()
    await turn()
    expect([failures().length, log]).toEqual([2, ['|']])
  })
})
