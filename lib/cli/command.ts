/** What a command of the line is made of. */
import type { Observable, SchedulerLike } from 'rxjs'

/** Something for whoever called the command: a line stays, a picture stands until the next one replaces it. */
export interface Output {
  readonly type: 'line' | 'picture'
  readonly text: string
}

/** Where a command runs. */
export interface Surroundings {
  /** Whether pictures can be drawn; else there are lines alone. */
  readonly terminal: boolean
  /** Emits when it is to end (Ctrl-C). */
  readonly interrupted$: Observable<unknown>
  /** Where its time comes from. */
  readonly scheduler: SchedulerLike
}

export interface Command {
  /** One line, for the list of all commands. */
  readonly summary: string
  readonly help: string
  /** Says what it has to say, and completes at its end. Whatever goes wrong is thrown or is its error: a `UsageError` if it was asked wrongly. */
  readonly run: (args: readonly string[], surroundings: Surroundings) => Observable<Output>
}

/** The command line is not understood, or asks for what there is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** It was understood and done, and what came of it is no success. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'

  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message)
  }
}

export const line = (text: string): Output => ({ type: 'line', text })
