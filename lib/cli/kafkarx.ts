import { codegen } from './codegen'
import { UsageError } from './command'
import type { Command } from './command'

const COMMANDS: ReadonlyMap<string, Command> = new Map([['codegen', codegen]])

const list = [...COMMANDS].map(([name, { summary }]) => `  ${name}    ${summary}`).join('\n')
const help = `Usage: kafkarx COMMAND [options]

${list}

kafkarx COMMAND --help says more.`

/** What a call of the command comes to. */
export interface Outcome {
  readonly exitCode: 0 | 1
  readonly text: string
}

/** A wrong option, a wrong schema, a folder that cannot be read: whoever asked can mend it, and a stack would hide how. */
export function kafkarx(args: readonly string[]): Outcome {
  try {
    return { exitCode: 0, text: run(args) }
  } catch (error) {
    return { exitCode: 1, text: `kafkarx: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function run([name, ...args]: readonly string[]): string {
  if (name === undefined) throw new UsageError(`no command was given\n\n${help}`)
  if (isHelp(name)) return help
  const command = COMMANDS.get(name)
  if (command === undefined) throw new UsageError(`there is no command '${name}'\n\n${help}`)
  return args.some(isHelp) ? command.help : command.run(args)
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}
