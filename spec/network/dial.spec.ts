import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket as NetSocket } from 'node:net'
import { firstValueFrom, of, throwError } from 'rxjs'
import { ConnectError } from '../../lib/errors'
import { dialler } from '../../lib/network/dial'

const opened: { readonly servers: Server[]; readonly sockets: NetSocket[] } = { servers: [], sockets: [] }

/** Also after a case that failed: what is open would keep jest from ending. */
afterEach(() => {
  for (const socket of opened.sockets.splice(0)) socket.destroy()
  for (const server of opened.servers.splice(0)) server.close()
})

/** All of 127.0.0.0/8 is this machine: somebody listens at `host` alone. */
const listenAt = (host: string): Promise<{ readonly port: number }> =>
  new Promise((resolve) => {
    const server = createServer((socket) => {
      opened.sockets.push(socket)
      socket.on('error', () => undefined)
    })
    opened.servers.push(server)
    server.listen(0, host, () => resolve({ port: (server.address() as AddressInfo).port }))
  })

const dialling = (...addresses: readonly string[]) => {
  const lookups: string[] = []
  const dial = dialler((name) => {
    lookups.push(name)
    return of(addresses)
  })
  return { lookups, connect: (port: number): Promise<NetSocket> => firstValueFrom(dial({ host: 'broker', port })) }
}

describe('dialling a name', () => {
  it('comes to the first address that takes the connection, within one attempt', async () => {
    const { port } = await listenAt('127.0.0.3')
    const { connect, lookups } = dialling('127.0.0.1', '127.0.0.2', '127.0.0.3')
    const socket = await connect(port)
    expect([socket.remoteAddress, lookups]).toEqual(['127.0.0.3', ['broker']])
    socket.destroy()
  })

  it('fails when none does, with the last cause', async () => {
    const { port } = await listenAt('127.0.0.3')
    const { connect, lookups } = dialling('127.0.0.1', '127.0.0.2')
    const error: unknown = await connect(port).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ message: expect.stringContaining('ECONNREFUSED 127.0.0.2'), cause: { code: 'ECONNREFUSED' } })
    expect(lookups).toEqual(['broker'])
  })

  it('says when the name cannot be resolved', async () => {
    const cause = Object.assign(new Error('getaddrinfo ENOTFOUND broker'), { syscall: 'getaddrinfo' })
    const dial = dialler(() => throwError(() => cause))
    const error: unknown = await firstValueFrom(dial({ host: 'broker', port: 1 })).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error).toMatchObject({ message: expect.stringContaining('can it be resolved from here?'), cause })
  })

  it('goes on with the next address when an attempt was given up', async () => {
    const { port } = await listenAt('127.0.0.3')
    const dial = dialler(() => of(['127.0.0.2', '127.0.0.3']))
    // The first is still being tried: whoever waits for it leaves.
    dial({ host: 'broker', port }).subscribe().unsubscribe()
    const socket = await firstValueFrom(dial({ host: 'broker', port }))
    expect(socket.remoteAddress).toBe('127.0.0.3')
    socket.destroy()
  })

  it('tries all addresses for each port, also of brokers that share a name and are dialled together', async () => {
    const [one, other] = [await listenAt('127.0.0.3'), await listenAt('127.0.0.3')]
    const { connect } = dialling('127.0.0.2', '127.0.0.3')
    const sockets = await Promise.all([connect(one.port), connect(other.port)])
    expect(sockets.map(({ remoteAddress, remotePort }) => [remoteAddress, remotePort])).toEqual([
      ['127.0.0.3', one.port],
      ['127.0.0.3', other.port],
    ])
    for (const socket of sockets) socket.destroy()
  })
})
