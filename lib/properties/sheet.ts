/** What was set, and what is wrong with it: handed from one reader of properties to the next, so that all problems are named at once. */
import type { Reader } from './reader'
import type { Rules } from './rule'

export interface Sheet {
  readonly keys: readonly string[]
  readonly problems: readonly string[]
  /** Without blanks around it, as Kafka reads it; undefined when it is not set. May be empty. */
  text(key: string): string | undefined
  /** Undefined when it is not set, or is empty, or cannot be read: that is a problem then. */
  read<T>(key: string, reader: Reader<T>): T | undefined
  problem(key: string, text: string): void
  /** The value as a problem may show it. */
  shown(key: string): string
}

export function sheetOf(entries: ReadonlyMap<string, string>, rules: Rules): Sheet {
  const problems: string[] = []
  const text = (key: string): string | undefined => entries.get(key)?.trim()
  const isSecret = (key: string): boolean => {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined
    return rule !== undefined && 'secret' in rule
  }
  const shown = (key: string): string => (isSecret(key) ? 'a value' : `'${text(key) ?? ''}'`)
  const problem = (key: string, what: string): void => void problems.push(`${key}: ${what}`)
  return {
    keys: [...entries.keys()],
    problems,
    text,
    shown,
    problem,
    read: (key, reader) => {
      const value = text(key)
      if (value === undefined || value === '') return undefined
      const reading = reader(value)
      if ('value' in reading) return reading.value
      problem(key, `${shown(key)} given; ${reading.expected} expected`)
      return undefined
    },
  }
}
