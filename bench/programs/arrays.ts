/** Clients that gather nothing by themselves, or do so behind a Promise for each call: with many records they are given arrays, as their users do. */
import type { Job } from '../job'
import type { Events, Sender } from './drive'

const CHUNK = 1_000
const CHUNK_BYTES = 256 * 1024
const AT_ONCE = 6

/** `sendMany` resolves when the records `first` to `first + count - 1` are acknowledged. */
export const arraySender = (
  { recordBytes }: Job,
  { delivered, failed }: Events,
  sendMany: (first: number, count: number) => Promise<unknown>,
  close: () => Promise<unknown>,
): Sender => {
  const chunk = Math.min(CHUNK, Math.floor(CHUNK_BYTES / recordBytes))
  return {
    chunk,
    most: chunk * AT_ONCE,
    send: (first, count) => {
      sendMany(first, count).then(() => {
        for (let i = first; i < first + count; i++) delivered(i)
      }, failed)
    },
    close: async () => void (await close()),
  }
}
