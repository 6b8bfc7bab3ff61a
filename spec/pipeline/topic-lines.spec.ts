import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { topicLines } from '../../lib/pipeline/topic-lines'
import { serialized } from '../support/records'
import { virtualTime } from '../support/virtual-time'

function lining() {
  const budget = new ByteBudget(Infinity)
  const time = virtualTime()
  const lines = topicLines<number>(budget, time.clock)
  const join = (topic: string, ...contexts: readonly number[]) =>
    contexts.forEach((context) => lines.join(topic, serialized({ topic, context })))
  return { budget, lines, join, ...time }
}

describe('topic lines', () => {
  it('give everybody back at once, and end', () => {
    const { budget, lines, join } = lining()
    join('a', 1, 2)
    join('b', 3)
    expect(lines.takeAll().map(({ context }) => context)).toEqual([1, 2, 3])
    expect([lines.isEmpty(), lines.has('a'), budget.used, budget.takers]).toEqual([true, false, 0, 0])
  })

  it('serve nobody twice who was taken out while his line was served', () => {
    const { lines, join, settle } = lining()
    join('a', ...Array.from({ length: 5500 }, (_, i) => i))
    const served: number[] = []
    let ended = 0
    lines.serve(
      'a',
      ({ context }) => served.push(context),
      () => ended++,
    )
    const taken = lines.takeAll().map(({ context }) => context)
    settle()
    expect([served.length, taken.length, taken[0], ended, lines.isEmpty()]).toEqual([4000, 1500, 4000, 0, true])
  })

  it('come to an end though as many join in a turn as a slice takes out', () => {
    const { lines, join } = lining()
    const contexts = Array.from({ length: 16_000 }, (_, i) => i)
    join('a', ...contexts.slice(0, 10_000))
    const served: number[] = []
    lines.serve(
      'a',
      ({ context }) => served.push(context),
      () => served.push(-1),
    )
    expect(served.length).toBe(4000)
    join('a', ...contexts.slice(10_000))
    expect(served).toEqual([...contexts, -1])
  })

  it('go on with the others when what handles one throws', () => {
    const { lines, join, settle } = lining()
    join('a', 1, 2, 3)
    const served: number[] = []
    const handle = ({ context }: { readonly context: number }): void => {
      if (context === 1) throw new Error('somebody’s own')
      served.push(context)
    }
    expect(() => lines.serve('a', handle, () => served.push(-1))).toThrow('somebody’s own')
    settle()
    expect(served).toEqual([2, 3, -1])
  })

  it('that are taken back while a record is handed out end when that is on its way', () => {
    const { lines, join } = lining()
    join('a', 1, 2, 3)
    const log: unknown[] = []
    lines.serve(
      'a',
      ({ context }) => {
        log.push(
          lines.takeAll().map((taken) => taken.context),
          lines.isEmpty(),
          context,
        )
      },
      () => log.push('served'),
    )
    expect([log, lines.isEmpty()]).toEqual([[[2, 3], false, 1, 'served'], true])
  })

  it('keep their order when records join from within', () => {
    const { lines, join } = lining()
    join('a', 1, 2, 3)
    const served: number[] = []
    lines.serve(
      'a',
      ({ context }) => {
        served.push(context)
        if (context < 10) join('a', context + 10)
      },
      () => served.push(-1),
    )
    expect(served).toEqual([1, 2, 3, 11, 12, 13, -1])
  })
})
