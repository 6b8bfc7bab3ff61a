import type { KafkaError } from '../errors'
import { Placeholder } from '../record'
import type { ProducerRecord, Skip } from '../record'
import type { SendAccount } from './send-account'
import type { Stage } from './stage'

export interface IntakeOptions<C> {
  readonly account: SendAccount<C>
  /** Why no record is accepted any more. */
  readonly refusal: () => KafkaError | undefined
}

/**
 * Lets through what is to be sent. What has its delivery already is told it here, what comes after the producer was closed is refused, and an
 * error of the source ends it like a completion, to be told when all records are settled.
 */
export function intake<K, V, C>(options: IntakeOptions<C>): Stage<ProducerRecord<K, V, C> | Skip<C>, ProducerRecord<K, V, C>> {
  const { account, refusal } = options
  const refuse = (record: ProducerRecord<K, V, C>, error: KafkaError): void => {
    // Who has no types may send nothing at all.
    const { topic = '', context } = (record as ProducerRecord<K, V, C> | null | undefined) ?? {}
    account.refuse({ type: 'failed', topic, error, context: context as C })
  }
  return (destination) => ({
    next: (record) => {
      if (record instanceof Placeholder) {
        account.accept().settle(record.delivery)
        return
      }
      const error = refusal()
      if (error === undefined) destination.next(record)
      else refuse(record, error)
    },
    error: (error) => {
      account.sourceFailed(error)
      destination.complete()
    },
  })
}
