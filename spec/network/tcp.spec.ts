import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket as NetSocket } from 'node:net'
import { firstValueFrom } from 'rxjs'
import { ConnectError, DisconnectError } from '../../lib/errors'
import { tcp } from '../../lib/network/tcp'
import type { Address, Socket } from '../../lib/network/transport'

interface Peer {
  readonly address: Address
  readonly accepted: Promise<NetSocket>
  close(): void
}

const listening = (server: Server): Promise<Address> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })),
  )

async function listen(): Promise<Peer> {
  const server = createServer({ pauseOnConnect: false })
  const accepted = new Promise<NetSocket>((resolve) => server.once('connection', resolve))
  const address = await listening(server)
  return {
    address,
    accepted,
    close: () => void server.close(),
  }
}

const connect = (address: Address): Promise<Socket> => firstValueFrom(tcp().connect(address))

/** Collects until the stream ends. */
const readAll = (socket: Socket): Promise<{ text: string; ended: unknown }> =>
  new Promise((resolve) => {
    let text = ''
    socket.data.subscribe({
      next: (chunk) => (text += Buffer.from(chunk).toString('latin1')),
      error: (ended: unknown) => resolve({ text, ended }),
      complete: () => resolve({ text, ended: 'complete' }),
    })
  })

describe('tcp', () => {
  let peer: Peer
  beforeEach(async () => {
    peer = await listen()
  })
  afterEach(() => peer.close())

  it('writes chunks in order and reads what comes back', async () => {
    const socket = await connect(peer.address)
    const broker = await peer.accepted
    broker.once('data', (chunk) => broker.end(`got ${chunk.toString()}`))
    const all = readAll(socket)
    socket.write(['one ', 'two ', 'three'].map((text) => Buffer.from(text)))
    expect(await all).toEqual({ text: 'got one two three', ended: 'complete' })
  })

  it('keeps what arrived before somebody reads', async () => {
    const socket = await connect(peer.address)
    const broker = await peer.accepted
    await new Promise<void>((resolve) => broker.end('early', () => resolve()))
    expect(await readAll(socket)).toEqual({ text: 'early', ended: 'complete' })
  })

  it('releases each write once, when it was handed over, and never from within write', async () => {
    const socket = await connect(peer.address)
    const broker = await peer.accepted
    broker.resume()
    let releases = 0
    await new Promise<void>((resolve) => {
      socket.write([new Uint8Array(100_000), new Uint8Array(1)], () => {
        releases++
        resolve()
      })
      expect(releases).toBe(0)
    })
    const ended = readAll(socket)
    socket.close()
    expect((await ended).ended).toBe('complete')
    expect(releases).toBe(1)
  })

  it('releases what never got through once the socket has closed, after its data ended', async () => {
    const socket = await connect(peer.address)
    const broker = await peer.accepted
    broker.pause()
    const log: string[] = []
    socket.data.subscribe({ complete: () => log.push('ended'), error: () => log.push('ended') })
    await new Promise<void>((resolve) => {
      let left = 3
      for (let i = 0; i < 3; i++) {
        socket.write([new Uint8Array(20_000_000)], () => {
          log.push(`released ${String(i)}`)
          if (--left === 0) resolve()
        })
      }
      broker.resetAndDestroy()
    })
    expect([...log].sort()).toEqual(['ended', 'released 0', 'released 1', 'released 2'])
    expect(log[0]).toBe('ended')
  })

  it('releases a write on a socket that has closed, once', async () => {
    const socket = await connect(peer.address)
    const ended = readAll(socket)
    socket.close()
    await ended
    await new Promise<void>((resolve) => socket.write([new Uint8Array(1)], resolve))
  })

  it('errors with a DisconnectError when the stream breaks', async () => {
    const socket = await connect(peer.address)
    const broker = await peer.accepted
    const all = readAll(socket)
    broker.resetAndDestroy()
    expect((await all).ended).toBeInstanceOf(DisconnectError)
  })

  it('tells a late reader how the stream ended', async () => {
    const socket = await connect(peer.address)
    const ended = readAll(socket)
    socket.close()
    await ended
    expect(await readAll(socket)).toEqual({ text: '', ended: 'complete' })
  })

  it('errors with a ConnectError, with address and cause, when nobody listens', async () => {
    const server = createServer()
    const address = await listening(server)
    await new Promise((resolve) => server.close(resolve))
    const error: unknown = await connect(address).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ code: 'CONNECT_FAILED', retriable: true, cause: { code: 'ECONNREFUSED' } })
    expect(String(error)).toContain(`127.0.0.1:${String(address.port)}`)
  })

  it('errors when the host has no address', async () => {
    const error: unknown = await connect({ host: 'no-such-host.invalid', port: 1 }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConnectError)
  })

  it('gives up when it is unsubscribed', async () => {
    const seen: unknown[] = []
    tcp()
      .connect(peer.address)
      .subscribe({ next: (socket) => seen.push(socket), error: (error: unknown) => seen.push(error) })
      .unsubscribe()
    await connect(peer.address).then((socket) => socket.close())
    expect(seen).toEqual([])
  })
})
