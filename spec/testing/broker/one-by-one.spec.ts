import { concat, from, NEVER, of, range, Subject } from 'rxjs'
import { oneByOne } from '../../../lib/testing/broker/one-by-one'
import { marbles } from '../../support/marbles'

describe('oneByOne', () => {
  it('begins with the next when the one before is complete', () =>
    marbles(({ cold, hot, expectObservable }) => {
      const inners = { a: cold('  ---x|'), b: cold('--y|'), c: cold('z|') }
      const source = hot<keyof typeof inners>('                           -a-bc-----|')
      expectObservable(source.pipe(oneByOne((name) => inners[name]))).toBe('----x--yz-|')
    }))

  it('completes after the last, and errors with what fails', () =>
    marbles(({ cold, hot, expectObservable }) => {
      expectObservable(hot('-a|').pipe(oneByOne(() => cold('---x|')))).toBe('----x|')
      expectObservable(hot('-a--#').pipe(oneByOne(() => NEVER))).toBe('----#')
      expectObservable(hot('-a---').pipe(oneByOne(() => cold('--#')))).toBe('---#')
      expectObservable(
        hot('-a---').pipe(
          oneByOne(() => {
            throw new Error('a defect')
          }),
        ),
      ).toBe('-#', undefined, new Error('a defect'))
    }))

  it('ends what is under way when it is unsubscribed', () =>
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const inner = cold('---x--x|')
      expectObservable(hot('-a-a--').pipe(oneByOne(() => inner)), '-----!').toBe('----x-')
      expectSubscriptions(inner.subscriptions).toBe('-^---!')
    }))

  it('takes any number of values that wait, in their order', () => {
    const first$ = new Subject<number>()
    const seen: number[] = []
    concat(of(-1), range(0, 100_000))
      .pipe(oneByOne((value) => (value === -1 ? first$ : of(value))))
      .subscribe((value) => seen.push(value))
    expect(seen).toEqual([])
    first$.complete()
    expect(seen).toHaveLength(100_000)
    expect(seen.every((value, i) => value === i)).toBe(true)
  })

  it('keeps its order when a value arrives while one is handed on', () => {
    const source = new Subject<string>()
    const seen: string[] = []
    source.pipe(oneByOne((name) => from([`${name}1`, `${name}2`]))).subscribe((value) => {
      seen.push(value)
      if (value === 'a1') source.next('b')
    })
    source.next('a')
    expect(seen).toEqual(['a1', 'a2', 'b1', 'b2'])
  })
})
