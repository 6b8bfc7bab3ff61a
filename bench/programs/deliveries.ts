import type { Observable } from 'rxjs'
import type { Delivery } from '../../lib/index'
import type { Events } from './drive'

/** Tells of each delivery; its context is the number of the record. */
export const watchDeliveries = (deliveries$: Observable<Delivery<number>>, { delivered, failed }: Events): void =>
  void deliveries$.subscribe({
    next: (delivery) => {
      if (delivery.type === 'delivered') return delivered(delivery.context)
      failed(delivery.type === 'failed' ? delivery.error : new Error('a record was skipped'))
    },
    error: failed,
  })
