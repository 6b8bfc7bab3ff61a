/** Somebody's own function, called for a record, ends the stream that the record came with: the record in hand still has its delivery. */
import { Subject } from 'rxjs'
import type { Subscription } from 'rxjs'
import type { ProducerRecord } from '../../lib/record'
import { journey } from '../support/journey'

type Text = ProducerRecord<string, string, string>

const ENDS = {
  'completes its source': ({ source$ }) => source$.complete(),
  'makes its source fail': ({ source$ }) => source$.error(new Error('the source broke')),
  unsubscribes: ({ subscription }) => subscription()?.unsubscribe(),
} satisfies Record<string, (stream: { source$: Subject<Text>; subscription: () => Subscription | undefined }) => void>

const PLACES = ['serializer', 'partitioner'] as const

describe.each(Object.entries(ENDS))('a function that %s', (_name, end) => {
  it.each(PLACES)('as the %s: all that was accepted is delivered, and the producer closes', (place) => {
    let act = (): void => undefined
    const actFor = (value: string, here: (typeof PLACES)[number]): void => {
      if (value === 'second' && here === place) act()
    }
    const partitioner = ({ value }: { readonly value: Uint8Array | null }): number => {
      actFor(String(value), 'partitioner')
      return 0
    }
    const { kafka, time, values, events } = journey({ partitioner })
    const source$ = new Subject<Text>()
    const told: string[] = []
    const serializer = (value: string): Uint8Array => {
      actFor(value, 'serializer')
      return Buffer.from(value)
    }
    const subscription = source$.pipe(kafka.send<string, string>({ value: serializer })).subscribe({
      next: ({ type, context }) => told.push(`${context} ${type}`),
      error: () => told.push('error'),
      complete: () => told.push('complete'),
    })
    act = () => end({ source$, subscription: () => subscription })
    for (const value of ['first', 'second']) source$.next({ topic: 'orders', value, context: value })
    time.advance(100)
    let closed = false
    kafka.close({ timeout: 1000 }).subscribe({ complete: () => (closed = true) })
    time.advance(1000)

    expect([values(), closed]).toEqual([['first', 'second'], true])
    for (const event of events) if (event.type === 'orphaned') told.push(`${String(event.delivery.context)} ${event.delivery.type}`)
    expect(told.filter((line) => line.includes(' '))).toEqual(['first delivered', 'second delivered'])
  })
})

describe.each(Object.entries(ENDS))('a partitioner that %s for a record whose bytes came later', (_name, end) => {
  it.each([false, true])('with maxInFlight, ordered %p: all that was accepted is delivered, and the producer closes', async (ordered) => {
    let act = (): void => undefined
    const partitioner = ({ value }: { readonly value: Uint8Array | null }): number => {
      if (String(value) === 'second') act()
      return 0
    }
    const { kafka, time, values } = journey({ partitioner })
    const source$ = new Subject<Text>()
    const later = { value: (value: string) => Promise.resolve(Buffer.from(value)) }
    const subscription = source$.pipe(kafka.send<string, string>(later, { ordered, maxInFlight: 1 })).subscribe({ error: () => undefined })
    act = () => end({ source$, subscription: () => subscription })
    for (const value of ['first', 'second']) source$.next({ topic: 'orders', value, context: value })
    await time.pass(100)
    let closed = false
    kafka.close({ timeout: 1000 }).subscribe({ complete: () => (closed = true) })
    await time.pass(500)
    expect([values(), closed]).toEqual([['first', 'second'], true])
  })
})

describe('a partitioner of the user’s', () => {
  it('may keep the record that it is shown, and freeze it', () => {
    const shown: unknown[] = []
    const { send, time, values } = journey({
      partitioner: (record) => {
        shown.push(Object.freeze(record))
        return 0
      },
    })
    send('first')
    time.advance(100)
    expect([values(), shown]).toEqual([['first'], [expect.objectContaining({ partition: undefined })]])
  })
})
