import { getHeapStatistics } from 'node:v8'
import { ProtocolError, UnsupportedVersionError } from '../../lib/entries/protocol'
import type { Target } from './targets'

const MOST_MS = 100
/** From here on it is looked at more closely. */
const SUSPECT_MS = 5
/** What decoding may allocate: an object of some fields for each byte or two, an error with its stack, and what V8 adds by the page. */
const MOST_MEMORY_PER_BYTE = 256
const MEMORY_FOR_NOTHING = 1024 * 1024
/** A decode that took long is tried again: on a machine with other work a pause is nobody's fault. */
const TRIES = 5

export interface Outcome {
  readonly result: 'read' | 'refused'
  readonly milliseconds: number
  /** What it allocated, where that was looked at and nothing was collected meanwhile. */
  readonly allocated: number
}

const memory = (): number => {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

const decoded = ({ decode }: Target, bytes: Uint8Array): Outcome['result'] => {
  try {
    decode(bytes)
    return 'read'
  } catch (error) {
    if (error instanceof ProtocolError || error instanceof UnsupportedVersionError) return 'refused'
    throw error
  }
}

const timed = (target: Target, bytes: Uint8Array): Outcome => {
  const [held, started] = [memory(), performance.now()]
  const result = decoded(target, bytes)
  return { result, milliseconds: performance.now() - started, allocated: memory() - held }
}

const best = (a: Outcome, b: Outcome): Outcome => (b.milliseconds < a.milliseconds ? b : a)

/** Throws what no decoder may throw, and for what it may not take. */
export function tried(target: Target, bytes: Uint8Array): Outcome {
  let outcome = timed(target, bytes)
  for (let i = 1; i < TRIES && outcome.milliseconds > SUSPECT_MS; i++) outcome = best(outcome, timed(target, bytes))
  const most = MEMORY_FOR_NOTHING + MOST_MEMORY_PER_BYTE * bytes.length
  if (outcome.allocated > most) throw new Error(`allocated ${outcome.allocated} bytes for ${bytes.length}`)
  if (outcome.milliseconds > MOST_MS) throw new Error(`took ${outcome.milliseconds.toFixed(0)} ms, ${TRIES} times`)
  return outcome
}
