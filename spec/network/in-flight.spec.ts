import { ProtocolError } from '../../lib/errors'
import { MAX_CORRELATION_ID, correlationIds, InFlightRequests } from '../../lib/network/in-flight'
import { collectGarbage } from '../support/collect-garbage'

const request = (correlationId: number) => ({ correlationId })

describe('requests in flight', () => {
  it('leave in the order in which they entered', () => {
    const queue = new InFlightRequests<{ correlationId: number }>()
    for (let id = 0; id < 500; id++) queue.add(request(id))
    expect(queue.size).toBe(500)
    for (let id = 0; id < 500; id++) {
      expect(queue.expect(id)).toEqual(request(id))
      expect(queue.takeOldest()).toEqual(request(id))
    }
    expect(queue.size).toBe(0)
    expect(queue.oldest).toBeUndefined()
    expect(queue.takeOldest()).toBeUndefined()
  })

  it('keep their order when they enter and leave by turns', () => {
    const queue = new InFlightRequests<{ correlationId: number }>()
    const left: (number | undefined)[] = []
    for (let id = 0; id < 1000; id++) {
      queue.add(request(id))
      if (id % 3 !== 0) left.push(queue.takeOldest()?.correlationId)
    }
    const rest = queue.takeAll().map(({ correlationId }) => correlationId)
    expect([...left, ...rest]).toEqual(Array.from({ length: 1000 }, (_, id) => id))
    expect(queue.size).toBe(0)
  })

  it('are held no longer once they are answered, though others are not', async () => {
    const queue = new InFlightRequests<{ correlationId: number }>()
    const references = Array.from({ length: 50 }, (_, id) => {
      const asked = request(id)
      queue.add(asked)
      return new WeakRef(asked)
    })
    for (let id = 0; id < 49; id++) queue.takeOldest()
    await collectGarbage()
    expect(references.filter((reference) => reference.deref() !== undefined)).toHaveLength(1)
    expect(queue.size).toBe(1)
  })

  it('are refused an answer that is not for the oldest, and stay', () => {
    const queue = new InFlightRequests<{ correlationId: number }>()
    queue.add(request(7))
    queue.add(request(8))
    expect(() => queue.expect(8)).toThrow(ProtocolError)
    expect(queue.size).toBe(2)
  })

  it('are refused an answer when there are none', () => {
    expect(() => new InFlightRequests().expect(0)).toThrow('nothing was asked')
  })
})

describe('correlation ids', () => {
  it('count up, leave out the eight that are reserved, and begin again', () => {
    const next = correlationIds(MAX_CORRELATION_ID - 1)
    expect([next(), next(), next(), next()]).toEqual([2 ** 31 - 10, 2 ** 31 - 9, 0, 1])
  })
})
