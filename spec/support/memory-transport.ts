/** The test kit's network in memory, with a latency and in the words of the specs below the producer. */
import type { Address, Socket, Transport } from '../../lib/network/transport'
import { memoryNetwork as networkOf } from '../../lib/testing/memory/network'
import type { Clock } from '../../lib/time'

export interface MemoryNetwork {
  readonly transport: Transport
  /** The addresses that were dialled, in order, whether or not somebody listened. */
  readonly dialled: readonly string[]
  /** From now on `accept` gets the broker's end of every connection to the address. */
  listen(address: Address, accept: (socket: Socket) => void): void
  /** From now on connecting to the address fails, or (`'silence'`) nothing gets through to it. */
  refuse(address: Address, how?: 'refused' | 'silence'): void
  /** Ends `refuse`. */
  restore(address: Address): void
  /** Breaks the open connections to the address. */
  cut(address: Address): void
}

interface MemoryNetworkOptions {
  readonly clock: Clock
  /** One way, in ms. */
  readonly latency?: number
  /** The bytes of a chunk that arrives; default: as it was written. */
  readonly chunk?: number
}

export function memoryNetwork({ latency = 1, ...options }: MemoryNetworkOptions): MemoryNetwork {
  const { transport, dialled, listen, change, heal, cut } = networkOf({ latency, ...options })
  return {
    ...{ transport, dialled, cut },
    listen: (address, accept) => listen(address, { accept }),
    refuse: (address, how = 'refused') => change(address, { reach: how === 'silence' ? 'lost' : how }),
    restore: heal,
  }
}
