/** The configuration of Java's producer as one of ours. */
import type { ProducerConfig } from '../config'
import { nearestName } from '../config/nearest-name'
import { ConfigError } from '../errors'
import { RULES, ruleOf } from './keys'
import { partsOf } from './parts'
import { parseProperties } from './properties-text'
import type { Rule } from './rule'
import { sheetOf } from './sheet'
import type { Sheet } from './sheet'

/** Java's keys and their values; what is null or undefined is not set. */
export type PropertiesObject = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>

/** What `fromProperties` needs beside the properties. */
export interface FromPropertiesOptions {
  /** In the place of `bootstrap.servers`, which a file for several clusters or for Kafka's tools may leave out. */
  readonly brokers?: readonly string[]
  /**
   * Keys to pass over: those for which you have done already what the error tells you to do, and those that are for other programs that
   * read the same file.
   */
  readonly ignore?: readonly string[]
}

/**
 * What Java's `producer.properties` says (its text, or an object with the same keys), as a config for `producer`. Each key of Kafka 4.4 is
 * supported, or without effect where that changes nothing, or refused with the reason: docs/options.md lists them all.
 *
 * Throws a ConfigError that names everything that is wrong. Files that it names (certificates) are read when they are needed.
 */
export function fromProperties(properties: string | PropertiesObject, options: FromPropertiesOptions = {}): ProducerConfig {
  const { brokers, ignore = [] } = options
  if (!isGiven(properties)) throw new ConfigError(["the text of a properties file expected, or an object with Java's keys"])
  const entries = new Map(typeof properties === 'string' ? parseProperties(properties) : entriesOf(properties))
  for (const key of ignore) entries.delete(key)
  if (brokers !== undefined) entries.delete('bootstrap.servers')
  const sheet = sheetOf(entries, RULES)
  for (const key of sheet.keys) judge(sheet, key)
  const config = { ...plainOptions(sheet), ...partsOf(sheet) }
  if (brokers === undefined && !sheet.text('bootstrap.servers')) sheet.problem('bootstrap.servers', 'host:port of some brokers expected')
  if (sheet.problems.length > 0) throw new ConfigError(sheet.problems)
  return { ...config, brokers: brokers ?? config.brokers ?? [] }
}

/** JavaScript may give anything: a file that was not found, or its bytes. */
const isGiven = (properties: unknown): boolean =>
  typeof properties === 'string' || (typeof properties === 'object' && properties !== null && !ArrayBuffer.isView(properties))

const entriesOf = (properties: PropertiesObject): readonly (readonly [string, string])[] =>
  Object.entries(properties).flatMap(([key, value]) => (value === null || value === undefined ? [] : [[key, String(value)] as const]))

/** Names what is unknown or refused. */
function judge(sheet: Sheet, key: string): void {
  const rule = ruleOf(key)
  if (rule === undefined) sheet.problem(key, unknown(key))
  else if (rule.type === 'only' && !isAccepted(rule, sheet.text(key) ?? '')) {
    sheet.problem(key, `${sheet.shown(key)} given, but ${rule.why}; ${rule.instead}`)
  }
}

/** What is empty asks for nothing. */
const isAccepted = ({ accepts }: Extract<Rule, { type: 'only' }>, text: string): boolean =>
  text === '' || accepts.some((accepted) => accepted.toLowerCase() === text.toLowerCase())

function unknown(key: string): string {
  const near = nearestName(key, Object.keys(RULES))
  return `Kafka's producer has no such key${near === undefined ? '' : `: is ${near} meant?`} (one for another program can be named in ignore)`
}

function plainOptions(sheet: Sheet): Partial<ProducerConfig> {
  const options = Object.entries(RULES).flatMap(([key, rule]) => {
    if (rule.type !== 'option') return []
    const value = sheet.read(key, rule.read)
    return value === undefined ? [] : [[rule.option, value]]
  })
  return Object.fromEntries(options) as Partial<ProducerConfig>
}
