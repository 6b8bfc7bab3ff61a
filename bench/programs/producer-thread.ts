/** The thread behind `kafkarx-worker.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { Subject } from 'rxjs'
import type * as Library from '../../lib/index'
import type { Job } from '../job'
import { unpack } from './chunks'

/** Records there, and the same buffer back when all of them are delivered. */
export interface Chunk {
  readonly first: number
  readonly count: number
  readonly buffer: ArrayBuffer
}

interface Sent extends Chunk {
  left: number
}

const serve = async ({ library, job }: { readonly library: string; readonly job: Job }): Promise<void> => {
  const { producer } = (await import(library)) as typeof Library
  const { bootstrap, topic, linger, codec } = job
  const kafka = producer({ brokers: [bootstrap], ...(linger !== 'default' && { linger }), compression: codec })
  const records$ = new Subject<Library.ProducerRecord<Uint8Array, Uint8Array, Sent>>()
  records$.pipe(kafka.send<Sent>()).subscribe((delivery) => {
    if (delivery.type !== 'delivered') throw new Error(`a record was not delivered: ${delivery.type}`)
    const { context } = delivery
    if (--context.left > 0) return
    const { first, count, buffer } = context
    parentPort?.postMessage({ first, count, buffer } satisfies Chunk, [buffer])
  })
  parentPort?.on('message', (chunk: Chunk) => {
    const context: Sent = { ...chunk, left: chunk.count }
    unpack(chunk.buffer, chunk.count, (value) => records$.next({ topic, value, context }))
  })
}

void serve(workerData as { readonly library: string; readonly job: Job })
