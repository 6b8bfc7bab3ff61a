import type { Observable } from 'rxjs'
import { BufferExhaustedError } from '../errors'
import type { KafkaError } from '../errors'
import type { Outlet, PartitionedRecord } from '../record'
import type { Clock } from '../time'
import { weightOf } from './byte-budget'
import type { ByteBudget } from './byte-budget'
import { Fifo } from '../fifo'
import { refuse } from './refuse'
import { inSlices } from './slices'
import type { Sink, Stage } from './stage'
import { workLoop } from './work-loop'

export interface InFlightLimitOptions<C> {
  /** How many records may be on their way. Each has an outlet of its own, by which it is known. */
  readonly most: number
  /** The outlets of records whose deliveries were given. */
  readonly left$: Observable<Outlet<C>>
  /** Bounds what waits. */
  readonly waiting: ByteBudget
  /** What waits fails with the error given here. */
  readonly abandon$: Observable<KafkaError>
  readonly clock: Clock
}

/**
 * Lets so many records of a stream be on their way at once; the others wait in line. It stands behind `serialize` and `partition`:
 * there the size of what waits is known, and a topic that is not holds up nobody.
 */
export function inFlightLimit<C>(options: InFlightLimitOptions<C>): Stage<PartitionedRecord<C>, PartitionedRecord<C>> {
  const { most, left$, waiting, abandon$, clock } = options

  return (destination: Sink<PartitionedRecord<C>>, life) => {
    const onTheirWay = new Set<Outlet<C>>()
    const line = new Fifo<PartitionedRecord<C>>()
    let sourceCompleted = false

    const leave = (): PartitionedRecord<C> | undefined => {
      const record = line.shift()
      if (record !== undefined) waiting.give(weightOf(record))
      return record
    }
    const pass = (record: PartitionedRecord<C>): void => {
      if (record.outlet !== undefined) onTheirWay.add(record.outlet)
      destination.next(record)
    }
    const serve = workLoop(() => {
      while (onTheirWay.size < most) {
        const record = leave()
        if (record === undefined) break
        pass(record)
      }
      if (sourceCompleted && line.length === 0) destination.complete()
    })
    const abandon = (error: KafkaError): void => {
      const left: PartitionedRecord<C>[] = []
      for (let record = leave(); record !== undefined; record = leave()) left.push(record)
      inSlices(left, clock, (record) => refuse(record, error, destination))
      serve()
    }
    life.add(
      left$.subscribe((outlet) => {
        if (onTheirWay.delete(outlet) && line.length > 0) serve()
      }),
    )
    life.add(abandon$.subscribe(abandon))

    return {
      next: (record) => {
        if (line.length === 0 && onTheirWay.size < most) pass(record)
        else if (waiting.take(weightOf(record))) line.push(record)
        else refuse(record, noRoomToWait(record.topic), destination)
      },
      complete: () => {
        sourceCompleted = true
        serve()
      },
    }
  }
}

export const noRoomToWait = (topic: string): BufferExhaustedError =>
  new BufferExhaustedError(`A record for ${topic} exceeds maxInFlight, and waitingMemory has no room for it to wait: pace the source`)
