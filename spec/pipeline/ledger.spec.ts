import { BufferExhaustedError, ProducerClosedError, UnsubscribedError } from '../../lib/errors'
import { Ledger } from '../../lib/pipeline/ledger'
import type { Generation } from '../../lib/pipeline/ledger'
import type { Delivery } from '../../lib/record'

const delivered: Delivery = { type: 'delivered', topic: 't', partition: 0, offset: 0n, timestamp: 0, context: undefined }
const failed: Delivery = { type: 'failed', topic: 't', error: new BufferExhaustedError('full'), context: undefined }
const purged: Delivery = { type: 'failed', topic: 't', error: new ProducerClosedError('closed'), context: undefined }

/** Accepts records of the open generation, and gives what settles them. */
function accept(ledger: Ledger, count = 1): (delivery?: Delivery) => void {
  const generation: Generation = ledger.current
  for (let i = 0; i < count; i++) ledger.accepted(generation)
  return (delivery = delivered) => ledger.settled(generation, delivery)
}

describe('a ledger', () => {
  it('counts records by what became of them', () => {
    const ledger = new Ledger()
    const settle = accept(ledger, 6)
    for (const delivery of [delivered, failed, purged, delivered, delivered, purged]) settle(delivery)
    expect(ledger.tally).toEqual({ delivered: 3, failed: 1, purged: 2 })
  })

  it('calls back at once when nothing is unsettled', () => {
    const callback = jest.fn()
    new Ledger().whenSettled(callback)
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('calls back with the last record that was accepted before, and not for those that came later', () => {
    const ledger = new Ledger()
    const callback = jest.fn()
    const settleEarly = accept(ledger, 2)
    ledger.whenSettled(callback)
    const settleLate = accept(ledger)
    settleLate()
    settleEarly()
    expect(callback).not.toHaveBeenCalled()
    settleEarly()
    expect(callback).toHaveBeenCalledTimes(1)
  })

  it('is over with a generation only when all before it are settled', () => {
    const ledger = new Ledger()
    const log: string[] = []
    const settleFirst = accept(ledger)
    ledger.whenSettled(() => log.push('first'))
    const settleSecond = accept(ledger)
    ledger.whenSettled(() => log.push('second'))
    settleSecond()
    expect(log).toEqual([])
    settleFirst()
    expect(log).toEqual(['first', 'second'])
  })

  it('calls back all who asked with nothing accepted in between', () => {
    const ledger = new Ledger()
    const log: number[] = []
    const settle = accept(ledger)
    for (const i of [1, 2, 3]) ledger.whenSettled(() => log.push(i))
    settle()
    expect(log).toEqual([1, 2, 3])
  })

  it('may be asked again from within a callback', () => {
    const ledger = new Ledger()
    const log: string[] = []
    const settle = accept(ledger)
    ledger.whenSettled(() => {
      log.push('outer')
      const settleInner = accept(ledger)
      ledger.whenSettled(() => log.push('inner'))
      settleInner()
    })
    settle()
    expect(log).toEqual(['outer', 'inner'])
  })

  it('counts what was skipped as neither delivered nor failed, what was taken back as purged, and what is left', () => {
    const ledger = new Ledger()
    const settle = accept(ledger, 3)
    settle({ type: 'skipped', reason: 'why', context: undefined })
    settle({ type: 'failed', topic: 't', error: new UnsubscribedError(), context: undefined })
    expect([ledger.tally, ledger.skipped, ledger.unsettled]).toEqual([{ delivered: 0, failed: 0, purged: 1 }, 1, 1])
  })
})
