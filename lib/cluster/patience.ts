/** When everything that is known of the cluster's nodes is given up, to begin again with the bootstrap addresses (KIP-899, KIP-1102). */
import { BrokerError } from '../errors'
import type { KafkaError } from '../errors'

const REBOOTSTRAP_REQUIRED = 129

export interface Patience {
  /** Something needs to be known. */
  asking(now: number): void
  /** It was answered. */
  answered(): void
  /** Whether it is over with this failure; then it begins anew. */
  endsWith(error: KafkaError, now: number): boolean
}

/** `longest`: how long nothing may be answered, in ms; undefined: patience without end. */
export function rebootstrapPatience(longest: number | undefined): Patience {
  let since: number | undefined
  const isOver = (error: KafkaError, now: number): boolean => {
    if (longest === undefined) return false
    return isOrdered(error) || (since !== undefined && now - since >= longest)
  }
  return {
    asking: (now) => {
      since ??= now
    },
    answered: () => {
      since = undefined
    },
    endsWith: (error, now) => {
      const isEnd = isOver(error, now)
      if (isEnd) since = now
      return isEnd
    },
  }
}

/** A broker says so: in answer to Metadata, or because we mean another one than it is. */
const isOrdered = (error: KafkaError): boolean => error instanceof BrokerError && error.errorCode === REBOOTSTRAP_REQUIRED
