import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { WaitingRoom } from '../../lib/pipeline/waiting-room'
import type { StreamTraits } from '../../lib/record'
import { partitioned, sized } from '../support/records'

const record = (context: number, bytes = 10) => partitioned<number>({ context, value: sized(bytes) })

describe('a byte budget', () => {
  it('is taken up to its total, and what does not fit takes nothing', () => {
    const budget = new ByteBudget(100)
    expect([budget.take(60), budget.take(41), budget.take(40), budget.take(1), budget.used]).toEqual([true, false, true, false, 100])
    budget.give(60)
    expect([budget.used, budget.take(60)]).toEqual([40, true])
  })
})

describe('the waiting room', () => {
  it('serves in the order of arrival for as long as there is room', () => {
    const room = new WaitingRoom<number>(new ByteBudget(Infinity))
    for (const context of [1, 2, 3]) room.enter(record(context), 100)
    const served: unknown[] = []
    for (let left = 2; left > 0; left--) {
      served.push(room.head?.context)
      room.leave()
    }
    expect([served, room.head?.context, room.isEmpty]).toEqual([[1, 2], 3, false])
  })

  it('gives back what came with one stream, and leaves the others their places', () => {
    const budget = new ByteBudget(Infinity)
    const room = new WaitingRoom<number>(budget)
    const [mine, other] = [{ waitsForRoom: true }, { waitsForRoom: true }]
    const of = (context: number, stream: StreamTraits) => ({ ...record(context), outlet: { stream, settle: () => undefined } })
    for (const each of [of(1, other), of(2, mine), of(3, other), of(4, mine)]) room.enter(each, 100)
    const half = budget.used / 2
    expect(room.withdraw(mine).map(({ context }) => context)).toEqual([2, 4])
    expect([budget.used, room.expired(Infinity).map(({ context }) => context)]).toEqual([half, [1, 3]])
  })

  it('is as large as its budget, which those who leave give back', () => {
    const budget = new ByteBudget(10_000)
    const room = new WaitingRoom<number>(budget)
    expect([room.enter(record(1, 6000), 5), room.enter(record(2, 6000), 5), room.enter(record(3, 3000), 9)]).toEqual([true, false, true])
    const both = budget.used
    room.leave()
    expect(both - budget.used).toBeGreaterThanOrEqual(6000)
    expect(room.expired(9).map(({ context }) => context)).toEqual([3])
    expect([budget.used, room.isEmpty]).toEqual([0, true])
  })

  it.each([
    ['its value', { value: sized(5000) }, 5000],
    ['its key', { key: sized(5000) }, 5000],
    ['its headers', { headers: [{ key: 'h'.repeat(1000), value: sized(4000) }] }, 5000],
    ['itself, though it is empty', {}, 1],
  ])('counts of a record %s', (_what, fields, least) => {
    const budget = new ByteBudget(100_000)
    new WaitingRoom<undefined>(budget).enter(partitioned(fields), 5)
    expect(budget.used).toBeGreaterThanOrEqual(least)
    expect(budget.used).toBeLessThan(least + 500)
  })

  it('takes out those who have waited long enough, and says when the next one will have', () => {
    const room = new WaitingRoom<number>(new ByteBudget(Infinity))
    for (const [context, until] of [
      [1, 10],
      [2, 20],
      [3, 30],
    ])
      room.enter(record(context), until)
    expect([room.nextDeadline, room.expired(9)]).toEqual([10, []])
    expect(room.expired(20).map(({ context }) => context)).toEqual([1, 2])
    expect([room.nextDeadline, room.expired(30).length, room.nextDeadline]).toEqual([30, 1, Infinity])
  })
})
