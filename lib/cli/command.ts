/** What a command of the line is made of. */
export interface Command {
  /** One line, for the list of all commands. */
  readonly summary: string
  readonly help: string
  /** Returns what it has to say. Whatever goes wrong is thrown: a `UsageError` if it was asked wrongly. */
  readonly run: (args: readonly string[]) => string
}

/** The command line is not understood, or asks for what there is not. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
