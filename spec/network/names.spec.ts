import { of, Subject, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { createNames, systemLookup } from '../../lib/network/names'
import type { Names } from '../../lib/network/names'

/** A name whose addresses are what the spec says at the moment. */
function naming(...found: readonly string[]) {
  const state = { found, lookups: 0 }
  const names = createNames(() => {
    state.lookups++
    return of(state.found)
  })
  return { state, names, next: () => nextOf(names) }
}

function nextOf(names: Names, name = 'broker'): string {
  let given = 'nothing'
  names.next(name).subscribe({ next: (address) => (given = address), error: (error: unknown) => (given = String(error)) })
  return given
}

const times = (count: number, next: () => string): readonly string[] => Array.from({ length: count }, next)

describe('the addresses of a name', () => {
  it('are given one after another, in their order, whichever family they are of', () => {
    const { next, state, names } = naming('::1', '127.0.0.1', '10.0.0.1')
    expect([times(3, next), state.lookups, names.hasMore('broker')]).toEqual([['::1', '127.0.0.1', '10.0.0.1'], 1, false])
  })

  it('are looked up anew when all were tried, and the last is not the first again', () => {
    const { next, state } = naming('a', 'b')
    times(2, next)
    state.found = ['b', 'c']
    expect([times(2, next), state.lookups]).toEqual([['c', 'b'], 2])
  })

  it('are looked up anew when one was reached: it is lost, or nobody would ask', () => {
    const { next, state, names } = naming('a', 'b')
    next()
    names.reached('broker')
    expect([names.hasMore('broker'), next(), state.lookups]).toEqual([false, 'b', 2])
  })

  it('are the same again when there is only one', () => {
    const { next, state } = naming('a')
    expect([times(3, next), state.lookups]).toEqual([['a', 'a', 'a'], 3])
  })

  it('are none of an address, which is not looked up', () => {
    const { names, state } = naming('a')
    expect([nextOf(names, '10.1.2.3'), nextOf(names, '::1'), state.lookups, names.hasMore('10.1.2.3')]).toEqual([
      '10.1.2.3',
      '::1',
      0,
      false,
    ])
  })

  it('may not be found, and are asked for again', () => {
    const answers: Observable<readonly string[]>[] = [throwError(() => new Error('ENOTFOUND')), of(['a'])]
    const names = createNames(() => answers.shift() ?? of([]))
    expect(times(2, () => nextOf(names))).toEqual(['Error: ENOTFOUND', 'a'])
  })

  it('are not taken by whoever has left before they were found', () => {
    const found$ = new Subject<readonly string[]>()
    const names = createNames(() => found$)
    names.next('broker').subscribe().unsubscribe()
    found$.next(['a', 'b'])
    expect(names.hasMore('broker')).toBe(false)
  })

  it('are what the system says', async () => {
    const found = await new Promise<readonly string[]>((resolve, reject) =>
      systemLookup('localhost').subscribe({ next: resolve, error: reject }),
    )
    expect(found.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true)
  })
})
