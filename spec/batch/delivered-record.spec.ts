import { inspect } from 'node:util'
import { DeliveredRecord } from '../../lib/batch/delivered-record'
import type { Acknowledgement } from '../../lib/batch/delivered-record'
import type { Delivered } from '../../lib/record'

const acknowledged = (fields: Partial<Acknowledgement> = {}, index = 2): Delivered<{ id: string }> =>
  new DeliveredRecord({ topic: 'orders', partition: 3, baseOffset: 40n, logAppendTime: -1, createTime: 1000, ...fields }, index, {
    id: 'a',
  })

const plain = { type: 'delivered', topic: 'orders', partition: 3, offset: 42n, timestamp: 1000, context: { id: 'a' } }

describe('the delivery of a record', () => {
  it('has topic, partition, offset, timestamp and context', () => {
    const { type, topic, partition, offset, timestamp, context } = acknowledged()
    expect({ type, topic, partition, offset, timestamp, context }).toEqual(plain)
  })

  it('has offset and timestamp −1, also behind the first record of its batch, when the broker did not say', () => {
    const { offset, timestamp } = acknowledged({ baseOffset: -1n })
    expect([offset, timestamp]).toEqual([-1n, -1])
  })

  it('has an offset beyond what a number holds', () => {
    expect(acknowledged({ baseOffset: 2n ** 53n }, 1).offset).toBe(9_007_199_254_740_993n)
  })

  it('has the broker’s timestamp where the topic stamps records on append', () => {
    expect(acknowledged({ logAppendTime: 77 }).timestamp).toBe(77)
  })

  it('is printed like the plain object that it stands for', () => {
    expect(inspect(acknowledged())).toBe(inspect(plain))
    expect(inspect([acknowledged()])).toBe(inspect([plain]))
  })

  it('becomes JSON with its offset as text', () => {
    expect(JSON.parse(JSON.stringify(acknowledged()))).toEqual({ ...plain, offset: '42' })
  })
})
