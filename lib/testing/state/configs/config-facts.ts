/** What a setting is: its type, its default, and which values it takes. As in Kafka's ConfigDef. */

/** Kafka's numbers for the types, as DescribeConfigs tells them. */
export const CONFIG_TYPES = { boolean: 1, string: 2, int: 3, short: 4, long: 5, double: 6, list: 7 } as const

export type ConfigType = keyof typeof CONFIG_TYPES

/** Undefined when the value is one; else what is wrong with it. A list's values are joined with commas. */
export type Check = (value: string) => string | undefined

export interface ConfigFact {
  readonly name: string
  readonly type: ConfigType
  /** Null: not set, and something else decides. */
  readonly default: string | null
  readonly check?: Check | undefined
}

/** A value as Kafka prints it again, or what is wrong with it. */
export type Parsed = { readonly value: string } | { readonly problem: string }

export function parseConfig({ name, type, check }: ConfigFact, text: string): Parsed {
  const value = PARSERS[type](text.trim())
  const problem = value === undefined ? `it must be ${KINDS[type]}` : check?.(value)
  if (value === undefined || problem !== undefined) return { problem: `${name} cannot be ${JSON.stringify(text)}: ${problem ?? ''}` }
  return { value }
}

/** A value that was looked at before, as Kafka prints it. */
export function printed(fact: ConfigFact, text: string): string {
  const parsed = parseConfig(fact, text)
  return 'value' in parsed ? parsed.value : text
}

export const atLeast =
  (least: number): Check =>
  (value) =>
    Number(value) < least ? `it must be ${String(least)} at least` : undefined

export const between =
  (least: number, most: number): Check =>
  (value) =>
    Number(value) < least || Number(value) > most ? `it must be from ${String(least)} to ${String(most)}` : undefined

/** Also takes `extra`, which lies outside of the range. */
export const betweenOr =
  (extra: number, range: Check): Check =>
  (value) =>
    Number(value) === extra ? undefined : range(value)

export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value) ? undefined : `it must be one of ${values.join(', ')}`

/** An empty list is one. */
export const listOf =
  (...values: readonly string[]): Check =>
  (value) =>
    itemsOf(value).every((item) => values.includes(item)) ? undefined : `it may hold ${values.join(', ')}`

/** The values of a list. */
export const itemsOf = (value: string): readonly string[] => (value === '' ? [] : value.split(','))

const integer =
  (bits: number) =>
  (text: string): string | undefined => {
    if (!/^[+-]?\d+$/.test(text)) return undefined
    const value = BigInt(text.replace('+', ''))
    return BigInt.asIntN(bits, value) === value ? String(value) : undefined
  }

const DOUBLE = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** As Java prints it, for numbers from a thousandth to ten million: a whole number keeps its point. */
function double(text: string): string | undefined {
  if (!DOUBLE.test(text)) return undefined
  const value = Number(text)
  return Number.isInteger(value) ? value.toFixed(1) : String(value)
}

const boolean = (text: string): string | undefined => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined)

const same = (text: string): string => text

/** What is named twice is kept once. Commas alone are a list of empty names, and not an empty list. */
const list = (text: string): string => (/^[\s,]+$/.test(text) ? ',' : [...new Set(text.split(/\s*,\s*/))].join(','))

const PARSERS: Readonly<Record<ConfigType, (text: string) => string | undefined>> = {
  boolean,
  string: same,
  int: integer(32),
  short: integer(16),
  long: integer(64),
  double,
  list,
}

const KINDS: Readonly<Record<ConfigType, string>> = {
  boolean: 'true or false',
  string: 'a text',
  int: 'a whole number of 32 bits',
  short: 'a whole number of 16 bits',
  long: 'a whole number of 64 bits',
  double: 'a number',
  list: 'a list',
}
