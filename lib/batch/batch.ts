/**
 * The records of one partition that travel together.
 *
 *   open ──seal──► sealed ──leaves──► on its way ──acknowledged or given up──► settled
 *                    ▲                    │
 *                    └───── comes back ───┘        the records of a sealed batch never change: every attempt carries the same
 */
import type { KafkaError } from '../errors'
import type { Outlet } from '../record'
import { crc32c } from '../wire/crc32c'
import { crc32cOfBoth } from '../wire/crc32c-of-both'
import { compressedBy, expectedSize } from './batch-compression'
import type { BatchCompression } from './batch-compression'
import { CRC_START, HEADER_SIZE, writeBatchCrc, writeBatchHeader, writeProducerNumber } from './batch-header'
import type { ProducerNumber } from './batch-header'
import type { PieceSource } from './buffer-pool'
import type { Acknowledgement } from './delivered-record'
import { lengthOf } from './pieces'
import { sizeOfContents } from './record-encoding'
import type { RecordBody } from './record-encoding'
import { RecordRuns } from './record-runs'
import { RecordWriter } from './record-writer'
import type { Numbered } from './sequencer'

/** What only a batch made by hand sets all of; a producer's batches leave the broker to assign offsets. */
export interface BatchFields extends ProducerNumber {
  readonly baseOffset: bigint
  readonly partitionLeaderEpoch: number
  readonly attributes: number
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

/** The end of a batch: every record of it is delivered, or every record of it has failed. */
export type Settlement<C = unknown> =
  | { readonly type: 'delivered'; readonly batch: Batch<C>; readonly acknowledgement: Acknowledgement }
  | { readonly type: 'failed'; readonly batch: Batch<C>; readonly error: KafkaError }

/** The records of one partition that travel together, encoded as they come in: open, sealed, in flight, settled. */
export class Batch<C = unknown> implements Numbered {
  /** What came with each record: a list, and beside it one of runs, which is cheaper than an object a record. */
  readonly contexts: C[] = []
  readonly runs = new RecordRuns<C>()

  /** How often it was written. */
  attempts = 0
  /** The node of the latest attempt. */
  triedAt: number | undefined
  /** Not to be sent to that node again before this time of the clock. */
  notBefore = 0
  /** Why the last attempt failed. */
  lastError: Error | undefined
  /** It has left, and its answer is awaited. */
  onWay = false
  /** It is being compressed elsewhere, and cannot leave before that is done. */
  isCompressing = false
  /** An attempt ended without an answer that proves that nothing was appended. */
  doubtful = false
  /** Its end, once that is known; whatever is heard of it afterwards comes too late. */
  settlement: Settlement<C> | undefined
  /** Its end was told. */
  told = false

  /** How its records are compressed; undefined: not at all. Set before the first record. */
  compression: BatchCompression | undefined
  /** Bytes of its records after compression for each byte before; 1 until it is closed, and where compression would not have helped. */
  compressionRatio = 1

  #closed = false
  #codecId = 0
  #size = HEADER_SIZE
  #parts: readonly Uint8Array[] | undefined
  /** Of the records alone, where it is known: then another header needs no look at them. */
  #recordsCrc: number | undefined
  readonly #writer: RecordWriter
  #baseTimestamp = 0
  #maxTimestamp = 0
  #number: ProducerNumber | undefined
  #writes = 0
  #settled = false

  /** `createdAt`: the clock's time, from which linger and delivery timeout count. */
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly createdAt: number,
    private readonly pieces: PieceSource,
  ) {
    this.#writer = new RecordWriter(pieces)
  }

  get recordCount(): number {
    return this.contexts.length
  }

  /** Encoded bytes, header included: what it has; or, while it is open and will be compressed, what it is expected to have then. */
  get size(): number {
    return this.#size
  }

  /** Encoded bytes as they lie in its pieces, header included: not compressed before it is closed. */
  get heldSize(): number {
    return this.#writer.size
  }

  /** The highest of its records, in milliseconds since 1970. */
  get maxTimestamp(): number {
    return this.#maxTimestamp
  }

  get isOpen(): boolean {
    return !this.#closed && this.settlement === undefined
  }

  /** It takes no more records. */
  get isSealed(): boolean {
    return this.#closed
  }

  /** The bytes to write, in order, never joined. Empty until the batch is sealed. */
  get parts(): readonly Uint8Array[] {
    return this.#parts ?? []
  }

  /**
   * Encodes the record at the end; false when the pool has no room for it, and then nothing has changed. `contents`: what `sizeOfContents`
   * says of it.
   */
  append(record: BatchedRecord<C>, timestamp: number, contents = sizeOfContents(record)): boolean {
    const offsetDelta = this.contexts.length
    if (offsetDelta === 0) this.#begin(timestamp)
    if (!this.#writer.append(record, contents, timestamp - this.#baseTimestamp, offsetDelta)) return false
    if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp
    this.#size = this.compression === undefined ? this.#writer.size : expectedSize(this.#writer.size, this.compression)
    this.contexts.push(record.context)
    this.runs.push(record.outlet, timestamp)
    return true
  }

  #begin(timestamp: number): void {
    this.#baseTimestamp = this.#maxTimestamp = timestamp
    if (this.compression !== undefined) this.#writer.withoutCrc()
  }

  /** The number it carries, or carried when it left last; undefined when it has none, or is to get another. */
  get number(): ProducerNumber | undefined {
    return this.#number
  }

