import { catchError, concatMap, from, map, takeWhile, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { KafkaError } from '../errors'
import type { Address } from '../network/transport'
import type { Finding } from './finding'
import { STEPS, textOf } from './steps'
import type { World } from './world'

/** Every step to an address, up to the first that fails. */
export function walk(address: Address, world: World): Observable<Finding> {
  const target = textOf(address)
  return from(STEPS.filter(({ applies }) => applies(world))).pipe(
    concatMap(({ name: step, run, hint }) =>
      run(address, world).pipe(
        map((says): Finding => ({ type: 'passed', step, target, says })),
        catchError((error: unknown) =>
          error instanceof KafkaError
            ? hint(address, error, world).pipe(map((said): Finding => ({ type: 'failed', step, target, error, hint: said })))
            : throwError(() => error),
        ),
      ),
    ),
    takeWhile(({ type }) => type === 'passed', true),
  )
}
