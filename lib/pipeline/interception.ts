import type { ProducerEvent } from '../events'
import type { Delivery, Interceptor, ProducerRecord } from '../record'

type Report = (event: ProducerEvent) => void

/** What all interceptors make of a record, in turn; undefined when none looks at records, so that nobody pays for it. */
export function onSendOf(interceptors: readonly Interceptor[], report: Report): ((record: ProducerRecord) => ProducerRecord) | undefined {
  const hooks = interceptors.flatMap((interceptor) => interceptor.onSend?.bind(interceptor) ?? [])
  if (hooks.length === 0) return undefined
  return (record) => hooks.reduce((given, hook) => attempt('onSend', () => hook(given), report) ?? given, record)
}

/** Shows a delivery to all interceptors, in turn; undefined when none looks at deliveries. */
export function onDeliveryOf(interceptors: readonly Interceptor[], report: Report): ((delivery: Delivery) => void) | undefined {
  const hooks = interceptors.flatMap((interceptor) => interceptor.onDelivery?.bind(interceptor) ?? [])
  if (hooks.length === 0) return undefined
  return (delivery) => {
    for (const hook of hooks) attempt('onDelivery', () => hook(delivery), report)
  }
}

/** Undefined when it threw. */
function attempt<T>(hook: 'onSend' | 'onDelivery', run: () => T, report: Report): T | undefined {
  try {
    return run()
  } catch (error) {
    report({ type: 'interceptor-failed', hook, error })
    return undefined
  }
}
