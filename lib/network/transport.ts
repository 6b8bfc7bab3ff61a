/** The seam to the network. `tcp` is the world; specs and simulations pass a transport of memory. */
import type { Observable } from 'rxjs'

/** Where a broker listens: a name or an IP address, and a port. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** An open, ordered stream of bytes to a broker and back. */
export interface Socket {
  /**
   * For one subscriber. Chunks as they come, cut anywhere, never from within a call of `write`. Completes when the peer closed,
   * errors with a DisconnectError when the stream broke.
   */
  readonly data: Observable<Uint8Array>
  /**
   * Writes the chunks one after the other without joining them. `released` is called exactly once, never from within
   * `write`, when the transport no longer reads the chunks: they were handed to the operating system, or the socket has closed. In the second case `data` ends before,
   * so whoever hears `released` on a living stream knows that the bytes were written.
   */
  write(chunks: readonly Uint8Array[], released?: () => void): void
  /** Ends both directions at once. Harmless when already closed. */
  close(): void
}

/** A way to reach brokers: `tcp()`, `tls()`, or one of your own, such as through a proxy. */
export interface Transport {
  /** Cold: subscribing opens. Emits the open socket once and completes, or errors with a ConnectError; unsubscribing gives up. */
  connect(address: Address): Observable<Socket>
}
