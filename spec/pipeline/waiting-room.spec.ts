import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { WaitingRoom } from '../../lib/pipeline/waiting-room'
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
    const served: number[] = []
    room.serve(({ context }) => context < 3 && served.push(context) > 0)
    expect([served, room.isEmpty]).toEqual([[1, 2], false])
  })

  it('lets no small record pass a large one', () => {
    const room = new WaitingRoom<number>(new ByteBudget(Infinity))
    room.enter(record(1, 1000), 100)
    room.enter(record(2, 1), 100)
    const asked: number[] = []
    room.serve(({ context }) => {
      asked.push(context)
      return context !== 1
    })
    expect(asked).toEqual([1])
  })

  it('is as large as its budget, which those who leave give back', () => {
    const budget = new ByteBudget(10_000)
    const room = new WaitingRoom<number>(budget)
    expect([room.enter(record(1, 6000), 5), room.enter(record(2, 6000), 5), room.enter(record(3, 3000), 9)]).toEqual([true, false, true])
    const both = budget.used
    room.serve(({ context }) => context === 1)
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
