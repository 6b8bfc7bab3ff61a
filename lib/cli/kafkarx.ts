import { catchError, defer, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { broker } from './broker'
import { codegen } from './codegen'
import { CommandFailure, line, UsageError } from './command'
import type { Command, Output, Surroundings } from './command'
import { doctor } from './doctor'

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.entries({ broker, codegen, doctor }))

const NAME_WIDTH = Math.max(...[...COMMANDS.keys()].map(({ length }) => length))
const list = [...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(NAME_WIDTH)}    ${summary}`).join('\n')
const help = `Usage: kafkarx COMMAND [options]

${list}

kafkarx COMMAND --help says more.`

/** What a call of the command shows; with an error at its end it has failed. */
export type Shown = Output | { readonly type: 'error'; readonly text: string; readonly exitCode: number }

/**
 * Never errors. A wrong option, a wrong schema, a folder that cannot be read, a port that is taken: whoever asked can mend it, and a stack
 * would hide how.
 */
export const kafkarx = (args: readonly string[], surroundings: Surroundings): Observable<Shown> =>
  defer((): Observable<Shown> => run(args, surroundings)).pipe(
    catchError((error: unknown) =>
      of({
        type: 'error' as const,
        text: `kafkarx: ${error instanceof Error ? error.message : String(error)}`,
        exitCode: error instanceof CommandFailure ? error.exitCode : 1,
      }),
    ),
  )

function run([name, ...args]: readonly string[], surroundings: Surroundings): Observable<Output> {
  if (name === undefined) throw new UsageError(`no command was given\n\n${help}`)
  if (isHelp(name)) return of(line(help))
  const command = COMMANDS.get(name)
  if (command === undefined) throw new UsageError(`there is no command '${name}'\n\n${help}`)
  return args.some(isHelp) ? of(line(command.help)) : command.run(args, surroundings)
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}
