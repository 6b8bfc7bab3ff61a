import { concat, NEVER, of, Subject } from 'rxjs'
import { followLatest, leftBehind } from '../../examples/latest-wins'
import { virtually } from './virtually'

/** A stream of quotes goes on until another is chosen. */
const quotesOf = (symbol: string) => concat(of({ symbol, price: 100 }), NEVER)

describe('examples/latest-wins', () => {
  const run = (onUnsubscribe: 'detach' | 'purge') => {
    const here = virtually({ quotes: 1 })
    const choices$ = new Subject<string>()
    const orphans = here.recorded(leftBehind(here.kafka))
    const seen = here.recorded(followLatest(choices$, quotesOf, here.kafka, onUnsubscribe))
    return {
      ...here,
      choices$,
      orphans,
      seen,
      symbols: () => here.valuesIn('quotes').map((text) => (JSON.parse(text) as { symbol: string }).symbol),
    }
  }

  it('takes back with purge what still waited when another was chosen', async () => {
    const { time, choices$, orphans, seen, symbols } = run('purge')
    choices$.next('ACME')
    choices$.next('GLOBEX')
    await time.settle()
    expect(seen).toEqual(['GLOBEX at 100 delivered'])
    expect(orphans).toEqual(['ACME at 100 UNSUBSCRIBED'])
    expect(symbols()).toEqual(['GLOBEX'])
  })

  it('delivers with detach what was accepted, and tells the producer', async () => {
    const { time, choices$, orphans, seen, symbols } = run('detach')
    choices$.next('ACME')
    choices$.next('GLOBEX')
    await time.settle()
    expect(seen).toEqual(['GLOBEX at 100 delivered'])
    expect(orphans).toEqual(['ACME at 100 delivered'])
    expect(symbols()).toEqual(['ACME', 'GLOBEX'])
  })

  it.each(['detach', 'purge'] as const)('delivers with %s what is in a batch when another is chosen', async (onUnsubscribe) => {
    const { time, choices$, orphans, seen, symbols } = run(onUnsubscribe)
    choices$.next('ACME')
    await time.settle() // the topic is known from now on: what comes goes into a batch at once
    choices$.next('GLOBEX')
    choices$.next('INITECH')
    await time.settle()
    expect(seen).toEqual(['ACME at 100 delivered', 'INITECH at 100 delivered'])
    expect(orphans).toEqual(['GLOBEX at 100 delivered'])
    expect(symbols()).toEqual(['ACME', 'GLOBEX', 'INITECH'])
  })
})
