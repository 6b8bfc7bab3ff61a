/** What `kafkarx doctor` is asked for. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { fromProperties } from '../index'
import type { ProducerConfig } from '../index'
import { UsageError } from './command'

export const doctorHelp = `Usage: kafkarx doctor [--brokers HOST:PORT,...] [--config FILE] [--topic NAME] [options]

Goes step by step to a cluster as a producer would, and says which step fails, why, and what to try next: the
configuration; of each address its name, TCP, TLS, Kafka's protocol, the login; what the cluster says of itself; every
broker at the address that it advertises; the leaders of a topic. It writes nothing and makes no topic.

  --brokers HOST:PORT,...  where to begin; else bootstrap.servers of FILE
  --config FILE            a properties file of Java's clients: TLS, login, timeouts
  --ignore KEY             passes over a key of FILE that is for other programs; as often as you like
  --topic NAME             looks at the leaders of this topic, too
  --timeout MS             how long a step may take (10000, or what FILE says)
  --json                   a line of JSON for each finding
  --help                   prints this

The exit code is that of the first step that fails:
   0  all is well           4  TCP          8  metadata
   1  asked wrongly         5  TLS          9  an advertised listener
   2  the configuration     6  the login   10  the topic
   3  a name                7  the protocol`

export interface DoctorOptions {
  /** Reads the file; throws a ConfigError that names all problems. */
  readonly configure: () => ProducerConfig
  readonly topic: string | undefined
  readonly json: boolean
}

const OPTIONS = {
  brokers: { type: 'string' },
  config: { type: 'string' },
  ignore: { type: 'string', multiple: true, default: [] as string[] },
  topic: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Throws a UsageError that names the option. */
export function parseDoctor(args: readonly string[]): DoctorOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const { config, ignore, topic, json } = values
  const brokers = values.brokers?.split(',')
  if (brokers === undefined && config === undefined) throw new UsageError('--brokers HOST:PORT or --config FILE is missing')
  const timeout = timeoutOf(values.timeout)
  const text = config === undefined ? '' : textOf(config)
  const configure = (): ProducerConfig => ({
    ...fromProperties(text, { ignore, ...(brokers !== undefined && { brokers }) }),
    ...(timeout !== undefined && { connectionSetupTimeout: timeout, requestTimeout: timeout }),
  })
  return { configure, topic, json }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`--config: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new UsageError(`--timeout takes milliseconds, and not '${text}'`)
}
