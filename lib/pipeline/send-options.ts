import { ConfigError, textOf } from '../errors'
import type { Delivered, Delivery, Skipped } from '../record'

/** How one stream of records is sent. What is left out has its default. */
export interface SendOptions {
  /**
   * What a failed record does to its stream. `emit`, the default: its failure is a value, and the stream goes on. `stop`: the first
   * failure is the error of the stream; what else is unsettled is settled all the same, and reported on `events$`. `delay`: failures
   * are kept, and come as one DeliveriesFailedError once everything is settled.
   */
  readonly onError?: 'emit' | 'stop' | 'delay'
  /** Deliveries come in the order of the records, and not as they are acknowledged. Default false. */
  readonly ordered?: boolean
  /**
   * Records of this stream that may be on their way at once, until their deliveries are given. What exceeds it waits, counted in
   * `waitingMemory`; a pull source is not asked for more. Default: unbounded.
   */
  readonly maxInFlight?: number
  /**
   * What becomes of a record that finds no room in `bufferMemory`. `wait`, the default: it waits, up to `maxBlock`. `fail`: it fails
   * at once with BUFFER_EXHAUSTED. `drop`: it is skipped, with the reason `dropped`.
   */
  readonly overflow?: 'wait' | 'fail' | 'drop'
  /**
   * What becomes of accepted records when nobody listens any more: after unsubscribing, an abort, or an error with `onError: 'stop'`.
   * `detach`, the default: all are sent. `purge`: what is not in a batch yet fails with UNSUBSCRIBED. Either way results go to `events$`.
   */
  readonly onUnsubscribe?: 'detach' | 'purge'
  /** Aborting ends the stream with an AbortError (code ABORTED), and leaves it as unsubscribing does. */
  readonly signal?: AbortSignal
}

/** What a stream with these options gives: where failures go into the error channel, none is a value. */
export type DeliveryWith<C, O extends SendOptions> = O extends { readonly onError: 'stop' | 'delay' }
  ? Delivered<C> | Skipped<C>
  : Delivery<C>

const CHOICES: Readonly<Record<string, readonly unknown[]>> = {
  onError: ['emit', 'stop', 'delay'],
  ordered: [true, false],
  overflow: ['wait', 'fail', 'drop'],
  onUnsubscribe: ['detach', 'purge'],
}

const OTHERS: Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly expected: string }>> = {
  maxInFlight: { is: (value) => value === Infinity || (Number.isInteger(value) && Number(value) >= 1), expected: 'a whole number from 1' },
  signal: { is: isSignal, expected: 'an AbortSignal' },
}

/** By its shape: those of other realms and libraries will do. */
function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}

/** Throws a ConfigError that names everything that is wrong. */
export function checkSendOptions(options: SendOptions): void {
  const problems = Object.entries(options).flatMap(([name, value]) => problemsOf(name, value))
  if (problems.length > 0) throw new ConfigError(problems)
}

/** Whether it is the name of one. */
export const isSendOption = (name: string): boolean => Object.hasOwn(CHOICES, name) || Object.hasOwn(OTHERS, name)

function problemsOf(name: string, value: unknown): string[] {
  const choices = Object.hasOwn(CHOICES, name) ? CHOICES[name] : undefined
  const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined
  if (choices === undefined && other === undefined) return [`${name}: a send has no such option`]
  if (value === undefined || choices?.includes(value) || other?.is(value)) return []
  return [`${name}: ${textOf(value)} given; ${other?.expected ?? choices?.map(String).join(', ') ?? ''} expected`]
}
