import { LocalEpochs } from '../../lib/identity/producer-epochs'
import type { ProducerEpoch } from '../../lib/identity/producer-epochs'

function epochs() {
  const demand = jest.fn()
  const bumped: ProducerEpoch[] = []
  return { epochs: new LocalEpochs({ demand, bumped: (epoch) => bumped.push(epoch) }), demand, bumped }
}

const first = { producerId: 7n, producerEpoch: 0 }

describe('the epochs of an idempotent producer', () => {
  it('are asked for while there is none', () => {
    const { epochs: mine, demand } = epochs()
    expect([mine.current(), mine.after(undefined)]).toEqual([undefined, undefined])
    expect(demand).toHaveBeenCalledTimes(2)
    mine.assign(first)
    expect(mine.current()).toBe(first)
    expect(demand).toHaveBeenCalledTimes(2)
  })

  it('grow by one for whoever needs another, and once for all who used the same', () => {
    const { epochs: mine, bumped } = epochs()
    mine.assign(first)
    const next = mine.after(first)
    expect([next, mine.after(first), mine.current()]).toEqual([{ producerId: 7n, producerEpoch: 1 }, next, next])
    expect(bumped).toEqual([next])
  })

  it('are used up after 32,767: then another id is asked for', () => {
    const { epochs: mine, demand } = epochs()
    const last = { producerId: 7n, producerEpoch: 32_767 }
    mine.assign(last)
    expect([mine.after(last), mine.current()]).toEqual([undefined, undefined])
    expect(demand).toHaveBeenCalled()
    mine.assign({ producerId: 8n, producerEpoch: 0 })
    expect(mine.after(last)).toEqual({ producerId: 8n, producerEpoch: 0 })
  })
})
