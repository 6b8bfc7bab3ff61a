import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo, Server, Socket as NetSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import type { TlsOptions as ServerOptions } from 'node:tls'
import { firstValueFrom } from 'rxjs'
import { ConnectError, DisconnectError, TlsError } from '../../lib/errors'
import { tls } from '../../lib/network/tls'
import type { TlsOptions } from '../../lib/network/tls'
import type { Address, Socket } from '../../lib/network/transport'
import { authority } from '../support/certificates'

const ours = authority('Our authority')
const theirs = authority('Another authority')
const broker = ours.issue('broker', { hosts: ['localhost', '127.0.0.1'] })
const A_DAY = 86_400_000

const listening = (server: Server): Promise<Address> =>
  new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ host: 'localhost', port: (server.address() as AddressInfo).port })),
  )

const readAll = (socket: Socket): Promise<{ text: string; ended: unknown }> =>
  new Promise((resolve) => {
    let text = ''
    socket.data.subscribe({
      next: (chunk) => (text += Buffer.from(chunk).toString('latin1')),
      error: (ended: unknown) => resolve({ text, ended }),
      complete: () => resolve({ text, ended: 'complete' }),
    })
  })

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Answers each word with the same in capitals, over TLS. */
async function echo(options: ServerOptions = broker): Promise<Address & { readonly names: readonly string[] }> {
  const names: string[] = []
  const server = createServer(options, (socket) => {
    names.push(String(socket.servername))
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => socket.write(bytes.toString('latin1').toUpperCase()))
  })
  server.on('tlsClientError', () => undefined)
  servers.push(server)
  return { ...(await listening(server)), names }
}

async function plain(accept: (socket: NetSocket) => void): Promise<Address> {
  const server = createPlainServer(accept)
  servers.push(server)
  return listening(server)
}

const connect = (address: Address, options: TlsOptions = { ca: ours.cert }): Promise<Socket> =>
  firstValueFrom(tls(options).connect(address))

const failureOf = (address: Address, options?: TlsOptions): Promise<Error> =>
  connect(address, options).then(
    (socket) => {
      socket.close()
      throw new Error('connected')
    },
    (error: unknown) => error as Error,
  )

/** What `text` comes back as. */
async function said(socket: Socket, text: string): Promise<string> {
  const answer = firstValueFrom(socket.data)
  socket.write([Buffer.from(text)])
  const bytes = await answer
  socket.close()
  return Buffer.from(bytes).toString()
}

