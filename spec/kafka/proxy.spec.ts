import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { frameCutter } from '../../kafka/frame-cutter'
import { startProxy } from '../../kafka/proxy'
import type { Meddler, Passage, Proxy } from '../../kafka/proxy'

const API = 18

/** A request: length, API, version, correlation id. */
const request = (correlation: number): Buffer => {
  const frame = Buffer.alloc(12)
  frame.writeInt32BE(8, 0)
  frame.writeInt16BE(API, 4)
  frame.writeInt32BE(correlation, 8)
  return frame
}

/** Its answer: length, correlation id, and twice the same again. */
const answer = (correlation: number): Buffer => {
  const frame = Buffer.alloc(12)
  frame.writeInt32BE(8, 0)
  frame.writeInt32BE(correlation, 4)
  frame.writeInt32BE(correlation, 8)
  return frame
}

/** Answers every request at once. */
const startBroker = async (): Promise<Server> => {
  const serve = (socket: Socket): void => {
    socket.on('error', () => undefined)
    socket.on(
      'data',
      frameCutter((frame) => socket.write(answer(frame.readInt32BE(8)))),
    )
  }
  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

/** A client that sends requests and says what came of them when its connection has ended, or when it has this many bytes. */
const ask = async (port: number, correlations: readonly number[], enough: number) => {
  const socket = connect({ port, host: '127.0.0.1' })
  const chunks: Buffer[] = []
  let error = ''
  const done = new Promise<void>((resolve) => {
    socket.on('close', () => resolve())
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (Buffer.concat(chunks).length >= enough) resolve()
    })
  })
  socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? ''))
  for (const correlation of correlations) socket.write(request(correlation))
  await done
  socket.destroy()
  return { bytes: Buffer.concat(chunks), error }
}

describe('a proxy before a broker', () => {
  let broker: Server
  let proxy: Proxy
  beforeEach(async () => {
    broker = await startBroker()
    proxy = await startProxy(portOf(broker))
  })
  afterEach(async () => {
    await proxy.stop()
    await once(broker.close(), 'close')
  })

  const answers = (passage: (correlation: number) => Passage): Meddler => ({ answer: ({ frame }) => passage(frame.readInt32BE(4)) })

  it('lets everything pass', async () => {
    const { bytes } = await ask(proxy.port, [1, 2, 3], 36)
    expect(bytes).toEqual(Buffer.concat([answer(1), answer(2), answer(3)]))
    expect(proxy.meddled).toBe(0)
  })

  it('changes an answer, and counts that', async () => {
    proxy.meddle(answers((correlation) => (correlation === 2 ? { type: 'change', frame: answer(77) } : { type: 'pass' })))
    const { bytes } = await ask(proxy.port, [1, 2, 3], 36)
    expect(bytes).toEqual(Buffer.concat([answer(1), answer(77), answer(3)]))
    expect(proxy.meddled).toBe(1)
  })

  it('keeps the order of what it delays and of what comes behind it', async () => {
    proxy.meddle(answers((correlation) => (correlation === 1 ? { type: 'delay', ms: 30 } : { type: 'pass' })))
    const { bytes } = await ask(proxy.port, [1, 2], 24)
    expect(bytes).toEqual(Buffer.concat([answer(1), answer(2)]))
  })

  it('cuts an answer and ends the stream', async () => {
    proxy.meddle(answers((correlation) => (correlation === 2 ? { type: 'cut', at: 5, by: 'end' } : { type: 'pass' })))
    const { bytes, error } = await ask(proxy.port, [1, 2, 3], Infinity)
    expect(bytes).toEqual(Buffer.concat([answer(1), answer(2).subarray(0, 5)]))
    expect(error).toBe('')
  })

  it('resets a connection within a request', async () => {
    proxy.meddle({ request: () => ({ type: 'cut', at: 5, by: 'reset' }) })
    const { bytes, error } = await ask(proxy.port, [1], Infinity)
    expect(bytes).toHaveLength(0)
    expect(error).toBe('ECONNRESET')
  })

  it('swallows what it holds, and counts who hangs up', async () => {
    const held = new Promise<void>((resolve) => {
      proxy.meddle({ request: ({ apiKey }) => (apiKey === API && resolve(), { type: 'hold' }) })
    })
    const socket = connect({ port: proxy.port, host: '127.0.0.1' })
    socket.write(request(1))
    await held
    const ended = once(socket, 'close')
    socket.end()
    await ended
    expect(socket.bytesRead).toBe(0)
    expect([proxy.meddled, proxy.hangUps]).toEqual([1, 1])
  })

  it('resets who comes while the broker is away', async () => {
    const alone = await startProxy(await portThatIsFree())
    const { error } = await ask(alone.port, [1], Infinity)
    expect(error).toBe('ECONNRESET')
    await alone.stop()
  })
})

const portThatIsFree = async (): Promise<number> => {
  const server = await startBroker()
  const port = portOf(server)
  await once(server.close(), 'close')
  return port
}

describe('frames with their lengths', () => {
  it('come whole, however they were cut', () => {
    const bytes = Buffer.concat([request(1), request(2), request(3)])
    for (let size = 1; size <= bytes.length; size++) {
      const frames: Buffer[] = []
      const cut = frameCutter((frame) => frames.push(frame))
      for (let at = 0; at < bytes.length; at += size) cut(bytes.subarray(at, at + size))
      expect(frames).toEqual([request(1), request(2), request(3)])
    }
  })
})
