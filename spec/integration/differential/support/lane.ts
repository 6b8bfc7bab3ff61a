/** One open connection to one side, down to its bytes. */
import { firstValueFrom } from 'rxjs'
import { frames } from '../../../../lib/network/frames'
import type { Address, Socket, Transport } from '../../../../lib/network/transport'

/** `silent`: nothing came within the time, and the connection is still open. */
export type Heard = { readonly type: 'frame'; readonly frame: Uint8Array } | { readonly type: 'closed' } | { readonly type: 'silent' }

export interface Lane {
  readonly open: boolean
  write(bytes: readonly Uint8Array[]): void
  /** The next frame that nobody has taken yet. */
  next(withinMs: number): Promise<Heard>
  close(): void
}

/** Where a side is reached. */
export interface Reach {
  readonly transport: Transport
  readonly address: Address
}

const MAX_FRAME = 64 * 1024 * 1024

export const openLane = async ({ transport, address }: Reach): Promise<Lane> => laneOver(await firstValueFrom(transport.connect(address)))

function laneOver(socket: Socket): Lane {
  const arrived: Uint8Array[] = []
  const waiting: ((heard: Heard) => void)[] = []
  let open = true

  const ended = (): void => {
    open = false
    for (const tell of waiting.splice(0)) tell({ type: 'closed' })
  }
  const reading = socket.data.pipe(frames(MAX_FRAME)).subscribe({
    next: (frame) => {
      const tell = waiting.shift()
      if (tell === undefined) arrived.push(frame)
      else tell({ type: 'frame', frame })
    },
    error: ended,
    complete: ended,
  })

  const next = (withinMs: number): Promise<Heard> => {
    const frame = arrived.shift()
    if (frame !== undefined) return Promise.resolve({ type: 'frame', frame })
    if (!open) return Promise.resolve({ type: 'closed' })
    return new Promise((resolve) => {
      const tell = (heard: Heard): void => {
        clearTimeout(timer)
        resolve(heard)
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(tell), 1)
        resolve({ type: 'silent' })
      }, withinMs)
      waiting.push(tell)
    })
  }

  return {
    get open() {
      return open
    },
    write: (bytes) => socket.write(bytes),
    next,
    close: () => {
      socket.close()
      reading.unsubscribe()
      ended()
    },
  }
}
