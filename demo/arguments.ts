import { parseArgs } from 'node:util'

/** Which Kafka the records go to. */
export type Target =
  { readonly type: 'in-process' } | { readonly type: 'kafka' } | { readonly type: 'brokers'; readonly addresses: readonly string[] }

export type Arguments =
  | { readonly type: 'run'; readonly file?: string; readonly target: Target }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly reason: string }

export const HELP = `Sends a file of records through an Observable into a new topic of a Kafka, over sockets, and reads them back.

  npm start                              the message schemas of Kafka itself (schemas/), keyed by message name
  npm start -- FILE.jsonl                a file with one JSON value a line

  npm start                              a Kafka of three brokers within this process (kafkarx/testing): needs nothing but Node
  npm start -- --kafka                   a real Apache Kafka 4.4.0, started here: needs a JDK and Maven
  npm start -- --brokers HOST:PORT,...   a Kafka that is running already; the topic stays there

A line whose object has a "value", and beside it nothing but "key", "headers", "partition" and "timestamp", is such a record:
  {"key": "order-7", "value": {"total": 12}, "headers": {"source": "web"}, "partition": 2, "timestamp": 1700000000000}
Text is sent as it is, null as null, anything else as JSON. Any other JSON value is the value of a record without a key, as it stands
in the line. Empty lines count for nothing.

The new topic has 6 partitions. The Kafka within this process holds them in memory, and is read back by this library's Fetch codec; a
real one by Kafka's own consumer when Java and Maven are here.

Exit code: 0  everything arrived and equals what was sent
           1  it could not run
           2  lines were wrong, or records did not arrive (the rest did)
`

const ADDRESS = /^(\[[^\]]+\]|[^:[\]]+):\d{1,5}$/

const toBrokers = (text: string): readonly string[] => text.split(',').map((address) => address.trim())

interface Options {
  readonly brokers?: string | undefined
  readonly kafka?: boolean | undefined
}

const targetOf = ({ brokers, kafka = false }: Options): Target => {
  if (brokers !== undefined) return { type: 'brokers', addresses: toBrokers(brokers) }
  return { type: kafka ? 'kafka' : 'in-process' }
}

const check = ([file, second]: readonly string[], options: Options): Arguments => {
  if (second !== undefined) return { type: 'wrong', reason: `one file at most, but there is also ${second}` }
  if (options.kafka && options.brokers !== undefined)
    return { type: 'wrong', reason: '--kafka starts a Kafka, --brokers names one: not both' }
  const target = targetOf(options)
  const bad = target.type === 'brokers' ? target.addresses.find((address) => !ADDRESS.test(address)) : undefined
  if (bad !== undefined) return { type: 'wrong', reason: `--brokers takes HOST:PORT, not "${bad}"` }
  return { type: 'run', ...(file !== undefined && { file }), target }
}

export const parseArguments = (words: readonly string[]): Arguments => {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, brokers: { type: 'string' }, kafka: { type: 'boolean' } } as const
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
    return values.help ? { type: 'help' } : check(positionals, values)
  } catch (error) {
    return { type: 'wrong', reason: error instanceof Error ? error.message : String(error) }
  }
}
