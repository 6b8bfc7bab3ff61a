import { randomUUID } from 'node:crypto'
import { HELP, parseArguments } from './arguments'
import type { Arguments } from './arguments'
import { fileInput, schemaInput } from './input'
import type { Input, OnWrong } from './input'
import { readBack } from './read-back'
import type { ReadBack } from './read-back'
import { allEqual, compare, renderTable, verdict } from './report'
import { send } from './send'
import { reach } from './reach'
import type { Reached } from './reach'
import { tally } from './tally'
import type { Tally } from './tally'
import { wireCluster } from './wire-cluster'

/** Documented in `--help`. */
type ExitCode = 0 | 1 | 2
type Run = Extract<Arguments, { readonly type: 'run' }>

const PARTITIONS = 6
const SHOWN_WRONG_LINES = 20

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const wrongLines = () => {
  let count = 0
  const add: OnWrong = (where, why) => {
    if (++count <= SHOWN_WRONG_LINES) complain(`${where}: ${why}`)
    if (count === SHOWN_WRONG_LINES) complain('further wrong lines are counted, but not shown')
  }
  return { add, count: () => count }
}

const openInput = async (file: string | undefined, onWrong: OnWrong): Promise<Input> => {
  if (file === undefined) return schemaInput()
  return fileInput(file, onWrong).catch((error: unknown) => {
    throw new Error(`${file} cannot be read: ${message(error)}`)
  })
}

const showFailures = (books: Tally): void => {
  const shown = books.failures()
  for (const failure of shown) complain(`failed: ${failure}`)
  const more = books.counts().failed - shown.length
  if (more > 0) complain(`failed: ${more} more`)
}

const check = async (reader: ReadBack, topic: string, books: Tally): Promise<boolean> => {
  say(`reading it back with ${reader.reader}`)
  const rows = compare(books.expected(PARTITIONS), await reader.digest(topic))
  say(`${renderTable(rows)}\n${verdict(books.counts(), rows)}`)
  return books.counts().sent === books.counts().delivered && allEqual(rows)
}

const sendAndCheck = async ({ brokers, reader }: Reached, input: Input): Promise<boolean> => {
  const cluster = wireCluster(brokers)
  const topic = `kafkarx-demo-${randomUUID()}`
  await cluster.createTopic(topic, PARTITIONS)
  say(`sending ${input.name} to ${topic} (${PARTITIONS} partitions)`)
  const books = tally()
  await send({ brokers, topic, input, books })
  showFailures(books)
  const back = await readBack(brokers, cluster, reader)
  return check(back, topic, books).finally(() => back.stop())
}

const run = async ({ file, target }: Run): Promise<ExitCode> => {
  const wrong = wrongLines()
  const input = await openInput(file, wrong.add)
  const reached = await reach(target, say)
  const whole = await sendAndCheck(reached, input).finally(() => reached.stop())
  if (wrong.count() > 0) complain(`${wrong.count()} wrong line(s) of ${input.name} were not sent`)
  return whole && wrong.count() === 0 ? 0 : 2
}

const main = async (): Promise<ExitCode> => {
  const parsed = parseArguments(process.argv.slice(2))
  if (parsed.type === 'run') return run(parsed)
  if (parsed.type === 'wrong') throw new Error(`${parsed.reason} (npm start -- --help)`)
  process.stdout.write(HELP)
  return 0
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    complain(message(error))
    process.exitCode = 1
  },
)
