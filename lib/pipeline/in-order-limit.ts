import type { KafkaError } from '../errors'
import type { PartitionedRecord } from '../record'
import { weightOf } from './byte-budget'
import { noRoomToWait } from './in-flight-limit'
import type { InFlightLimitOptions } from './in-flight-limit'
import { refuse } from './refuse'
import { inSlices } from './slices'
import type { Sink, Stage } from './stage'

/**
 * The in-flight limit of a stream whose deliveries come in its order:
 *
 *     | given | on their way, waiting for a topic, or held: `most` of them | the others wait here |
 *             ▲ moves on with each delivery that is given
 *
 * Records come out of order where one waits for its topic. Were the places given as they come, those behind it could have them all, and be
 * held until the first is told, which would wait for a place for ever.
 */
export function inOrderLimit<C>(options: InFlightLimitOptions<C>): Stage<PartitionedRecord<C>, PartitionedRecord<C>> {
  const { most, left$, waiting, abandon$, clock } = options

  return (destination: Sink<PartitionedRecord<C>>, life) => {
    const line = new Map<number, PartitionedRecord<C>>()
    let given = 0
    let sourceCompleted = false

    const leave = (position: number): PartitionedRecord<C> | undefined => {
      const record = line.get(position)
      if (record !== undefined) waiting.give(weightOf(record))
      line.delete(position)
      return record
    }
    const completeIfDone = (): void => {
      if (sourceCompleted && line.size === 0) destination.complete()
    }
    const moveOn = (): void => {
      given++
      const record = leave(given + most - 1)
      if (record === undefined) return
      destination.next(record)
      completeIfDone()
    }
    const abandon = (error: KafkaError): void => {
      const left = [...line.keys()].flatMap((position) => leave(position) ?? [])
      inSlices(left, clock, (record) => refuse(record, error, destination))
      completeIfDone()
    }
    life.add(left$.subscribe(moveOn))
    life.add(abandon$.subscribe(abandon))

    return {
      next: (record) => {
        const position = record.outlet?.position ?? 0
        if (position < given + most) destination.next(record)
        else if (waiting.take(weightOf(record))) line.set(position, record)
        else refuse(record, noRoomToWait(record.topic), destination)
      },
      complete: () => {
        sourceCompleted = true
        completeIfDone()
      },
    }
  }
}
