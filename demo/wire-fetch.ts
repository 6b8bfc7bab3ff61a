import { firstValueFrom } from 'rxjs'
import { recordBatch } from '../lib/batch/record-batch'
import type { DecodedRecord, DecodedRecordBatch } from '../lib/batch/record-batch'
import { FetchRequest } from '../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../lib/generated/messages/FetchResponse'
import type { Connection } from '../lib/network/connection'
import { request$ } from '../lib/network/request'

/** From the first offset up to, and without, `end`. */
export interface PartitionRange {
  readonly topic: string
  readonly partition: number
  readonly end: bigint
}

const FETCH_BYTES = 8 * 1024 * 1024
const MAX_WAIT_MS = 500

/** From 13 on topics go by their ids, which would cost one more question; 4 is where record batches v2 begin. */
const BY_NAME = { min: 4, max: 12 }

/** Base offset (8 bytes) and length (4) stand before what the length counts. */
const LENGTH_AT = 8
const BEFORE_LENGTH_COUNTS = 12

/** A broker cuts its answer at a number of bytes: the last batch may be a part of one. */
function* wholeBatches(bytes: Uint8Array): Generator<DecodedRecordBatch> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + BEFORE_LENGTH_COUNTS <= bytes.length;) {
    const size = BEFORE_LENGTH_COUNTS + view.getInt32(at + LENGTH_AT)
    if (at + size > bytes.length) return
    yield recordBatch.decode(bytes.subarray(at, at + size))
    at += size
  }
}

const fetchOnce = async (connection: Connection, { topic, partition }: PartitionRange, fetchOffset: bigint): Promise<Uint8Array> => {
  const api = { request: FetchRequest, response: FetchResponse }
  const partitions = [{ partition, fetchOffset, partitionMaxBytes: FETCH_BYTES }]
  const request = { ...FetchRequest.create(), maxWaitMs: MAX_WAIT_MS, minBytes: 1, topics: [{ topic, partitions }] }
  const answer = await firstValueFrom(request$(connection, api, request, BY_NAME))
  const part = answer.responses[0]?.partitions[0]
  const errorCode = answer.errorCode || (part?.errorCode ?? 0)
  if (errorCode !== 0) throw new Error(`partition ${partition} of ${topic} cannot be read: error ${errorCode}`)
  return part?.records ?? new Uint8Array(0)
}

/** Reads a partition with this library's own Fetch codec. */
export const readPartition = async (
  connection: Connection,
  range: PartitionRange,
  onRecord: (record: DecodedRecord) => void,
): Promise<bigint> => {
  let next = 0n
  while (next < range.end) {
    const before = next
    for (const batch of wholeBatches(await fetchOnce(connection, range, next))) {
      const wanted = batch.control ? [] : batch.records.filter(({ offset }) => offset >= before && offset < range.end)
      wanted.forEach(onRecord)
      next = batch.lastOffset + 1n
    }
    if (next === before) throw new Error(`partition ${range.partition} of ${range.topic} ends at ${next}, not at ${range.end}`)
  }
  return next
}
