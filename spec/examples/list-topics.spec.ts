import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import { listTopics } from '../../examples/list-topics'
import { messages, ProtocolError, Reader, Writer } from '../../lib/entries/protocol'

const { MetadataRequest, MetadataResponse, RequestHeader, ResponseHeader } = messages

const root = join(__dirname, '..', '..')

/** What a broker sees of a request. */
const readRequest = (frame: Buffer) => {
  const reader = new Reader(frame.subarray(4))
  const version = frame.readInt16BE(6)
  const header = RequestHeader.read(reader, MetadataRequest.headerVersion(version))
  const request = MetadataRequest.read(reader, version)
  reader.finish('the request')
  return { version, header, request }
}

const answerTo = (correlationId: number, version: number, names: readonly string[]): Buffer => {
  const writer = new Writer()
  ResponseHeader.write(writer, { correlationId }, MetadataResponse.headerVersion(version))
  const topics = names.map((name) => ({ errorCode: 0, name, partitions: [] }))
  MetadataResponse.write(writer, { brokers: [{ nodeId: 0, host: '127.0.0.1', port: 9092 }], topics }, version)
  const length = Buffer.alloc(4)
  length.writeInt32BE(writer.size)
  return Buffer.concat([length, ...writer.chunks()])
}

describe('examples/list-topics', () => {
  let server: Server
  let asked: ReturnType<typeof readRequest>[]
  let answer: (socket: Socket, request: ReturnType<typeof readRequest>) => void

  beforeEach(async () => {
    asked = []
    server = createServer((socket) => {
      socket.on('data', (frame: Buffer) => {
        const request = readRequest(frame)
        asked.push(request)
        answer(socket, request)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })

  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const listed = () => listTopics('127.0.0.1', (server.address() as AddressInfo).port)

  it('asks for all topics and prints their names', async () => {
    answer = (socket, { header, version }) => socket.write(answerTo(header.correlationId, version, ['orders', 'größen']))
    expect(await listed()).toEqual(['orders', 'größen'])
    expect(asked).toMatchObject([{ version: 9, header: { clientId: 'list-topics', requestApiKey: 3 }, request: { topics: null } }])
  })

  it('takes an answer in any pieces', async () => {
    const names = Array.from({ length: 500 }, (_, i) => `topic-${String(i)}`)
    answer = (socket, { header, version }) => {
      const bytes = answerTo(header.correlationId, version, names)
      socket.setNoDelay(true)
      for (const [from, to] of [
        [0, 2],
        [2, 7],
        [7, 1000],
        [1000, bytes.length],
      ] as const)
        socket.write(bytes.subarray(from, to))
    }
    expect(await listed()).toEqual(names)
  })

  it('does not take half an answer for a whole one', async () => {
    answer = (socket, { header, version }) => socket.end(answerTo(header.correlationId, version, ['orders']).subarray(0, 30))
    await expect(listed()).rejects.toThrow(ProtocolError)
  })

  it('has thirty lines, and is the program that docs/protocol.md shows', () => {
    const example = readFileSync(join(root, 'examples', 'list-topics.ts'), 'utf8')
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
    const page = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8')
    const shown = example
      .replace("'../lib/entries/protocol' // in a program of yours: from 'kafkarx/protocol'", "'kafkarx/protocol'")
      .split('\n')
      .filter((line) => line !== '')
    expect(page.split('\n')).toEqual(expect.arrayContaining(shown))
  })
})
