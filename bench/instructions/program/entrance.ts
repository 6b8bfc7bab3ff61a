import { Observable } from 'rxjs'
import type { OperatorFunction, Subscriber } from 'rxjs'

/** Pushes values into an operator, with as little before and behind it as can be. */
export function entrance<In, Out>(operator: OperatorFunction<In, Out>, next: (value: Out) => void): (value: In) => void {
  let inlet: Subscriber<In> | undefined
  new Observable<In>((subscriber) => {
    inlet = subscriber
  })
    .pipe(operator)
    .subscribe({
      next,
      error: (error: unknown) => {
        throw error
      },
    })
  if (inlet === undefined) throw new Error('nobody has subscribed')
  const subscribed = inlet
  return (value) => subscribed.next(value)
}
