import { NEVER, VirtualTimeScheduler } from 'rxjs'
import { kafkarx } from '../../lib/cli/kafkarx'

/** What a command came to. */
export interface Outcome {
  readonly exitCode: 0 | 1
  readonly text: string
}

/** Of a command that says all at once. */
export function outcomeOf(args: readonly string[]): Outcome {
  const texts: string[] = []
  let exitCode: Outcome['exitCode'] = 0
  let ended = false
  const surroundings = { terminal: false, interrupted$: NEVER, scheduler: new VirtualTimeScheduler() }
  kafkarx(args, surroundings).subscribe({
    next: ({ type, text }) => {
      texts.push(text)
      if (type === 'error') exitCode = 1
    },
    complete: () => (ended = true),
  })
  if (!ended) throw new Error(`kafkarx ${args.join(' ')} did not end at once`)
  return { exitCode, text: texts.join('\n') }
}
