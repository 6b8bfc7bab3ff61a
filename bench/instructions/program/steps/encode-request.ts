import type * as EnvelopeFile from '../../../../lib/protocol/envelope'
import { produceCodecs, TOPIC_ID, VERSION } from '../produce-messages'
import { PARTITIONS, TOPIC } from '../records'
import { expectDone } from '../step'
import type { Step } from '../step'

const PIECES = 4
const PIECE = 16_384

/** Of a batch for each partition, four pieces of memory each: taken in by reference. */
export const step: Step = {
  unit: 'request',
  warmUp: 5_000,
  each: 1_000,
  open: (library) => {
    const { encodeRequest } = library.load<typeof EnvelopeFile>('protocol/envelope')
    const { ProduceRequest } = produceCodecs(library)
    const records = Array.from({ length: PIECES }, () => Buffer.alloc(PIECE))
    const partitionData = Array.from({ length: PARTITIONS }, (_, index) => ({ index, records }))
    const topicData = [{ name: TOPIC, topicId: TOPIC_ID, partitionData }]
    const value = { transactionalId: null, acks: -1, timeoutMs: 30_000, topicData }
    const size = (chunks: readonly Uint8Array[]): number => chunks.reduce((sum, { length }) => sum + length, 0)
    const whole = size(encodeRequest(ProduceRequest, value, VERSION, { clientId: 'kafkarx', correlationId: 0 }))
    return (units) => {
      for (let correlationId = 0; correlationId < units; correlationId++) {
        expectDone(size(encodeRequest(ProduceRequest, value, VERSION, { clientId: 'kafkarx', correlationId })), whole)
      }
    }
  },
}
