/** What goes in and what comes out: records, and one delivery for each. */
import type { KafkaError } from './errors'

/** A header of a record. Keys may repeat and their order is kept; `null` and empty are different values. */
export interface Header {
  readonly key: string
  readonly value: Uint8Array | null
}

/** Headers as a list, or a plain object for the common case of distinct keys. Strings are written as UTF-8. */
export type HeadersInput =
  readonly { readonly key: string; readonly value: Uint8Array | string | null }[] | Readonly<Record<string, Uint8Array | string | null>>

/** What a caller hands in: one record, and a `context` of any type that comes back with its delivery. */
export interface ProducerRecord<K = unknown, V = unknown, C = unknown> {
  readonly topic: string
  /** Decides the partition unless `partition` is given. Without a key, records stick to a partition for a batch's worth of bytes. */
  readonly key?: K | null
  /** `null` is a tombstone. */
  readonly value?: V | null
  readonly headers?: HeadersInput
  /** Milliseconds since 1970. Default: the time at which the record is appended to its batch. */
  readonly timestamp?: number
  /** Where it goes, whatever its key. Default: as the partitioner chooses. */
  readonly partition?: number
  /** Anything: comes back with the delivery, and is never sent. */
  readonly context?: C
}

/**
 * Whom to tell what became of a record. Every stage hands a record that fails to its outlet and goes on; a record without an
 * outlet that fails is the error of the stream, as in any RxJS operator.
 */
export interface Outlet<C = unknown> {
  settle(delivery: Delivery<C>): void
  /** The stream that the record came with. */
  readonly stream?: StreamTraits | undefined
  /** The how manieth record of its stream it is, from 0, where deliveries come in that order. */
  readonly position?: number
}

/** What the shared part of the way must know of a stream. The object itself is its identity. */
export interface StreamTraits {
  /** False: a record that finds no room in `bufferMemory` is refused at once. */
  readonly waitsForRoom: boolean
}

/** A record whose key and value are bytes: what `serialize` gives. */
export interface SerializedRecord<C = unknown> {
  readonly topic: string
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly Header[]
  readonly timestamp: number | undefined
  /** As the caller asked for it; `partition` decides when it is undefined. */
  readonly partition: number | undefined
  /** Nobody has asked yet how many there are. */
  readonly partitionCount?: undefined
  readonly context: C
  readonly outlet: Outlet<C> | undefined
}

/** A record that knows where it goes: what `partition` gives. */
export interface PartitionedRecord<C = unknown> extends Omit<SerializedRecord<C>, 'partition' | 'partitionCount'> {
  /** `null`: the accumulator chooses, and stays with its choice for a batch's worth of bytes. */
  readonly partition: number | null
  /** How many partitions the topic had when this was decided. */
  readonly partitionCount: number
}

/** A record is in the log of its partition. */
export interface Delivered<C = unknown> {
  readonly type: 'delivered'
  readonly topic: string
  readonly partition: number
  /** −1 when the broker did not say (acks 0). */
  readonly offset: bigint
  /** Milliseconds since 1970: the record's own, or the broker's when the topic stamps records on append; −1 when unknown. */
  readonly timestamp: number
  readonly context: C
}

/** A record will not be delivered, and why. */
export interface Failed<C = unknown> {
  readonly type: 'failed'
  readonly topic: string
  /** Absent when the record failed before a partition was chosen. */
  readonly partition?: number
  readonly error: KafkaError
  readonly context: C
}

/** Nothing was written, as it was asked for. */
export interface Skipped<C = unknown> {
  readonly type: 'skipped'
  /** As given to `skip`; `dropped` for a record that found no room in a stream with `overflow: 'drop'`. */
  readonly reason: string
  readonly context: C
}

/** The one result that every record gets. */
export type Delivery<C = unknown> = Delivered<C> | Failed<C> | Skipped<C>

/** Stands in a stream where a record would stand, and has its delivery already. */
export class Placeholder<C = unknown> {
  constructor(readonly delivery: Delivery<C>) {}
}

/** What `skip` makes. */
export type Skip<C = unknown> = Placeholder<C>

/**
 * Takes the place of a record that is not to be written: it gives `{ type: 'skipped', reason, context }`, with `ordered` in its
 * place among the others. `reason` is for whoever reads the deliveries; default `skipped`.
 */
export function skip<C = undefined>(context?: C, reason = 'skipped'): Skip<C> {
  return new Placeholder<C>({ type: 'skipped', reason, context: context as C })
}

/**
 * Sees every record before it is serialized, and every delivery before its subscriber. One that throws is reported on `events$`, and
 * its input passes on as it was.
 */
export interface Interceptor {
  /** Gives the record that is sent: the same, or another. */
  onSend?(record: ProducerRecord): ProducerRecord
  onDelivery?(delivery: Delivery): void
}

/** A broker's id in the cluster. */
export type NodeId = number
