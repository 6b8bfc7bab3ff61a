import { createHash } from 'node:crypto'

export interface DigestedRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
}

export interface PartitionDigest {
  readonly partition: number
  readonly count: number
  /** First and last offset; -1 when the partition is empty. */
  readonly first: bigint
  readonly last: bigint
  /** Of keys and values. */
  readonly bytes: number
  readonly sha256: string
}

export interface TopicDigest {
  /** Records of a partition must come in the order of their offsets. */
  add(partition: number, offset: bigint, record: DigestedRecord): void
  /** One line for each partition from 0; afterwards nothing can be added. */
  results(partitions: number): readonly PartitionDigest[]
}

const ROOM = 64 * 1024

/**
 * SHA-256 over records as key, value, number of headers, and each header's name and value; bytes are preceded by their length, numbers are 32
 * bits, big endian, and -1 stands for null. The same as PartitionDigest.java, so that large topics are compared without carrying them over.
 */
const recordHash = () => {
  const hash = createHash('sha256')
  // Small pieces are gathered: a call of update costs more than the hashing of a hundred bytes.
  const room = Buffer.allocUnsafe(ROOM)
  let used = 0
  const spill = () => {
    hash.update(room.subarray(0, used))
    used = 0
  }
  const number = (value: number) => {
    if (used + 4 > ROOM) spill()
    used = room.writeInt32BE(value, used)
  }
  const bytes = (value: Uint8Array | null) => {
    number(value === null ? -1 : value.length)
    if (value === null) return
    if (used + value.length > ROOM) spill()
    if (value.length > ROOM) hash.update(value)
    else {
      room.set(value, used)
      used += value.length
    }
  }
  const add = ({ key, value, headers = [] }: DigestedRecord) => {
    bytes(key)
    bytes(value)
    number(headers.length)
    for (const header of headers) {
      bytes(Buffer.from(header.key))
      bytes(header.value)
    }
  }
  const hex = () => {
    spill()
    return hash.digest('hex')
  }
  return { add, hex }
}

const partitionDigest = (partition: number) => {
  const hash = recordHash()
  let count = 0
  let bytes = 0
  let first = -1n
  let last = -1n
  const add = (offset: bigint, record: DigestedRecord) => {
    hash.add(record)
    bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0)
    if (count++ === 0) first = offset
    last = offset
  }
  const result = (): PartitionDigest => ({ partition, count, first, last, bytes, sha256: hash.hex() })
  return { add, result }
}

export const topicDigest = (): TopicDigest => {
  const digests = new Map<number, ReturnType<typeof partitionDigest>>()
  const of = (partition: number) => {
    const digest = digests.get(partition) ?? partitionDigest(partition)
    digests.set(partition, digest)
    return digest
  }
  return {
    add: (partition, offset, record) => of(partition).add(offset, record),
    results: (partitions) => Array.from({ length: partitions }, (_, partition) => of(partition).result()),
  }
}
