/** Reads what goes over the wire: what arrives must be whole, and what is answered is counted. */
import { CRC_START } from '../../lib/batch/batch-header'
import { recordBatch } from '../../lib/batch/record-batch'
import { errorCodeFacts } from '../../lib/generated/error-codes'
import type { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import type { AnswerOf } from '../../lib/testing/faults/where'
import type { TestCluster } from '../../lib/testing/test-cluster'
import { crc32c } from '../../lib/wire/crc32c'
import { idIn } from './records'
import type { Seen } from './seen'

type Answer = AnswerOf<'Produce'>

const CRC_AT = 17

/** The network in memory damages answers at most: a request that arrives damaged was damaged by who wrote it. */
export function watchRequests({ requests$ }: TestCluster, seen: Seen): void {
  requests$.subscribe(({ api, request }) => {
    if (api !== 'Produce') return
    for (const { topic, index, bytes } of batchesIn(request as ProduceRequest)) {
      seen.count('batches arrived')
      const claimed = new DataView(bytes.buffer, bytes.byteOffset).getUint32(CRC_AT)
      if (claimed !== crc32c(bytes.subarray(CRC_START)))
        seen.problems.push({ promise: 'a batch arrives as it was written', detail: `${topic}-${index}: its checksum does not fit` })
    }
  })
}

interface Arrived {
  readonly topic: string
  readonly index: number
  readonly bytes: Uint8Array
}

const batchesIn = ({ topicData }: ProduceRequest): readonly Arrived[] =>
  topicData.flatMap(({ name, topicId, partitionData }) =>
    partitionData.map(({ index, records }) => ({ topic: name || topicId, index, bytes: Uint8Array.from(records ?? []) })),
  )

export const idsIn = (request: ProduceRequest): readonly string[] =>
  batchesIn(request).flatMap(({ bytes }) => recordBatch.decode(bytes).records.map(({ value }) => idIn(value)))

/** To be called again whenever all faults have been ended. */
export function watchAnswers(cluster: TestCluster, seen: Seen): void {
  cluster.every('Produce').change((answer) => noted(answer, seen))
}

export function noted(answer: Answer, seen: Seen): Answer {
  for (const { partitionResponses } of answer.responses) {
    for (const { errorCode } of partitionResponses) {
      const { name } = errorCodeFacts(errorCode)
      seen.answered.add(name)
      seen.count(`row ${name}`)
    }
  }
  return answer
}

/** The same answer, but that what it says was appended it says with an error. */
export const instead = (answer: Answer, errorCode: number): Answer => ({
  ...answer,
  responses: answer.responses.map((topic) => ({
    ...topic,
    partitionResponses: topic.partitionResponses.map((each) => (each.errorCode === 0 ? { ...each, errorCode, baseOffset: -1n } : each)),
  })),
})
