import type { ProducerEvent } from '../../lib/events'
import { onDeliveryOf, onSendOf } from '../../lib/pipeline/interception'
import type { Delivery, Interceptor, ProducerRecord } from '../../lib/record'

const record: ProducerRecord = { topic: 'orders', value: 'a' }
const delivery: Delivery = { type: 'skipped', reason: 'why', context: 1 }

const naming = (topic: string): Interceptor => ({ onSend: (given) => ({ ...given, topic: `${given.topic}-${topic}` }) })
const fails = () => {
  throw new Error('broken')
}

function reported() {
  const events: ProducerEvent[] = []
  return { events, report: (event: ProducerEvent) => events.push(event) }
}

describe('interceptors', () => {
  it('are called in turn, each with what the one before gave', () => {
    const { events, report } = reported()
    expect(onSendOf([naming('x'), {}, naming('y')], report)?.(record)).toEqual({ topic: 'orders-x-y', value: 'a' })
    expect(events).toEqual([])
  })

  it('that throw are reported and passed over', () => {
    const { events, report } = reported()
    expect(onSendOf([naming('x'), { onSend: fails }, naming('y')], report)?.(record)).toMatchObject({ topic: 'orders-x-y' })
    expect(events).toEqual([{ type: 'interceptor-failed', hook: 'onSend', error: new Error('broken') }])
  })

  it('see each delivery, whatever another one throws', () => {
    const { events, report } = reported()
    const seen: Delivery[] = []
    onDeliveryOf([{ onDelivery: fails }, { onDelivery: (each) => seen.push(each) }], report)?.(delivery)
    expect([seen, events.map(({ type }) => type)]).toEqual([[delivery], ['interceptor-failed']])
  })

  it('keep what they are: methods of their own object', () => {
    const counting = {
      sent: 0,
      onSend(given: ProducerRecord) {
        this.sent++
        return given
      },
    }
    onSendOf([counting], () => undefined)?.(record)
    expect(counting.sent).toBe(1)
  })

  it('that look at nothing cost nothing', () => {
    expect([onSendOf([{}], () => undefined), onDeliveryOf([], () => undefined)]).toEqual([undefined, undefined])
  })
})