  /**
   * The first half of sealing: from here on the records do not change. They are compressed where that was asked for and makes them fewer
   * bytes. Closing again is harmless.
   */
  close(): void {
    if (this.#closed || this.#writer.isEmpty) return
    this.#end()
    if (this.compression !== undefined) this.#take(compressedBy(this.compression.compressor, this.#writer.records))
  }

  /**
   * The same, but that the codec works on another thread meanwhile, and `done` is called when it has. Until then the memory is held, also
   * when the batch is settled in between.
   */
  closeElsewhere({ compressor }: BatchCompression, done: () => void): void {
    this.#end()
    this.isCompressing = true
    this.writeStarted()
    const compressed = (records?: readonly Uint8Array[]): void => {
      this.isCompressing = false
      this.#take(records)
      this.writeReleased()
      done()
    }
    compressor.compressElsewhere(this.#writer.records).then(compressed, () => compressed())
  }

  #end(): void {
    this.#closed = true
    this.#writer.end()
    this.#size = this.#writer.size
  }

  /** Puts the compressed records where the others were, unless there are none, or they are no fewer bytes. */
  #take(records: readonly Uint8Array[] | undefined): void {
    const before = this.#size - HEADER_SIZE
    if (records === undefined || lengthOf(records) >= before) return
    this.#writer.replace(records)
    this.#size = this.#writer.size
    this.#codecId = this.compression?.compressor.id ?? 0
    this.compressionRatio = (this.#size - HEADER_SIZE) / before
  }

  /** Gives back the pieces that compression has made superfluous. This lets others in who wait for room. */
  trim(): void {
    if (this.#closed) this.#writer.trim()
  }

  /** Moves what it has, once it is closed and before it is sealed, into a piece of its size. It forgets the pieces in which it was. */
  moveInto(piece: Uint8Array): void {
    this.#writer.moveInto(piece)
  }

  /** Closes it, if nobody has, and writes header and checksum. Sealing again is harmless. */
  seal(fields: Partial<BatchFields> = {}): void {
    if (this.#parts !== undefined || this.#writer.isEmpty) return
    this.close()
    this.#recordsCrc = this.#writer.crc
    this.#parts = this.#writer.parts
    const [first] = this.#parts
    // Field by field: two spreads took five times as long as all else that a small batch costs.
    writeBatchHeader(first, {
      baseOffset: fields.baseOffset ?? UNASSIGNED.baseOffset,
      partitionLeaderEpoch: fields.partitionLeaderEpoch ?? UNASSIGNED.partitionLeaderEpoch,
      producerId: fields.producerId ?? UNASSIGNED.producerId,
      producerEpoch: fields.producerEpoch ?? UNASSIGNED.producerEpoch,
      baseSequence: fields.baseSequence ?? UNASSIGNED.baseSequence,
      attributes: (fields.attributes ?? UNASSIGNED.attributes) | this.#codecId,
      size: this.#size,
      lastOffsetDelta: this.contexts.length - 1,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
      recordCount: this.contexts.length,
    })
    this.#checksum(this.#parts)
  }

  #checksum(parts: readonly Uint8Array[]): void {
    const [first] = parts
    const records = this.#recordsCrc
    if (records === undefined) writeBatchCrc(first, crcOf(parts))
    else writeBatchCrc(first, crc32cOfBoth(crc32c(first.subarray(CRC_START, HEADER_SIZE)), records, this.#size - HEADER_SIZE))
  }

  /** Seals it with the number, or gives it another; undefined takes the number back, until it leaves with the next. */
  numberAs(number: ProducerNumber | undefined): void {
    this.#number = number
    if (this.#parts === undefined) this.seal(number)
    else if (number !== undefined) this.#renumber(this.#parts, number)
  }

  /** What the network still reads must not change: while it does, the header goes into a buffer of its own. */
  #renumber(parts: readonly Uint8Array[], number: ProducerNumber): void {
    if (this.#writes > 0) {
      const [first, ...others] = parts
      // Not `slice`: the pieces of a pool are Buffers, of which it gives a view.
      const header = Uint8Array.from(first.subarray(0, HEADER_SIZE))
      this.#parts = first.length > HEADER_SIZE ? [header, first.subarray(HEADER_SIZE), ...others] : [header, ...others]
    }
    writeProducerNumber(this.parts[0], number)
    this.#checksum(this.parts)
  }

  /** The network, or a codec, holds the bytes until `writeReleased`. */
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

  /** Settles it in favour of who takes its place: `takeOver` is given the pieces that nobody reads any more, and says whether it took them. */
  handOver(takeOver: (pieces: readonly Uint8Array[]) => boolean): boolean {
    const isRead = this.#writes > 0
    if (!takeOver(isRead ? [] : this.#writer.pieces)) return false
    this.#settled = true
    // Nothing is given back here: whoever hears of room sends, and this batch still has its place.
    if (!isRead) this.#takePieces()
    return true
  }

  #releaseWhenDone(): void {
    if (!this.#settled || this.#writes > 0) return
    this.pieces.give(this.#takePieces())
  }

  #takePieces(): readonly Uint8Array[] {
    this.#parts = []
    return this.#writer.leave()
  }
}

function crcOf(parts: readonly Uint8Array[]): number {
  let crc = 0
  parts.forEach((part, index) => {
    crc = crc32c(index === 0 ? part.subarray(CRC_START) : part, crc)
  })
  return crc
}
