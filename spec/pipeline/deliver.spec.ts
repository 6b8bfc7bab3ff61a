import { BufferPool } from '../../lib/batch/buffer-pool'
import { ProducerClosedError } from '../../lib/errors'
import { deliver } from '../../lib/pipeline/deliver'
import type { Settlement } from '../../lib/batch/batch'
import type { Delivery, Outlet } from '../../lib/record'
import { batchOf } from '../support/batches'
import { outletRecorder } from '../support/records'
import { virtualTime } from '../support/virtual-time'

const MIB = 1024 * 1024

const settlementOf = (letters: string, outlet: Outlet<string>, pool = new BufferPool(Infinity)): Settlement<string> => {
  const batch = batchOf(letters, { outlet, pool })
  return { type: 'delivered', batch, acknowledgement: { topic: 'orders', partition: 0, baseOffset: 10n, logAppendTime: -1 } }
}

const contextsOf = (deliveries: readonly Delivery<string>[]) => deliveries.map(({ context }) => context).join('')

/** `deliver` takes settlements of any context; here it is always text. */
const delivering = (clock = virtualTime().clock) => deliver(clock).conclude as (settlement: Settlement<string>) => void

describe('deliver', () => {
  it('gives each record of a batch its delivery, in order, and then its memory back', () => {
    const pool = new BufferPool(MIB)
    const held: number[] = []
    const { outlet, deliveries } = outletRecorder<string>()
    const watching: Outlet<string> = {
      settle: (delivery) => {
        held.push(pool.held)
        outlet.settle(delivery)
      },
    }
    delivering()(settlementOf('abc', watching, pool))
    expect(
      deliveries.map((delivery) => ({ ...delivery, offset: delivery.type === 'delivered' ? delivery.offset : undefined })),
    ).toMatchObject([
      { type: 'delivered', context: 'a', offset: 10n },
      { type: 'delivered', context: 'b', offset: 11n },
      { type: 'delivered', context: 'c', offset: 12n },
    ])
    expect([held, pool.held]).toEqual([[1024, 1024, 1024], 0])
  })

  it('gives each record of a failed batch the error', () => {
    const { outlet, deliveries } = outletRecorder<string>()
    const error = new ProducerClosedError('closed')
    delivering()({ type: 'failed', batch: batchOf('ab', { outlet, partition: 3 }), error })
    expect(deliveries).toEqual(['a', 'b'].map((context) => ({ type: 'failed', topic: 'orders', partition: 3, error, context })))
  })

  it('leaves alone records that have nobody to tell', () => {
    const pool = new BufferPool(MIB)
    delivering()({ type: 'failed', batch: batchOf('ab', { pool }), error: new ProducerClosedError('closed') })
    expect(pool.held).toBe(0)
  })

  it('finishes a batch before the next one that is settled from within its deliveries', () => {
    const { outlet, deliveries } = outletRecorder<string>()
    const conclude = delivering()
    const reentrant: Outlet<string> = {
      settle: (delivery) => {
        outlet.settle(delivery)
        if (delivery.context === 'a') conclude(settlementOf('xy', outlet))
      },
    }
    conclude(settlementOf('abc', reentrant))
    expect(contextsOf(deliveries)).toBe('abcxy')
  })

  /** A clock on which each delivery takes a millisecond. */
  function slow() {
    const time = virtualTime()
    let now = 0
    const { outlet, deliveries } = outletRecorder<string>()
    const working: Outlet<string> = {
      settle: (delivery) => {
        now += 1
        outlet.settle(delivery)
      },
    }
    return { time, working, deliveries, conclude: delivering({ ...time.clock, now: () => now }) }
  }

  it('lets the event loop have its turn after 2 ms of work, and goes on in order, whatever is settled meanwhile', () => {
    const { time, working, deliveries, conclude } = slow()
    const first: Outlet<string> = {
      settle: (delivery) => {
        working.settle(delivery)
        if (delivery.context === 'a') for (const letters of ['cd', 'ef', 'g']) conclude(settlementOf(letters, working))
      },
    }
    conclude(settlementOf('ab', first))
    expect(contextsOf(deliveries)).toBe('ab')
    conclude(settlementOf('h', working))
    expect(contextsOf(deliveries)).toBe('ab')
    time.settle()
    expect(contextsOf(deliveries)).toBe('abcdefgh')
  })

  it('lets the event loop have its turn within a batch of many records, and gives its memory back after the last', () => {
    const pool = new BufferPool(MIB)
    const { time, working, deliveries, conclude } = slow()
    conclude(settlementOf('x'.repeat(1000), working, pool))
    expect(deliveries.length).toBeLessThan(500)
    expect(pool.held).toBeGreaterThan(0)
    time.settle()
    expect([deliveries.length, pool.held]).toEqual([1000, 0])
    const offsets = deliveries.map((delivery) => (delivery.type === 'delivered' ? Number(delivery.offset) : -1))
    expect(offsets).toEqual(Array.from({ length: 1000 }, (_, i) => 10 + i))
  })

  it('goes on after someone threw who was told, and tells nobody twice', () => {
    const pool = new BufferPool(MIB)
    const time = virtualTime()
    const told: string[] = []
    const throwing: Outlet<string> = {
      settle: ({ context }) => {
        told.push(context)
        if (context === 'b') throw new Error('boom')
      },
    }
    const conclude = delivering(time.clock)
    conclude(settlementOf('abc', throwing, pool))
    expect([told, pool.held]).toEqual([['a', 'b', 'c'], 0])
    expect(() => time.settle()).toThrow('boom')
  })

  it('tells nothing while it is held, and then everything in the order in which it became known', () => {
    const { outlet, deliveries } = outletRecorder<string>()
    const { conclude, hold } = deliver(virtualTime().clock)
    const releases = [hold(), hold()]
    for (const letters of ['ab', 'c']) conclude(settlementOf(letters, outlet, new BufferPool(MIB)))
    releases[0]?.()
    expect(deliveries).toEqual([])
    releases[1]?.()
    expect(deliveries.map(({ context }) => context)).toEqual(['a', 'b', 'c'])
  })
})
