/** A Produce request and its answer, of as many partitions as the topic has. */
import type * as RequestFile from '../../../lib/generated/messages/ProduceRequest'
import type * as ResponseFile from '../../../lib/generated/messages/ProduceResponse'
import type { ProduceResponse } from '../../../lib/generated/messages/ProduceResponse'
import type { Library } from './library'
import { PARTITIONS, TOPIC } from './records'

export const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
/** As Kafka 4 speaks it: topics by id. */
export const VERSION = 13

export const produceCodecs = (library: Library) => ({
  ...library.load<typeof RequestFile>('generated/messages/ProduceRequest'),
  ...library.load<typeof ResponseFile>('generated/messages/ProduceResponse'),
})

/** For the partitions from `first` on. */
export function produceAnswer(library: Library, first = 0): ProduceResponse {
  const { ProduceResponse } = produceCodecs(library)
  const [blank] = [ProduceResponse.create()]
  const partitionResponses = Array.from({ length: PARTITIONS }, (_, at) => ({
    ...{ index: first + at, errorCode: 0, baseOffset: 1_000_000n, logAppendTimeMs: -1n, logStartOffset: 0n },
    ...{ recordErrors: [], errorMessage: null },
  }))
  const bytes = ProduceResponse.encode({ ...blank, responses: [{ name: TOPIC, topicId: TOPIC_ID, partitionResponses }] }, VERSION)
  return ProduceResponse.decode(bytes, VERSION)
}
