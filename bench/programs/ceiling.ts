/**
 * The ceiling: Produce requests that were encoded before the clock starts, pushed down one raw socket, or several with the partitions dealt out to
 * them; where records are awaited, a request of a single one. What a client that costs nothing would come to on this machine; who is near it is
 * held by the broker.
 */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import type * as Protocol from '../../lib/entries/protocol'
import type { Job } from '../job'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'
import { dealt, lanesTold } from './lanes'

const PARTITIONS = 6
const BATCH_BYTES = 64 * 1024
const IN_FLIGHT = 5
const PRODUCE = 0
/** The newest that calls topics by their names. */
const VERSION = 12
const HEADER_BYTES = 4 + 2 + 2 + 4 + 2 + 1
const ANSWER_HEADER_BYTES = 4 + 1
const NO_CLIENT_ID = -1
const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'

const framed = (body: Uint8Array): Buffer => {
  const frame = Buffer.alloc(HEADER_BYTES + body.length)
  frame.writeInt32BE(frame.length - 4, 0)
  frame.writeInt16BE(PRODUCE, 4)
  frame.writeInt16BE(VERSION, 6)
  frame.writeInt16BE(NO_CLIENT_ID, 12)
  frame.set(body, HEADER_BYTES)
  return frame
}

interface Request {
  readonly frame: Buffer
  readonly partitions: number
  readonly records: number
}

type Ground = readonly [library: typeof Protocol, job: Job, values: Values]

const recordsABatch = ({ kind, recordBytes }: Job): number =>
  kind === 'awaited' ? 1 : Math.max(1, Math.floor((lanesTold().batchBytes ?? BATCH_BYTES) / (recordBytes + 8)))

/** One batch for each of these partitions, of as many records as come to 64 KiB or what is told. */
const requestOf = ([{ recordBatch, messages }, job, values]: Ground, partitions: readonly number[]): Request => {
  const { topic } = job
  const size = recordsABatch(job)
  const timestamp = Date.now()
  const records = Array.from({ length: size }, (_, i) => ({ timestamp, key: null, value: values[i % values.length] ?? null }))
  const batch = recordBatch.encode({ records })
  const partitionData = partitions.map((index) => ({ index, records: batch }))
  const request = {
    ...messages.ProduceRequest.create(),
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ topicId: NO_ID, name: topic, partitionData }],
  }
  const frame = framed(messages.ProduceRequest.encode(request, VERSION))
  return { frame, partitions: partitions.length, records: size * partitions.length }
}

/** Calls for each answer; they come in the order of the requests. */
const onAnswers = (socket: Socket, onAnswer: (answer: Buffer) => void): void => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      onAnswer(rest.subarray(4, end))
      rest = rest.subarray(end)
    }
  })
}

const checkAnswer = ({ messages }: typeof Protocol, { partitions }: Request, answer: Buffer): void => {
  const { responses } = messages.ProduceResponse.decode(answer.subarray(ANSWER_HEADER_BYTES), VERSION)
  const all = responses.flatMap(({ partitionResponses }) => partitionResponses)
  const wrong = all.find(({ errorCode }) => errorCode !== 0)
  if (wrong ?? all.length !== partitions) throw new Error(`the broker answered with error ${wrong?.errorCode ?? NaN}`)
}

interface Connection {
  readonly inFlight: number[]
  readonly send: (first: number) => void
  readonly close: () => void
}

const connect = async ([library, job]: Ground, request: Request, { delivered, failed }: Events): Promise<Connection> => {
  const [host, port] = job.bootstrap.split(':')
  const socket = createConnection({ host: host ?? '', port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const inFlight: number[] = []
  let isLookedAt = false
  onAnswers(socket, (answer) => {
    const first = inFlight.shift() ?? 0
    // The first is looked at: answers without errors are alike.
    if (!isLookedAt) checkAnswer(library, request, answer)
    isLookedAt = true
    for (let i = first; i < first + request.records; i++) delivered(i)
  })
  socket.on('error', failed)
  const send = (first: number) => {
    inFlight.push(first)
    socket.write(request.frame)
  }
  return { inFlight, send, close: () => void socket.destroy() }
}

const leastBusy = (one: Connection, other: Connection): Connection => (other.inFlight.length < one.inFlight.length ? other : one)

const open = async (job: Job, events: Events, values: Values): Promise<Sender> => {
  const ground: Ground = [(await import(process.argv[2] ?? '')) as typeof Protocol, job, values]
  const { lanes = 1 } = lanesTold()
  const partitions = job.kind === 'awaited' ? 1 : PARTITIONS
  const requests = Array.from({ length: lanes }, (_, lane) => requestOf(ground, dealt(partitions, lanes, lane)))
  const connections = await Promise.all(requests.map((request) => connect(ground, request, events)))
  const records = requests[0]?.records ?? NaN
  return {
    chunk: records,
    unit: records,
    most: records * IN_FLIGHT * lanes,
    send: (first) => connections.reduce(leastBusy).send(first),
    close: () => Promise.resolve(connections.forEach(({ close }) => close())),
  }
}

drive(open)