describe('tls', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s, and reads what comes back', async (version) => {
    const address = await echo({ ...broker, minVersion: version, maxVersion: version })
    expect(await said(await connect(address), 'hello')).toBe('HELLO')
  })

  it('writes chunks in order and releases them once, when they were handed over', async () => {
    const socket = await connect(await echo())
    let releases = 0
    const written = new Promise<void>((resolve) => {
      socket.write([Buffer.from('one '), Buffer.alloc(500_000, 'x'), Buffer.from(' end')], () => {
        releases++
        resolve()
      })
    })
    const all = readAll(socket)
    expect(releases).toBe(0)
    await written
    socket.close()
    await all
    expect(releases).toBe(1)
  })

  it('releases what never got through once the socket has closed', async () => {
    const server = createServer(broker)
    const accepted = new Promise<NetSocket>((resolve) => server.once('secureConnection', resolve))
    servers.push(server)
    const socket = await connect(await listening(server))
    const peer = (await accepted).pause().on('error', () => undefined)
    const ended = readAll(socket)
    const released = Promise.all(
      Array.from({ length: 3 }, () => new Promise<void>((resolve) => socket.write([new Uint8Array(20_000_000)], resolve))),
    )
    peer.destroy()
    await released
    expect((await ended).text).toBe('')
  })

  it('says that a stream broke, as TCP does', async () => {
    const server = createServer(broker, (socket) => void socket.on('error', () => undefined))
    const underneath = new Promise<NetSocket>((resolve) => server.once('connection', resolve))
    const secured = new Promise((resolve) => server.once('secureConnection', resolve))
    servers.push(server)
    const socket = await connect(await listening(server))
    const all = readAll(socket)
    await secured
    ;(await underneath).resetAndDestroy()
    expect((await all).ended).toBeInstanceOf(DisconnectError)
  })

  it('sends the name that it connects to, or another that is given', async () => {
    const address = await echo({ ...ours.issue('other', { hosts: ['localhost', 'kafka.example'] }) })
    await said(await connect(address), 'a')
    await said(await connect(address, { ca: ours.cert, servername: 'kafka.example' }), 'b')
    expect(address.names).toEqual(['localhost', 'kafka.example'])
  })

  it('sends no name to an IP address, and finds it among the addresses of the certificate', async () => {
    const { port, names } = await echo()
    expect(await said(await connect({ host: '127.0.0.1', port }), 'hello')).toBe('HELLO')
    expect(names).toEqual(['false'])
  })

  it('gives up when it is unsubscribed', async () => {
    const seen: unknown[] = []
    const accepted = new Promise<NetSocket>((resolve) => {
      void plain(resolve).then((address) => {
        const subscription = tls({ ca: ours.cert })
          .connect(address)
          .subscribe({ next: (each) => seen.push(each), error: (error: unknown) => seen.push(error) })
        void accepted.then(() => subscription.unsubscribe())
      })
    })
    const socket = await accepted
    await new Promise((resolve) => socket.on('error', resolve).on('close', resolve).resume())
    expect(seen).toEqual([])
  })
})

describe('a broker that is not to be trusted', () => {
  const refused = async (options: ServerOptions, own?: TlsOptions, host = 'localhost') => failureOf({ ...(await echo(options)), host }, own)

  it('is one whose certificate nobody signed who is known', async () => {
    const error = await refused(theirs.issue('broker', { hosts: ['localhost'] }))
    expect(error).toBeInstanceOf(TlsError)
    expect(error).toMatchObject({ code: 'TLS_UNTRUSTED', retriable: false })
    expect(error.message).toMatch(/localhost:\d+ failed: .*nobody who is trusted.*tls\.ca/)
  })

  it('is one that no authority of Node has signed, when none is given', async () => {
    expect(await refused(broker, {})).toMatchObject({ code: 'TLS_UNTRUSTED' })
  })

  it('is one of another name, and the names are told that it has', async () => {
    const error = await refused(ours.issue('broker', { hosts: ['kafka.example', '10.0.0.1'] }))
    expect(error).toMatchObject({ code: 'TLS_WRONG_HOST' })
    expect(error.message).toContain('its certificate is for kafka.example, 10.0.0.1 and not for localhost')
  })

  it('is one that has only names, when it is connected to by its address', async () => {
    const error = await refused(ours.issue('broker', { hosts: ['localhost'] }), undefined, '127.0.0.1')
    expect(error).toMatchObject({ code: 'TLS_WRONG_HOST', message: expect.stringContaining('not for 127.0.0.1') })
  })

  it('is one whose certificate is over, or has not begun', async () => {
    const over = { hosts: ['localhost'], from: new Date(Date.now() - 2 * A_DAY), until: new Date(Date.now() - A_DAY) }
    const future = { hosts: ['localhost'], from: new Date(Date.now() + A_DAY), until: new Date(Date.now() + 2 * A_DAY) }
    const [expired, early] = [await refused(ours.issue('broker', over)), await refused(ours.issue('broker', future))]
    expect(expired).toMatchObject({ code: 'TLS_EXPIRED', message: expect.stringContaining('has expired') })
    expect(early).toMatchObject({ code: 'TLS_EXPIRED', message: expect.stringContaining('not valid yet') })
  })

  it('is trusted all the same when the check of its name, or every check, is switched off', async () => {
    const other = await echo(ours.issue('broker', { hosts: ['kafka.example'] }))
    const stranger = await echo(theirs.issue('broker', { hosts: ['kafka.example'] }))
    expect(await said(await connect(other, { ca: ours.cert, checkServerIdentity: false }), 'a')).toBe('A')
    expect(await said(await connect(stranger, { rejectUnauthorized: false }), 'a')).toBe('A')
    expect(await failureOf(stranger, { ca: ours.cert, checkServerIdentity: false })).toMatchObject({ code: 'TLS_UNTRUSTED' })
  })

  it('is judged by a function of ours in the place of the check of its name', async () => {
    const hosts: string[] = []
    const own = (host: string) => {
      hosts.push(host)
      return new Error('not in our list')
    }
    expect(await refused(broker, { ca: ours.cert, checkServerIdentity: own })).toMatchObject({
      message: expect.stringContaining('not in our list'),
    })
    expect(hosts).toEqual(['localhost'])
  })

  it('is refused by a function of ours that throws, which is no business of the process', async () => {
    const own = (): never => {
      throw new Error('no list at hand')
    }
    expect(await refused(broker, { ca: ours.cert, checkServerIdentity: own })).toMatchObject({
      message: expect.stringContaining('no list at hand'),
    })
  })
})

