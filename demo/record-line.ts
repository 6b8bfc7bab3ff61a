/** What a line of the input stands for. */
export interface InputRecord {
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly { readonly key: string; readonly value: string | null }[]
  readonly partition?: number
  readonly timestamp?: number
}

type Fields = Readonly<Record<string, unknown>>

const FIELDS: ReadonlySet<string> = new Set(['key', 'value', 'headers', 'partition', 'timestamp'])

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const isRecord = (value: unknown): value is Fields =>
  isObject(value) && 'value' in value && Object.keys(value).every((name) => FIELDS.has(name))

const text = (value: unknown): string | null => (value === null || value === undefined ? null : asText(value))
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const toHeaders = (headers: unknown): InputRecord['headers'] => {
  if (headers === undefined) return []
  if (!isObject(headers)) throw new Error('headers must be an object')
  return Object.entries(headers).map(([key, value]) => ({ key, value: text(value) }))
}

const wholeNumber = (fields: Fields, name: 'partition' | 'timestamp'): { readonly [name]?: number } => {
  const value = fields[name]
  if (value === undefined || value === null) return {}
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return { [name]: value }
  throw new Error(`${name} must be a whole number that is not negative`)
}

/** Throws an Error that says what is wrong with the line. */
export const parseLine = (line: string): InputRecord => {
  const parsed: unknown = JSON.parse(line)
  if (!isRecord(parsed)) return { key: null, value: line, headers: [] }
  const { key, value, headers } = parsed
  return {
    key: text(key),
    value: text(value),
    headers: toHeaders(headers),
    ...wholeNumber(parsed, 'partition'),
    ...wholeNumber(parsed, 'timestamp'),
  }
}
