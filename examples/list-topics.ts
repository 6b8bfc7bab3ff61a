/** The topics of a cluster, over a raw socket: npx tsx examples/list-topics.ts 127.0.0.1:9092 */
import { connect } from 'node:net'
import { messages, Reader, Writer } from '../lib/entries/protocol' // in a program of yours: from 'kafkarx/protocol'

const { MetadataRequest, MetadataResponse, RequestHeader, ResponseHeader } = messages
const VERSION = 9 // spoken by every broker since 2.4

export async function listTopics(host: string, port: number): Promise<readonly string[]> {
  const request = new Writer()
  const header = { requestApiKey: 3, requestApiVersion: VERSION, correlationId: 1, clientId: 'list-topics' }
  RequestHeader.write(request, header, MetadataRequest.headerVersion(VERSION))
  MetadataRequest.write(request, { topics: null, allowAutoTopicCreation: false }, VERSION)
  const length = new Writer()
  length.int32(request.size)
  const socket = connect(port, host)
  socket.write(Buffer.concat([...length.chunks(), ...request.chunks()]))
  let answer = Buffer.alloc(0)
  for await (const chunk of socket) {
    answer = Buffer.concat([answer, chunk as Buffer])
    if (answer.length >= 4 && answer.length >= 4 + answer.readInt32BE()) break // which also closes the socket
  }
  const reader = new Reader(answer.subarray(4))
  ResponseHeader.read(reader, MetadataResponse.headerVersion(VERSION))
  return MetadataResponse.read(reader, VERSION).topics.map(({ name }) => name ?? '')
}

const [host = '', port] = process.argv[2]?.split(':') ?? []
if (port) void listTopics(host, Number(port)).then((topics) => console.log(topics.join('\n')))
