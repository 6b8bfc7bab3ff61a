/**
 * Values that differ by nature, such as ids, kept one to one: the first time that two of them are seen at the same place they are bound to
 * each other, and from then on either must always come with the other.
 */
import type { Pair, SideName } from './pair'
import type { Value } from './walk'

/** What stands for "none": never bound, both sides must say it. */
const NONE: readonly Value[] = [undefined, null, '', 'AAAAAAAAAAAAAAAAAAAAAA', 0, -1, -1n]

export interface Bindings {
  /** Whether the two belong together: they were bound, or neither was and now they are. */
  agree(kind: string, values: Pair<Value>): boolean
  /** A name for the value that is the same on both sides once it is bound. */
  canonical(kind: string, side: SideName, value: Value): string
  /** How many pairs are bound. */
  readonly size: number
}

export function bindings(): Bindings {
  const kinds = new Map<string, Pair<Map<Value, Value>>>()
  let size = 0

  const tableOf = (kind: string): Pair<Map<Value, Value>> => {
    const table = kinds.get(kind) ?? { theirs: new Map<Value, Value>(), ours: new Map<Value, Value>() }
    kinds.set(kind, table)
    return table
  }

  const agree = (kind: string, { theirs, ours }: Pair<Value>): boolean => {
    if (NONE.includes(theirs) || NONE.includes(ours)) return theirs === ours
    const table = tableOf(kind)
    if (!table.theirs.has(theirs) && !table.ours.has(ours)) {
      table.theirs.set(theirs, ours)
      table.ours.set(ours, theirs)
      size++
      return true
    }
    return table.theirs.get(theirs) === ours && table.ours.get(ours) === theirs
  }

  const canonical = (kind: string, side: SideName, value: Value): string => {
    if (NONE.includes(value)) return ''
    const table = tableOf(kind)
    const bound = side === 'theirs' ? table.theirs.get(value) : table.ours.has(value) ? value : undefined
    return bound === undefined ? `${String(value)} (new)` : String(bound)
  }

  return {
    agree,
    canonical,
    get size() {
      return size
    },
  }
}
