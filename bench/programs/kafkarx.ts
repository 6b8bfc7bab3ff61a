/** kafkarx under measurement: the built library, whose path is told, as a user would find it. */
import { lastValueFrom, Subject } from 'rxjs'
import type * as Library from '../../lib/index'
import type { Job } from '../job'
import { watchDeliveries } from './deliveries'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'

type Sent = Library.ProducerRecord<Uint8Array, Uint8Array, number>

/** Java is bounded by its 32 MiB of buffer, and so is what is pulled; of what is pushed as much as fits. */
const MOST_BYTES = 16 * 1024 * 1024
const MOST = 50_000

function* upTo(count: number, due: (index: number) => void): Generator<number, void, undefined> {
  for (let i = 0; i < count; i++) {
    due(i)
    yield i
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- an async source that always has the next one at hand: what it costs is the protocol
async function* upToLater(count: number, due: (index: number) => void): AsyncGenerator<number, void, undefined> {
  for (let i = 0; i < count; i++) {
    due(i)
    yield i
  }
}

const PULLED = { iterable: upTo, 'async-iterable': upToLater }

const open = async ({ bootstrap, topic, linger, codec, source, recordBytes }: Job, events: Events, values: Values): Promise<Sender> => {
  const { producer } = (await import(process.argv[2] ?? '')) as typeof Library
  const kafka = producer({ brokers: [bootstrap], ...(linger !== 'default' && { linger }), compression: codec })
  const toRecord = (index: number): Sent => ({ topic, value: values[index % values.length] ?? null, context: index })
  const records$ = new Subject<Sent>()
  watchDeliveries(records$.pipe(kafka.send<number>()), events)
  const sender: Sender = {
    chunk: 1,
    most: Math.min(MOST, Math.floor(MOST_BYTES / recordBytes)),
    send: (first, count) => {
      for (let i = first; i < first + count; i++) records$.next(toRecord(i))
    },
    close: async () => {
      records$.complete()
      await lastValueFrom(kafka.close({ timeout: 10_000 }))
    },
  }
  if (source === 'subject') return sender
  const pulled = PULLED[source]
  return {
    ...sender,
    pull: (count, due) =>
      watchDeliveries(
        kafka.sendFrom(() => pulled(count, due), toRecord),
        events,
      ),
  }
}

drive(open)
