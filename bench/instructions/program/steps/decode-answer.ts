import type * as FramesFile from '../../../../lib/network/frames'
import type * as EnvelopeFile from '../../../../lib/protocol/envelope'
import { entrance } from '../entrance'
import { produceAnswer, produceCodecs, VERSION } from '../produce-messages'
import { PARTITIONS } from '../records'
import { expectDone } from '../step'
import type { Step } from '../step'

const LENGTH = 4
/** With the correlation id, and no tagged fields. */
const HEADER = LENGTH + 5

/** From the chunk that a socket gives, to the message. */
export const step: Step = {
  unit: 'answer',
  warmUp: 5_000,
  each: 1_000,
  open: (library) => {
    const { frames } = library.load<typeof FramesFile>('network/frames')
    const { decodeResponse } = library.load<typeof EnvelopeFile>('protocol/envelope')
    const { ProduceResponse } = produceCodecs(library)
    const body = ProduceResponse.encode(produceAnswer(library), VERSION)
    const chunk = Buffer.alloc(HEADER + body.length)
    chunk.writeInt32BE(chunk.length - LENGTH, 0)
    chunk.set(body, HEADER)
    let partitions = 0
    const push = entrance<Uint8Array, Uint8Array>(frames(1_000_000), (frame) => {
      partitions += decodeResponse(ProduceResponse, frame, VERSION).responses[0]?.partitionResponses.length ?? 0
    })
    return (units) => {
      const before = partitions
      for (let i = 0; i < units; i++) push(chunk)
      expectDone(partitions - before, units * PARTITIONS)
    }
  },
}
