/** With what a batch fails that is not sent again. */
import type { Batch } from '../batch/batch'
import { DeliveryTimeoutError, OutcomeUnknownError } from '../errors'
import type { KafkaError } from '../errors'

/** The error itself when the batch is certainly not in the log, and else that this cannot be known, with the error as its cause. */
export function finalError({ doubtful, onWay, topic, partition }: Batch, error: KafkaError): KafkaError {
  if (!doubtful && !onWay) return error
  const where = `${topic}-${String(partition)}`
  return new OutcomeUnknownError(`The record may be in ${where} or not, no broker's answer tells: ${error.message}`, error)
}

export function deliveryTimedOut(batch: Batch, deliveryTimeout: number, cause: unknown): DeliveryTimeoutError {
  const attempts = batch.attempts === 1 ? '1 attempt' : `${String(batch.attempts)} attempts`
  const where = `${batch.topic}-${String(batch.partition)}`
  return new DeliveryTimeoutError(`Not acknowledged by ${where} within ${String(deliveryTimeout)} ms, after ${attempts}`, cause)
}
