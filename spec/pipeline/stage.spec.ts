import { Subject } from 'rxjs'
import { flow } from '../../lib/pipeline/operate'
import { mapped, through } from '../../lib/pipeline/stage'
import type { Sink, Stage } from '../../lib/pipeline/stage'

const recording = () => {
  const log: unknown[] = []
  const sink: Sink<number> = {
    next: (value) => log.push(value),
    complete: () => log.push('|'),
    error: (error) => log.push(`# ${String(error)}`),
  }
  return { log, sink }
}

const flowing = (stage: Stage<number, number>) => {
  const source$ = new Subject<number>()
  const until$ = new Subject<void>()
  const { log, sink } = recording()
  flow(source$, { stage, sink, until$ })
  return { source$, until$, log }
}

const doubled = mapped((value: number) => 2 * value)
const increased = mapped((value: number) => value + 1)

describe('a stage through another', () => {
  it('hands on what the first makes to the second', () => {
    const { source$, log } = flowing(through(doubled, increased))
    source$.next(1)
    source$.next(2)
    source$.complete()
    expect(log).toEqual([3, 5, '|'])
  })

  it('ends once, though the first says so twice', () => {
    const twice: Stage<number, number> = (destination) => ({
      next: (value) => destination.next(value),
      complete: () => {
        destination.complete()
        destination.complete()
      },
    })
    let ends = 0
    const counting: Stage<number, number> = () => ({ next: () => undefined, complete: () => void ends++ })
    flowing(through(twice, counting)).source$.complete()
    expect(ends).toBe(1)
  })

  it('hands on what is still in hand after an end', () => {
    const afterwards: Stage<number, number> = (destination) => ({
      next: (value) => {
        destination.complete()
        destination.next(value)
      },
    })
    const { sink, log } = recording()
    through(afterwards, doubled)(sink, { add: () => undefined }).next(4)
    expect(log).toEqual(['|', 8])
  })

  it('takes an error past a stage that does not handle it, to one that does', () => {
    const forgiving: Stage<number, number> = (destination) => ({
      next: (value) => destination.next(value),
      error: () => destination.complete(),
    })
    const { source$, log } = flowing(through(through(doubled, forgiving), increased))
    source$.next(1)
    source$.error('gone')
    expect(log).toEqual([3, '|'])
  })
})

describe('a flow', () => {
  it('has the error of its source, and what a stage throws', () => {
    const failing = flowing(doubled)
    failing.source$.error('gone')
    const throwing = flowing(
      mapped(() => {
        throw new Error('thrown')
      }),
    )
    throwing.source$.next(1)
    throwing.source$.next(2)
    expect([failing.log, throwing.log]).toEqual([['# gone'], ['# Error: thrown']])
  })

  it('leaves its source when it is told to, as if that had completed', () => {
    const { source$, until$, log } = flowing(doubled)
    source$.next(1)
    until$.next()
    source$.next(2)
    expect([log, source$.observed, until$.observed]).toEqual([[2, '|'], false, false])
  })

  it('ends only once the value in hand has gone on its way', () => {
    const until$ = new Subject<void>()
    const source$ = new Subject<number>()
    const { log, sink } = recording()
    const ending: Stage<number, number> = (destination) => ({
      next: (value) => {
        until$.next()
        destination.next(value)
      },
    })
    flow(source$, { stage: ending, sink, until$ })
    source$.next(1)
    source$.next(2)
    expect(log).toEqual([1, '|'])
  })

  it('holds what a stage holds on to until the end, and no longer', () => {
    const ended: string[] = []
    const holding: Stage<number, number> = (destination, life) => {
      life.add(() => ended.push('given up'))
      return { next: (value) => destination.next(value) }
    }
    const { source$ } = flowing(holding)
    source$.next(1)
    expect(ended).toEqual([])
    source$.complete()
    expect(ended).toEqual(['given up'])
  })
})
