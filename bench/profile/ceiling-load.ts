/**
 * What the broker and a socket allow, in a process of its own: one Produce request of six batches of 64 KiB, encoded once and written again
 * and again, five unanswered at most. Prints what it took as one line of JSON.
 */
import { connect } from 'node:net'
import { join } from 'node:path'
import type * as Protocol from '../../lib/entries/protocol'
import type { Order, Told } from './order'
import { recorder } from './recorder'

const BATCH_BYTES = 64 * 1024
const MOST_UNANSWERED = 5
/** The newest version that names topics by name, and not by an id that would have to be asked for. */
const VERSION = 12
const HEADER_VERSION = 2

interface Request {
  readonly bytes: Buffer
  readonly records: number
}

const request = ({ messages, recordBatch }: typeof Protocol, { topic, partitions, recordBytes }: Order): Request => {
  const record = { key: null, value: Buffer.alloc(recordBytes, 'kafkarx'), headers: [], timestamp: Date.now() }
  const each = Math.max(1, Math.floor(BATCH_BYTES / (recordBytes + 8)))
  const batch = recordBatch.encode({ records: Array.from({ length: each }, () => record) })
  const partitionData = Array.from({ length: partitions }, (_, index) => ({ index, records: batch }))
  const body = { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData: [{ name: topic, partitionData }] }
  const origin = { requestApiKey: 0, requestApiVersion: VERSION, correlationId: 1, clientId: 'ceiling' }
  const header = messages.RequestHeader.encode(origin, HEADER_VERSION)
  const encoded = messages.ProduceRequest.encode(body, VERSION)
  const length = Buffer.alloc(4)
  length.writeInt32BE(header.length + encoded.length)
  return { bytes: Buffer.concat([length, header, encoded]), records: each * partitions }
}

/** Calls back once a frame; what is in the first one must say that nothing was refused. */
const frames = (answered: (frame: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      const frame = rest.subarray(4, end)
      rest = rest.subarray(end)
      answered(frame)
    }
  }
}

/** Correlation id and the header's tagged fields stand before the message. */
const refused = ({ messages }: typeof Protocol, frame: Buffer): boolean =>
  messages.ProduceResponse.decode(frame.subarray(5), VERSION).responses.some(({ partitionResponses }) =>
    partitionResponses.some(({ errorCode }) => errorCode !== 0),
  )

const pushAll = (library: typeof Protocol, order: Order): Promise<Told> =>
  new Promise((resolve, reject) => {
    const { bytes, records } = request(library, order)
    const [host = '', port = ''] = order.bootstrap.split(':')
    const warmUp = Math.ceil(order.warmUp / records)
    const all = warmUp + Math.ceil(order.records / records)
    const looking = recorder(order)
    const socket = connect({ host, port: Number(port), noDelay: true })
    let written = 0
    let answered = 0
    const more = (): void => {
      while (written < all && written - answered < MOST_UNANSWERED) {
        written++
        socket.write(bytes)
      }
    }
    const answer = (frame: Buffer): void => {
      if (answered === 0 && refused(library, frame)) return reject(new Error('the broker refuses what the ceiling sends'))
      if (++answered === warmUp) looking.start()
      if (answered < all) return more()
      socket.destroy()
      const share = order.records / ((all - warmUp) * records)
      const { seconds, userSeconds, kernelSeconds } = looking.stop()
      // It goes by whole requests: what it took for as many records as were asked for.
      resolve({ seconds: seconds * share, userSeconds: userSeconds * share, kernelSeconds: kernelSeconds * share })
    }
    socket.on('error', reject).on('data', frames(answer)).on('connect', more)
  })

const main = async (order: Order): Promise<void> => {
  const library = (await import(join(order.library, 'entries', 'protocol.js'))) as typeof Protocol
  process.stdout.write(`${JSON.stringify(await pushAll(library, order))}\n`)
}

main(JSON.parse(process.argv[2] ?? '') as Order).catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
