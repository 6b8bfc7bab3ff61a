import { first, from } from 'rxjs'
import type { ObservableInput } from 'rxjs'
import { BufferExhaustedError, KafkaError, MetadataTimeoutError } from '../errors'
import type { PartitionedRecord, SerializedRecord } from '../record'
import type { Clock } from '../time'
import type { ByteBudget } from './byte-budget'
import { refuse } from './refuse'
import type { Life, Sink } from './stage'
import { topicLines } from './topic-lines'

/** Records that wait until it is known how many partitions their topic has: in lines that are served when that is answered. */
export interface WaitingLines<C> {
  isEmpty(): boolean
  has(line: string): boolean
  /** At the end of the line. Without room the record is refused. */
  join(line: string, record: SerializedRecord<C>): void
  /** When the answer comes, all who stand in the line are handled; when none does, all are refused with the reason. */
  serveWith(line: string, count: ObservableInput<number>, handle: (record: SerializedRecord<C>, partitionCount: number) => void): void
  takeAll(): SerializedRecord<C>[]
}

export interface WaitingLinesOptions<C> {
  readonly waiting: ByteBudget
  readonly clock: Clock
  /** Hears of records that are refused. */
  readonly destination: Sink<PartitionedRecord<C>>
  readonly life: Life
  /** A line was served to its end. */
  readonly served: () => void
}

export function waitingLines<C>({ waiting, clock, destination, life, served }: WaitingLinesOptions<C>): WaitingLines<C> {
  const lines = topicLines<C>(waiting, clock)
  life.add(lines.stop)
  return {
    isEmpty: lines.isEmpty,
    has: lines.has,
    join: (line, record) => {
      if (!lines.join(line, record)) refuse(record, noRoomToWait(record.topic), destination)
    },
    serveWith: (line, count, handle) => {
      const known = (partitionCount: number): void => lines.serve(line, (record) => handle(record, partitionCount), served)
      const fail = (cause: unknown): void =>
        lines.serve(line, (record) => refuse(record, reasonOf(record.topic, cause), destination), served)
      // `first` makes an error of a completion without a value, and is deaf to what comes after the value.
      life.add(from(count).pipe(first()).subscribe({ next: known, error: fail }))
    },
    takeAll: lines.takeAll,
  }
}

function reasonOf(topic: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  return new MetadataTimeoutError(`The partitions of ${topic} did not become known`, cause)
}

const noRoomToWait = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`${topic} is not known yet, and waitingMemory has no room for another record to wait: pace the source`)
