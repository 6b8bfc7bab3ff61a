import { parseJson } from '../../codegen/schema/json'
import { layout, type Facts } from './layout'

/** Prose is left out: what is kept are facts. */
const PROSE = new Set(['about'])

const FLAGS = new Set(['latestVersionUnstable', 'ignorable', 'mapKey', 'zeroCopy'])

/** The order in which a reader asks. What is not named here is not known, and `codegen` refuses it by its path. */
const ORDER = [
  ...['apiKey', 'type', 'name', 'listeners', 'validVersions', 'flexibleVersions', 'deprecatedVersions', 'latestVersionUnstable'],
  ...['versions', 'nullableVersions', 'tag', 'taggedVersions', 'default', 'ignorable', 'mapKey', 'entityType', 'zeroCopy'],
  ...['fields', 'commonStructs'],
]
const FIELD_ORDER = ['name', 'type', ...ORDER.filter((key) => key !== 'name' && key !== 'type')]

/** Kafka's text of a schema in our form: no comments, stable order of keys, one field a line. */
export function canonicalText(text: string, file: string): string {
  return layout(canonical(parseJson(text, file), ORDER))
}

function canonical(value: unknown, order: readonly string[]): Facts {
  if (Array.isArray(value)) return value.map((item) => canonical(item, FIELD_ORDER))
  if (typeof value !== 'object' || value === null) return scalar(value)
  const entries = Object.entries(value)
    .map(([key, entry]): [string, unknown] => [key, unquoted(key, entry)])
    .filter(([key, entry]) => !PROSE.has(key) && entry !== false && entry !== null)
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length)
  entries.sort(([a], [b]) => rank(a) - rank(b))
  return Object.fromEntries(entries.map(([key, entry]) => [key, key === 'default' ? String(entry) : canonical(entry, order)]))
}

/** Some schemas put a tag or a flag in quotes. */
function unquoted(key: string, value: unknown): unknown {
  if (FLAGS.has(key) && (value === 'true' || value === 'false')) return value === 'true'
  return key === 'tag' && typeof value === 'string' ? Number(value) : value
}

function scalar(value: unknown): Facts {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new Error(`A schema holds ${String(value)}, which is neither text, number nor boolean`)
}
