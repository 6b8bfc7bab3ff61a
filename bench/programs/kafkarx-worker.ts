/**
 * kafkarx in threads of their own, each with a producer, fed with chunks of records whose buffers change hands. Of a chunk only is told that all of it is
 * delivered: a producer that is built so would have to tell partitions and offsets too. What is measured is the most that could come of it.
 */
import { once } from 'node:events'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Job } from '../job'
import { packed, roomFor } from './chunks'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'
import { lanesTold } from './lanes'
import type { Chunk } from './producer-thread'

const CHUNK_BYTES = 64 * 1024
const MOST_BYTES = 16 * 1024 * 1024
const MOST = 50_000

const threadOf = (job: Job): Worker => new Worker(join(__dirname, 'producer-thread.js'), { workerData: { library: process.argv[2], job } })

const open = async (job: Job, { delivered, failed }: Events, values: Values): Promise<Sender> => {
  const threads = Array.from({ length: lanesTold().lanes ?? 1 }, () => threadOf(job))
  const [chunk, used] = [Math.floor(CHUNK_BYTES / job.recordBytes), [] as ArrayBuffer[]]
  for (const thread of threads) {
    await once(thread, 'online')
    thread.on('error', failed)
    thread.on('message', ({ first, count, buffer }: Chunk) => {
      used.push(buffer)
      for (let i = first; i < first + count; i++) delivered(i)
    })
  }
  let chunks = 0
  return {
    chunk,
    most: Math.min(MOST, Math.floor(MOST_BYTES / job.recordBytes)),
    send: (first, count) => {
      const ofChunk = Array.from({ length: count }, (_, i) => values[(first + i) % values.length] ?? new Uint8Array())
      const buffer = packed(ofChunk, roomFor(chunk, chunk * job.recordBytes), used.pop())
      threads[chunks++ % threads.length]?.postMessage({ first, count, buffer } satisfies Chunk, [buffer])
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.terminate()))),
  }
}

drive(open)
