/** How a producer ends: every place where a record may wait is emptied, and everything is settled. */
import { InternalError, ProducerClosedError } from '../errors'
import type { KafkaError } from '../errors'
import type { Parts } from './parts'
import { failAll } from './settle'

/** From the front of the way to its end. */
export function giveUp({ end, abandon$, metadata, accumulator, conclude, nodes }: Parts, error: KafkaError = gaveUp()): void {
  end.givenUp = error
  abandon$.next(error)
  metadata.close()
  failAll(accumulator.waiting, () => error, accumulator).forEach(conclude)
  // What is on its way fails here, and with it what waits to be told behind it.
  nodes.close()
}

const gaveUp = (): ProducerClosedError =>
  new ProducerClosedError('The producer was closed before the record was acknowledged: give close a longer timeout')

/** The brokers will take nothing any more. */
export function stop(parts: Parts, error: KafkaError): void {
  if (parts.end.givenUp !== undefined) return
  parts.end.refusal = error
  parts.report({ type: 'fatal', error })
  giveUp(parts, error)
}

/** The shared pipeline broke, by a defect of ours: no answer will be heard any more, so everything is settled here. */
export function fail(parts: Parts, cause: unknown): void {
  const error = new InternalError('A defect of kafkarx stopped the producer: please report it with the stack of its cause', cause)
  parts.end.refusal = error
  failAll(parts.accumulator.unsettled, () => error, parts.accumulator).forEach(parts.conclude)
  giveUp(parts, error)
}

/** Everything is settled: connections and timers go. */
export function release({ identity, metadata, nodes, records, released$ }: Parts): void {
  released$.next()
  identity.close()
  metadata.close()
  nodes.close()
  records.end()
}
