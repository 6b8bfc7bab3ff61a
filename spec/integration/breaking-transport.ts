/** TCP whose connections break: after so many answers the next is lost, though the broker has done what it answers for. */
import { map, Observable } from 'rxjs'
import { DisconnectError } from '../../lib/errors'
import { tcp } from '../../lib/network/tcp'
import type { Socket, Transport } from '../../lib/network/transport'

export interface BreakingTransport extends Transport {
  /** How many connections have broken. */
  readonly broken: number
}

/** `chunks`: of each connection, how many pieces of answers arrive before it breaks. */
export function breakingTransport(chunks: number): BreakingTransport {
  const count = { broken: 0 }
  const breaking = (socket: Socket): Socket => ({
    ...socket,
    data: new Observable((subscriber) => {
      let left = chunks
      return socket.data.subscribe({
        next: (chunk) => {
          if (left-- > 0) return subscriber.next(chunk)
          count.broken++
          subscriber.error(new DisconnectError('broken by the spec'))
          socket.close()
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      })
    }),
    write: (pieces, released) => socket.write(pieces, released),
    close: () => socket.close(),
  })
  return {
    connect: (address) => tcp().connect(address).pipe(map(breaking)),
    get broken() {
      return count.broken
    },
  }
}
