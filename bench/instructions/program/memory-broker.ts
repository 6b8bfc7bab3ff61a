/** A broker that costs next to nothing: what it answers is encoded once, and sent again and again. For the producer it looks as any other. */
import { of, Subject } from 'rxjs'
import type * as Protocol from '../../../lib/entries/protocol'
import type { Socket, Transport } from '../../../lib/network/transport'
import type { Library } from './library'
import { produceAnswer, TOPIC_ID, VERSION } from './produce-messages'
import { PARTITIONS, TOPIC } from './records'

const PRODUCE = 0
const METADATA = 3
const API_VERSIONS = 18
const INIT_PRODUCER_ID = 22

/** The versions that it speaks. */
const SPOKEN: readonly (readonly [apiKey: number, version: number])[] = [
  [PRODUCE, VERSION],
  [METADATA, 12],
  [API_VERSIONS, 3],
  [INIT_PRODUCER_ID, 4],
]

const partitionFacts = (partitionIndex: number) => ({
  ...{ partitionIndex, errorCode: 0, leaderId: 1, leaderEpoch: 0 },
  ...{ replicaNodes: [1], isrNodes: [1], offlineReplicas: [] },
})

const topicFacts = () => ({
  ...{ errorCode: 0, name: TOPIC, topicId: TOPIC_ID, isInternal: false },
  partitions: Array.from({ length: PARTITIONS }, (_, index) => partitionFacts(index)),
})

/** By api key, with the header version: correlation ids are put in later. */
function bodies(library: Library): ReadonlyMap<number, readonly [body: Uint8Array, headerVersion: number]> {
  const { messages } = library.load<typeof Protocol>('entries/protocol')
  const { ProduceResponse, MetadataResponse, ApiVersionsResponse, InitProducerIdResponse } = messages
  const versions = new Map(SPOKEN)
  const version = (apiKey: number): number => versions.get(apiKey) ?? 0
  const apiKeys = SPOKEN.map(([apiKey, spoken]) => ({ apiKey, minVersion: spoken, maxVersion: spoken }))
  const cluster = {
    brokers: [{ nodeId: 1, host: 'memory', port: 1, rack: null }],
    clusterId: 'memory',
    controllerId: 1,
    topics: [topicFacts()],
  }
  return new Map([
    [PRODUCE, [ProduceResponse.encode(produceAnswer(library), version(PRODUCE)), 1]],
    [METADATA, [MetadataResponse.encode({ ...MetadataResponse.create(), ...cluster }, version(METADATA)), 1]],
    [API_VERSIONS, [ApiVersionsResponse.encode({ ...ApiVersionsResponse.create(), apiKeys }, version(API_VERSIONS)), 0]],
    [
      INIT_PRODUCER_ID,
      [InitProducerIdResponse.encode({ ...InitProducerIdResponse.create(), producerId: 7n }, version(INIT_PRODUCER_ID)), 1],
    ],
  ])
}

/** Length, correlation id and, in newer headers, no tagged fields. */
function frameOf(correlationId: number, body: Uint8Array, headerVersion: number): Buffer {
  const header = headerVersion === 0 ? 4 : 5
  const frame = Buffer.allocUnsafe(4 + header + body.length)
  frame.writeInt32BE(header + body.length, 0)
  frame.writeInt32BE(correlationId, 4)
  if (headerVersion > 0) frame[8] = 0
  frame.set(body, 4 + header)
  return frame
}

/** A connection at a time; each write is one whole request, as the producer writes them. */
export function memoryBroker(library: Library): Transport {
  const answers = bodies(library)
  const answerTo = (request: Uint8Array): Buffer => {
    const view = new DataView(request.buffer, request.byteOffset, request.byteLength)
    const answer = answers.get(view.getInt16(4))
    if (answer === undefined) throw new Error(`the broker in memory does not know api ${view.getInt16(4)}`)
    return frameOf(view.getInt32(8), ...answer)
  }
  const socket = (): Socket => {
    const data = new Subject<Uint8Array>()
    const write = ([first]: readonly Uint8Array[], released?: () => void): void => {
      if (first === undefined) return
      const answer = answerTo(first)
      setImmediate(() => {
        released?.()
        data.next(answer)
      })
    }
    return { data, write, close: () => data.complete() }
  }
  return { connect: () => of(socket()) }
}
