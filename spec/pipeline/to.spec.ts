import { Subject } from 'rxjs'
import { to } from '../../lib/pipeline/to'
import type { ToOptions } from '../../lib/pipeline/to'
import { serialize } from '../../lib/pipeline/serialize'
import type { SerializedRecord } from '../../lib/record'
import { json } from '../../lib/serializers/text'
import { outletRecorder, outcomeOf } from '../support/records'

interface Order {
  readonly id: string
  readonly at?: number
}

/** `to` over `serialize` alone: what would be sent, and what fails. */
function sending<T>(options: ToOptions<T>) {
  const values$ = new Subject<T>()
  const { outlet, deliveries } = outletRecorder<T>()
  const out: SerializedRecord<T>[] = []
  const send = (serde: object) => serialize(serde, { accept: () => outlet })
  values$.pipe(to<T>('orders', options, send as never)).subscribe((record) => out.push(record as unknown as SerializedRecord<T>))
  return { values$, out, failures: () => deliveries.map((delivery) => [delivery.context, outcomeOf(delivery)]) }
}

const textOf = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString())

describe('to', () => {
  it('makes a record of each value, with the value as its context', () => {
    const { values$, out } = sending<Order>({
      key: ({ id }) => id,
      value: json(),
      headers: ({ id }) => ({ trace: id }),
      timestamp: ({ at = 0 }) => at,
      partition: () => 3,
    })
    const order = { id: 'o1', at: 17 }
    values$.next(order)
    const [{ key, value, headers, ...rest }] = out
    expect([textOf(key), textOf(value), headers.map((header) => [header.key, textOf(header.value)])]).toEqual([
      'o1',
      '{"id":"o1","at":17}',
      [['trace', 'o1']],
    ])
    expect(rest).toMatchObject({ topic: 'orders', timestamp: 17, partition: 3 })
    expect(rest.context).toBe(order)
  })

  it('needs no options for text and bytes', () => {
    const { values$, out } = sending<string | Uint8Array>({})
    values$.next('text')
    values$.next(Uint8Array.of(65))
    expect(out.map(({ key, value }) => [key, textOf(value)])).toEqual([
      [null, 'text'],
      [null, 'A'],
    ])
  })

  it('lets a key be null', () => {
    const { values$, out } = sending<string>({ key: () => null })
    values$.next('a')
    expect(out[0].key).toBeNull()
  })

  it.each<[string, ToOptions<string>]>([
    ['key', { key: (text) => (text === 'bad' ? JSON.parse('{') : text) as string }],
    ['value', { value: (text) => Buffer.from(text === 'bad' ? (JSON.parse('{') as string) : text) }],
    ['headers', { headers: (text) => ({ a: (text === 'bad' ? JSON.parse('{') : text) as string }) }],
    ['timestamp', { timestamp: (text) => (text === 'bad' ? JSON.parse('{') : 1) as number }],
    ['partition', { partition: (text) => (text === 'bad' ? JSON.parse('{') : 1) as number }],
  ])('fails the one record for whose value the function of its %s throws', (_what, options) => {
    const { values$, out, failures } = sending(options)
    for (const text of ['a', 'bad', 'b']) values$.next(text)
    expect([out.map(({ context }) => context), failures()]).toEqual([['a', 'b'], [['bad', 'SERIALIZATION_FAILED']]])
  })
})