describe('a broker that wants a certificate of ours', () => {
  const client = ours.issue('alice')
  const wanting = (version: 'TLSv1.2' | 'TLSv1.3') =>
    echo({ ...broker, ca: ours.cert, requestCert: true, rejectUnauthorized: true, minVersion: version, maxVersion: version })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('gets it, in %s', async (version) => {
    const options = { ca: ours.cert, cert: client.cert, key: client.key }
    expect(await said(await connect(await wanting(version), options), 'hello')).toBe('HELLO')
  })

  it('gets one whose key is encrypted', async () => {
    const { cert, key } = ours.issue('alice', { passphrase: 'open sesame' })
    const options = { ca: ours.cert, cert, key, passphrase: 'open sesame' }
    expect(await said(await connect(await wanting('TLSv1.3'), options), 'hello')).toBe('HELLO')
  })

  it('gets what a file holds at the moment of connecting, whichever form the rest has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkarx-pem-'))
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const transport = tls({ ca: [Buffer.from(theirs.cert), ours.cert], cert, key })
    const address = await wanting('TLSv1.3')
    const attempt = () => firstValueFrom(transport.connect(address))
    try {
      await expect(attempt()).rejects.toMatchObject({
        code: 'TLS_FAILED',
        message: expect.stringContaining(`tls.cert: the file ${cert} (ENOENT)`),
      })
      writeFileSync(cert, client.cert)
      writeFileSync(key, client.key)
      expect(await said(await attempt(), 'hello')).toBe('HELLO')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a port', () => {
  it('that answers without TLS is told as such', async () => {
    const address = await plain((socket) => void socket.on('error', () => undefined).write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const error = await failureOf(address)
    expect(error).toMatchObject({ code: 'TLS_NOT_SPOKEN', retriable: false })
    expect(error.message).toContain('a listener without TLS')
  })

  it('that hangs up may be one without TLS, or a broker that has just ended: it is worth another attempt', async () => {
    const address = await plain((socket) => void socket.once('data', () => socket.destroy()))
    const error = await failureOf(address)
    expect(error).toBeInstanceOf(ConnectError)
    expect(error.message).toContain('does the listener speak TLS?')
  })

  it('at which nobody listens is the same error as over TCP', async () => {
    const address = await plain(() => undefined)
    await new Promise((resolve) => servers.pop()?.close(resolve))
    expect(await failureOf(address)).toMatchObject({ code: 'CONNECT_FAILED', cause: { code: 'ECONNREFUSED' } })
  })

  it('that speaks no version in common says so', async () => {
    const address = await echo({ ...broker, minVersion: 'TLSv1.3' })
    const error = await failureOf(address, { ca: ours.cert, maxVersion: 'TLSv1.2' })
    expect(error).toMatchObject({ code: 'TLS_FAILED', message: expect.stringContaining('tls.maxVersion') })
  })
})
