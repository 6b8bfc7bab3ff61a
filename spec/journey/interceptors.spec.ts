import type { Delivery, ProducerRecord } from '../../lib/record'
import { journey } from '../support/journey'

function watching() {
  const sent: ProducerRecord[] = []
  const deliveries: Delivery[] = []
  return {
    sent,
    deliveries,
    interceptor: {
      onSend: (record: ProducerRecord) => {
        sent.push(record)
        return record
      },
      onDelivery: (delivery: Delivery) => deliveries.push(delivery),
    },
  }
}

describe('interceptors', () => {
  it('hear of a record that is refused for its size before it has a partition', () => {
    const { interceptor, sent, deliveries } = watching()
    const { send, rest, log } = journey({ maxRequestSize: 2000, interceptors: [interceptor] })
    send('large', { value: 'x'.repeat(3000) })
    rest()
    expect(log).toEqual(['large RECORD_TOO_LARGE'])
    expect(sent.map(({ context }) => context)).toEqual(['large'])
    expect(deliveries).toMatchObject([{ type: 'failed', topic: 'orders', error: { code: 'RECORD_TOO_LARGE' }, context: 'large' }])
    expect(deliveries[0]).not.toHaveProperty('partition')
  })

  it('hear of a failure, as the subscriber does, with all that is known: the topic, no partition, no offset', () => {
    const { interceptor, deliveries: heard } = watching()
    const { send, rest, deliveries } = journey({ interceptors: [interceptor] })
    send('nowhere', { topic: 'no topic has this name' })
    rest()
    expect(heard).toEqual(deliveries)
    expect(heard).toMatchObject([{ type: 'failed', topic: 'no topic has this name', error: { code: 'INVALID_TOPIC_EXCEPTION' } }])
    expect(heard[0]).not.toHaveProperty('partition')
    expect(heard[0]).not.toHaveProperty('offset')
  })
})
