/** `produce()` with delivery reports, under measurement: node-rdkafka, and @confluentinc/kafka-javascript, which has kept it. */
import { promisify } from 'node:util'
import type { Job } from '../job'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'

interface Report {
  readonly opaque: number
}

interface Producer {
  connect(options: object, onConnected: (error: unknown) => void): void
  disconnect(onEnded: () => void): void
  on(event: 'delivery-report', listener: (error: unknown, report: Report) => void): void
  on(event: 'event.error', listener: (error: unknown) => void): void
  setPollInBackground?(inBackground: boolean): void
  setPollInterval(ms: number): void
  poll(): void
  produce(topic: string, partition: null, value: Buffer | null, key: null, timestamp: number, opaque: number): unknown
}

interface Library {
  readonly Producer: new (options: object) => Producer
}

const QUEUE_FULL = -184
/** Of 5,000, 20,000 and 90,000 (its queue is full at 100,000) the fastest: each record on its way is a handle that garbage collection looks at. */
const MOST = 5_000
const POLL_MS = 1

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined)

/** False when librdkafka's queue has no room. */
const tryTo = (produce: () => unknown): boolean => {
  try {
    produce()
    return true
  } catch (error) {
    if (codeOf(error) === QUEUE_FULL) return false
    throw error
  }
}

const connected = async (options: object, library: string): Promise<Producer> => {
  const { default: lib } = (await import(library)) as { readonly default: Library }
  const producer = new lib.Producer(options)
  await promisify(producer.connect.bind(producer))({})
  return producer
}

const open = async ({ bootstrap, topic, linger, codec }: Job, { delivered, failed }: Events, values: Values): Promise<Sender> => {
  const options = {
    'metadata.broker.list': bootstrap,
    dr_cb: true,
    'compression.codec': codec,
    ...(linger !== 'default' && { 'linger.ms': linger }),
  }
  const producer = await connected(options, process.argv[2] ?? '')
  producer.on('delivery-report', (error, { opaque }) => (error ? failed(error) : delivered(opaque)))
  producer.on('event.error', failed)
  producer.setPollInterval(POLL_MS)
  /** What found the queue full: from `next` up to `end`, tried again as reports make room. */
  let [next, end] = [0, 0]
  const go = () => {
    while (next < end) {
      const index = next
      const value = values[index % values.length] ?? null
      if (!tryTo(() => producer.produce(topic, null, value, null, Date.now(), index))) {
        producer.poll()
        return void setImmediate(go)
      }
      next++
    }
  }
  return {
    chunk: 1,
    most: MOST,
    send: (first, count) => {
      const waiting = next < end
      if (!waiting) next = first
      end = first + count
      if (!waiting) go()
    },
    close: () => new Promise((resolve) => producer.disconnect(resolve)),
  }
}

drive(open)
