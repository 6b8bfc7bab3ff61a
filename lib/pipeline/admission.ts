import type { Accumulator, Appended } from '../batch/accumulator'
import { BufferExhaustedError, KafkaError, MalformedRecordError, RecordTooLargeError, textOf } from '../errors'
import type { PartitionedRecord, StreamTraits } from '../record'
import type { Clock } from '../time'
import type { ByteBudget } from './byte-budget'
import { refuse } from './refuse'
import { inSlices } from './slices'
import type { Sink } from './stage'
import { WaitingRoom } from './waiting-room'

/** As the accumulator says, but that a record without room waits, or is refused: for want of room (`short`), or for good. */
export type Admitted = Exclude<Appended, 'no room' | 'too large'> | 'waits' | 'short' | 'refused'

/** The way of a record into the accumulator: at once, after it has waited for memory, or not at all. */
export interface Admission<C> {
  admit(record: PartitionedRecord<C>): Admitted
  /** Refuses who has waited too long, and takes in who now has room. */
  serve(now: number): void
  /** Nobody waits for room any longer. */
  abandon(error: KafkaError): void
  /** The records of a stream do not. */
  withdraw(stream: StreamTraits, error: KafkaError): void
  isEmpty(): boolean
  /** When somebody will have waited too long; Infinity when nobody waits. */
  nextDeadline(): number
}

export interface AdmissionOptions<C> {
  readonly accumulator: Accumulator<C>
  readonly clock: Clock
  readonly maxBlock: number
  readonly maxRequestSize: number
  /** Bounds what waits. */
  readonly waiting: ByteBudget
  readonly destination: Sink<never>
}

export function admission<C>({ accumulator, clock, destination, ...limits }: AdmissionOptions<C>): Admission<C> {
  const { maxBlock, maxRequestSize } = limits
  const room = new WaitingRoom<C>(limits.waiting)
  const now = (): number => clock.now()

  const refused = (record: PartitionedRecord<C>, error: KafkaError): 'refused' => {
    refuse(record, error, destination)
    return 'refused'
  }
  /** All streams meet here: a record that cannot be encoded must not take the others with it. Tells nobody yet. */
  const append = (record: PartitionedRecord<C>): Appended | KafkaError => {
    try {
      return accumulator.append(record, record.timestamp ?? clock.timestamp())
    } catch (cause) {
      return new MalformedRecordError(`A record for ${record.topic} cannot be taken in: ${textOf(cause)}`, cause)
    }
  }
  /** Somebody was refused for want of room: until the next look, batches leave without waiting for more. */
  let isShort = false
  const wait = (record: PartitionedRecord<C>): Admitted => {
    if (record.outlet?.stream?.waitsForRoom === false) {
      isShort = true
      refuse(record, noRoom(record.topic), destination)
      return 'short'
    }
    return room.enter(record, now() + maxBlock) ? 'waits' : refused(record, noRoomToWait(record.topic))
  }
  const concluded = (record: PartitionedRecord<C>, appended: Exclude<Appended, 'no room'> | KafkaError): Admitted => {
    if (appended instanceof KafkaError) return refused(record, appended)
    return appended === 'too large' ? refused(record, tooLarge(record.topic, maxRequestSize)) : appended
  }
  const refuseAll = (records: readonly PartitionedRecord<C>[], error: KafkaError): void => {
    inSlices(records, clock, (record) => refuse(record, error, destination))
  }

  return {
    admit: (record) => {
      if (!room.isEmpty) return wait(record)
      const appended = append(record)
      return appended === 'no room' ? wait(record) : concluded(record, appended)
    },
    serve: (time) => {
      for (const record of room.expired(time)) refused(record, waitedTooLong(record.topic, maxBlock))
      for (let record = room.head; record !== undefined; record = room.head) {
        const appended = append(record)
        if (appended === 'no room') break
        // Out before it is told: whoever hears of it may take back what is in the line.
        room.leave()
        concluded(record, appended)
      }
      accumulator.pressed = isShort || !room.isEmpty
      isShort = false
    },
    abandon: (error) => refuseAll(room.expired(Infinity), error),
    withdraw: (stream, error) => refuseAll(room.withdraw(stream), error),
    isEmpty: () => room.isEmpty,
    nextDeadline: () => room.nextDeadline,
  }
}

const tooLarge = (topic: string, limit: number): RecordTooLargeError =>
  new RecordTooLargeError(
    `A record for ${topic} does not fit into ${String(limit)} bytes: make it smaller, or raise maxRequestSize and the topic's max.message.bytes`,
  )

const waitedTooLong = (topic: string, maxBlock: number): BufferExhaustedError =>
  new BufferExhaustedError(
    `A record for ${topic} waited ${String(maxBlock)} ms for room in bufferMemory: the brokers take less than the source gives`,
  )

const noRoom = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`No room in bufferMemory for a record of ${topic}, and its stream does not wait for it`)

const noRoomToWait = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`No room in bufferMemory for a record of ${topic}, and waitingMemory is full too: pace the source`)
