/**
 * The records of one partition that travel together.
 *
 *   open ──seal──► sealed ──sent──► in flight ──acknowledged or given up──► settled
 *                    ▲                  │
 *                    └──── sent again ──┘        a sealed batch never changes: every attempt carries the same bytes
 */
import type { Outlet } from '../record'
import { crc32c } from '../wire/crc32c'
import { sizeOfVarint } from '../wire/varint'
import { CRC_START, HEADER_SIZE, writeBatchCrc, writeBatchHeader } from './batch-header'
import { nextPieceSize } from './buffer-pool'
import type { PieceSource } from './buffer-pool'
import { sizeOfRecordBody, writeRecord } from './record-encoding'
import type { RecordBody } from './record-encoding'

/** What only a batch made by hand sets; a producer's batches leave the broker to assign offsets. */
export interface BatchFields {
  readonly baseOffset: bigint
  readonly partitionLeaderEpoch: number
  readonly attributes: number
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
}

const UNASSIGNED: BatchFields = {
  baseOffset: 0n,
  partitionLeaderEpoch: -1,
  attributes: 0,
  producerId: -1n,
  producerEpoch: -1,
  baseSequence: -1,
}

/** A record with what comes back when its batch is settled. */
export interface BatchedRecord<C> extends RecordBody {
  readonly context: C
  readonly outlet: Outlet<C> | undefined
}

export class Batch<C = unknown> {
  /** Parallel lists, one entry a record: cheaper than an object a record. */
  readonly contexts: C[] = []
  readonly outlets: (Outlet<C> | undefined)[] = []
  readonly timestamps: number[] = []

  /** How often it was written. */
  attempts = 0
  /** Not to be sent again before this time of the clock. */
  notBefore = 0
  /** Why the last attempt failed. */
  lastError: Error | undefined
  /** Its records have their deliveries, or are about to: whatever is heard of it afterwards comes too late. */
  concluded = false

  #size = HEADER_SIZE
  #pieces: Uint8Array[] = []
  #lengths: number[] = []
  #parts: readonly Uint8Array[] | undefined
  #piece: Uint8Array = new Uint8Array(0)
  #position = 0
  #baseTimestamp = 0
  #maxTimestamp = 0
  #writes = 0
  #settled = false

  /** `createdAt`: the clock's time, from which linger and delivery timeout count. */
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly createdAt: number,
    private readonly pieces: PieceSource,
  ) {}

  get recordCount(): number {
    return this.contexts.length
  }

  /** Encoded bytes, header included. */
  get size(): number {
    return this.#size
  }

  get isSealed(): boolean {
    return this.#parts !== undefined
  }

  /** The bytes to write, in order, never joined. Empty until the batch is sealed. */
  get parts(): readonly Uint8Array[] {
    return this.#parts ?? []
  }

  /** Encodes the record at the end; false when the pool has no room for it, and then nothing has changed. */
  append(record: BatchedRecord<C>, timestamp: number): boolean {
    const offsetDelta = this.contexts.length
    if (offsetDelta === 0) this.#baseTimestamp = this.#maxTimestamp = timestamp
    const timestampDelta = timestamp - this.#baseTimestamp
    const bodySize = sizeOfRecordBody(record, timestampDelta, offsetDelta)
    const size = bodySize + sizeOfVarint(bodySize)
    if (!this.#makeRoom(size)) return false
    this.#position = writeRecord(this.#piece, this.#position, record, { bodySize, timestampDelta, offsetDelta })
    this.#size += size
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.contexts.push(record.context)
    this.outlets.push(record.outlet)
    this.timestamps.push(timestamp)
    return true
  }

  /** Writes header and checksum; from here on nothing changes. Sealing again is harmless. */
  seal(fields: Partial<BatchFields> = {}): void {
    const first = this.#pieces[0]
    if (this.#parts !== undefined || first === undefined) return
    this.#lengths.push(this.#position)
    writeBatchHeader(first, {
      ...UNASSIGNED,
      ...fields,
      size: this.#size,
      lastOffsetDelta: this.contexts.length - 1,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      recordCount: this.contexts.length,
    })
    const parts = this.#pieces.map((piece, index) => piece.subarray(0, this.#lengths[index]))
    writeBatchCrc(first, crcOf(parts))
    this.#parts = parts
  }

  /** The network holds the bytes until `writeReleased`. */
  writeStarted(): void {
    this.#writes++
  }

  writeReleased(): void {
    this.#writes--
    this.#releaseWhenDone()
  }

  /** Its records have their deliveries, or their place in other batches. The bytes go back once no write holds them. */
  settle(): void {
    this.#settled = true
    this.#releaseWhenDone()
  }

  #releaseWhenDone(): void {
    if (!this.#settled || this.#writes > 0) return
    const pieces = this.#pieces
    this.#pieces = []
    this.#parts = []
    this.#piece = new Uint8Array(0)
    this.pieces.give(pieces)
  }

  #makeRoom(size: number): boolean {
    if (size <= this.#piece.length - this.#position) return true
    const start = this.#pieces.length === 0 ? HEADER_SIZE : 0
    const piece = this.pieces.take(nextPieceSize(this.#piece.length, start + size))
    if (piece === undefined) return false
    if (this.#pieces.length > 0) this.#lengths.push(this.#position)
    this.#pieces.push(piece)
    this.#piece = piece
    this.#position = start
    return true
  }
}

function crcOf(parts: readonly Uint8Array[]): number {
  let crc = 0
  parts.forEach((part, index) => {
    crc = crc32c(index === 0 ? part.subarray(CRC_START) : part, crc)
  })
  return crc
}
