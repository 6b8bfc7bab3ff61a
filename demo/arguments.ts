import { parseArgs } from 'node:util'

export type Arguments =
  | { readonly type: 'run'; readonly file?: string; readonly brokers?: readonly string[] }
  | { readonly type: 'help' }
  | { readonly type: 'wrong'; readonly reason: string }

export const HELP = `Sends a file of records through an Observable into a new topic of a real Kafka, and reads them back.

  npm start                              the message schemas of Kafka itself (schemas/), keyed by message name
  npm start -- FILE.jsonl                a file with one JSON value a line
  npm start -- --brokers HOST:PORT,...   a Kafka that is running already; the topic stays there

A line whose object has a "value", and beside it nothing but "key", "headers", "partition" and "timestamp", is such a record:
  {"key": "order-7", "value": {"total": 12}, "headers": {"source": "web"}, "partition": 2, "timestamp": 1700000000000}
Text is sent as it is, null as null, anything else as JSON. Any other JSON value is the value of a record without a key, as it stands
in the line. Empty lines count for nothing.

The new topic has 6 partitions; on a Kafka that was running already it stays. It is read back by Kafka's own consumer when Java and
Maven are here, else by this library's Fetch codec.

Exit code: 0  everything arrived and equals what was sent
           1  it could not run
           2  lines were wrong, or records did not arrive (the rest did)
`

const ADDRESS = /^(\[[^\]]+\]|[^:[\]]+):\d{1,5}$/

const toBrokers = (text: string): readonly string[] => text.split(',').map((address) => address.trim())

const check = (positionals: readonly string[], brokers: string | undefined): Arguments => {
  const [file, second] = positionals
  if (second !== undefined) return { type: 'wrong', reason: `one file at most, but there is also ${second}` }
  const addresses = brokers === undefined ? undefined : toBrokers(brokers)
  const bad = addresses?.find((address) => !ADDRESS.test(address))
  if (bad !== undefined) return { type: 'wrong', reason: `--brokers takes HOST:PORT, not "${bad}"` }
  return { type: 'run', ...(file !== undefined && { file }), ...(addresses && { brokers: addresses }) }
}

export const parseArguments = (words: readonly string[]): Arguments => {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, brokers: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
    return values.help ? { type: 'help' } : check(positionals, values.brokers)
  } catch (error) {
    return { type: 'wrong', reason: error instanceof Error ? error.message : String(error) }
  }
}
