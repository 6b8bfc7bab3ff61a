/** What `kafkarx broker` is asked for. */
import { parseArgs } from 'node:util'
import type { ListenOptions, TestClusterOptions } from '../entries/testing'
import { UsageError } from './command'

export const brokerHelp = `Usage: kafkarx broker [--topic NAME[:PARTITIONS]]... [options]

A Kafka for development, within this process: no Java, no container, no disk. Any Kafka client can use it, and what
it holds is gone when it ends.

  --topic NAME[:PARTITIONS]  is there from the beginning, with 1 partition unless told; as often as you like
  --port N                   of the first broker, the others have the ones after it; 0: any that are free (9092)
  --host HOST                where it listens; 0.0.0.0: for other machines too (127.0.0.1)
  --advertised-host HOST     what clients are told to connect to, where that is not --host
  --brokers N                how many brokers (1)
  --retention SIZE           what each partition keeps, such as 512K, 64M or 2G: older records go (64M)
  --config NAME=VALUE        a setting of the brokers by Kafka's name, such as auto.create.topics.enable=false;
                             as often as you like
  --help                     prints this

It prints where it listens and what arrives. Ctrl-C ends it, with exit code 0.`

export interface BrokerOptions {
  /** Partitions of the topics that are there from the beginning. */
  readonly topics: Readonly<Record<string, number>>
  readonly cluster: TestClusterOptions
  readonly listen: ListenOptions
}

const OPTIONS = {
  topic: { type: 'string', multiple: true, default: [] as string[] },
  port: { type: 'string', default: '9092' },
  host: { type: 'string', default: '127.0.0.1' },
  'advertised-host': { type: 'string' },
  brokers: { type: 'string', default: '1' },
  retention: { type: 'string', default: '64M' },
  config: { type: 'string', multiple: true, default: [] as string[] },
} as const

const HIGHEST_PORT = 65_535
const MOST_BROKERS = 100
const MOST_PARTITIONS = 100_000

/** Throws a UsageError that names the option. */
export function parseBroker(args: readonly string[]): BrokerOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const { topic, host, config, 'advertised-host': advertisedHost } = values
  const brokers = wholeNumber('--brokers', values.brokers, { from: 1, to: MOST_BROKERS })
  const port = wholeNumber('--port', values.port, { from: 0, to: HIGHEST_PORT - brokers + 1 })
  const topics = Object.fromEntries(distinct('--topic', topic.map(topicOf)))
  return {
    topics,
    cluster: {
      brokers,
      topics,
      retentionBytes: sizeOf('--retention', values.retention),
      configs: Object.fromEntries(distinct('--config', config.map(settingOf))),
    },
    listen: { host, port, ...(advertisedHost !== undefined && { advertisedHost }) },
  }
}

function wholeNumber(option: string, text: string, { from, to }: { readonly from: number; readonly to: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (value >= from && value <= to) return value
  throw new UsageError(`${option} takes a whole number from ${String(from)} to ${String(to)}, and not '${text}'`)
}

/** The names that Kafka allows. */
const TOPIC = /^(?!\.{1,2}(?::|$))([a-zA-Z0-9._-]{1,249})(?::(.*))?$/

function topicOf(text: string): readonly [string, number] {
  const [, name, partitions = '1'] = TOPIC.exec(text) ?? []
  if (name === undefined) {
    throw new UsageError(
      `--topic takes NAME or NAME:PARTITIONS, and not '${text}'; a name has letters, digits, '.', '_' and '-', at most 249`,
    )
  }
  return [name, wholeNumber(`--topic ${name}:PARTITIONS`, partitions, { from: 1, to: MOST_PARTITIONS })]
}

function settingOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`--config takes NAME=VALUE, and not '${text}'`)
  return [text.slice(0, at), text.slice(at + 1)]
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

function sizeOf(option: string, text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([KMG]?)(?:i?B)?$/i.exec(text) ?? []
  const size = Number(number) * (UNITS[unit.toUpperCase()] ?? NaN)
  if (number !== '' && size >= 1) return size
  throw new UsageError(`${option} takes a size such as 512K, 64M or 2G, and not '${text}'`)
}

/** What was asked for twice was asked for by mistake. */
function distinct<T>(option: string, entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  const names = entries.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new UsageError(`${option} ${twice} was given twice`)
  return entries
}
