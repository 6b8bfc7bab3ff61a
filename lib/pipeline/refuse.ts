import type { KafkaError } from '../errors'
import type { Outlet } from '../record'
import type { Sink } from './stage'

/** What is known of a record when it is refused. */
export interface Refused<C> {
  readonly topic: string
  readonly partition?: number | null | undefined
  readonly context: C
  readonly outlet: Outlet<C> | undefined
}

/** Fails one record: into its outlet, so that the stream goes on, or else as the error of the stream. */
export function refuse<C>({ topic, partition, context, outlet }: Refused<C>, error: KafkaError, destination: Sink<never>): void {
  if (outlet === undefined) destination.error(error)
  else outlet.settle({ type: 'failed', topic, ...(typeof partition === 'number' ? { partition } : {}), error, context })
}
