/** How the text of a value becomes what it means: Kafka's own types and bounds. */

/** `expected` completes the sentence "… expected". */
export type Reading<T> = { readonly value: T } | { readonly expected: string }
export type Reader<T> = (text: string) => Reading<T>

interface Bounds {
  readonly min: number
  readonly max?: number
}

const INT_MAX = 2 ** 31 - 1
const LONG_MAX = 2 ** 63

export const anyText: Reader<string> = (value) => ({ value })

export function wholeNumber({ min, max = INT_MAX }: Bounds): Reader<number> {
  const expected = max === LONG_MAX ? `a whole number of at least ${String(min)}` : `a whole number from ${String(min)} to ${String(max)}`
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
    return value >= min && value <= max ? { value } : { expected }
  }
}

/** Bytes that may be more than a int holds. */
export const longSize = (bounds: Pick<Bounds, 'min'>): Reader<number> => wholeNumber({ ...bounds, max: LONG_MAX })

/** Java's timeouts may be as long as the universe; ours end with the longest timer there is, which is 24 days. */
export function milliseconds(bounds: Pick<Bounds, 'min'> = { min: 0 }): Reader<number> {
  const number = longSize(bounds)
  return (text) => {
    const reading = number(text)
    return 'value' in reading ? { value: Math.min(reading.value, INT_MAX) } : reading
  }
}

export const flag: Reader<boolean> = (text) => {
  const lower = text.toLowerCase()
  return lower === 'true' || lower === 'false' ? { value: lower === 'true' } : { expected: 'true or false' }
}

/** One of the words of a table, in any case. */
export function word<T>(meanings: Readonly<Record<string, T>>): Reader<T> {
  const byLower = new Map(Object.entries(meanings).map(([name, meaning]) => [name.toLowerCase(), meaning]))
  const expected = `one of ${Object.keys(meanings).join(', ')}`
  return (text) => {
    const value = byLower.get(text.toLowerCase())
    return value === undefined ? { expected } : { value }
  }
}

/** As Kafka cuts lists; nothing between two commas is nothing. */
export const cutList = (text: string): readonly string[] => text.split(/\s*,\s*/).filter((each) => each !== '')

export const list: Reader<readonly string[]> = (text) => ({ value: cutList(text) })
