import { catchError, concatMap, from, map, takeWhile, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { KafkaError, TlsError } from '../errors'
import type { Address } from '../network/transport'
import type { Finding } from './finding'
import { STEPS, textOf } from './steps'
import type { Step } from './steps'
import type { World } from './world'

/** Every step to an address, up to the first that fails. */
export function walk(address: Address, world: World): Observable<Finding> {
  const target = textOf(address)
  return from(STEPS.filter(({ applies }) => applies(world))).pipe(
    concatMap((step) =>
      step.run(address, world).pipe(
        map((says): Finding => ({ type: 'passed', step: step.name, target, says })),
        catchError((error: unknown) => {
          if (!(error instanceof KafkaError)) return throwError(() => error)
          const { name, hint } = blamed(error, step)
          return hint(address, error, world).pipe(map((said): Finding => ({ type: 'failed', step: name, target, error, hint: said })))
        }),
      ),
    ),
    takeWhile(({ type }) => type === 'passed', true),
  )
}

/** What is wrong with TLS may show in what comes behind it: in TLS 1.3 a broker looks at our certificate when we are through already. */
function blamed(error: KafkaError, step: Step): Pick<Step, 'name' | 'hint'> {
  if (!(error instanceof TlsError)) return step
  const tls = STEPS.find(({ name }) => name === 'TLS') ?? step
  return error.code === 'TLS_REQUIRED' ? { name: tls.name, hint: step.hint } : tls
}
