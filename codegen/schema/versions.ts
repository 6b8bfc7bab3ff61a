/** A range of versions, both ends inclusive; the end of an open range ("3+") is the highest version that Kafka can express. */
export interface Versions {
  readonly lowest: number
  readonly highest: number
}

export const HIGHEST = 32767

/** The one empty range. */
export const NONE: Versions = { lowest: 0, highest: -1 }

/** Undefined when the text is no range: "4", "2-5", "3+" or "none". */
export function parseVersions(text: string): Versions | undefined {
  if (text === 'none') return NONE
  const match = /^(\d{1,5})(?:(\+)|-(\d{1,5}))?$/.exec(text)
  if (match === null) return undefined
  const lowest = Number(match[1])
  const highest = match[2] === '+' ? HIGHEST : Number(match[3] ?? match[1])
  return highest < lowest || highest > HIGHEST ? undefined : { lowest, highest }
}

export function printVersions(versions: Versions): string {
  const { lowest, highest } = versions
  if (isEmpty(versions)) return 'none'
  if (highest === HIGHEST) return `${String(lowest)}+`
  return lowest === highest ? String(lowest) : `${String(lowest)}-${String(highest)}`
}

export function isEmpty({ lowest, highest }: Versions): boolean {
  return highest < lowest
}

export function isOpenEnded({ highest }: Versions): boolean {
  return highest === HIGHEST
}

export function sameVersions(a: Versions, b: Versions): boolean {
  return a.lowest === b.lowest && a.highest === b.highest
}

export function intersect(a: Versions, b: Versions): Versions {
  const both = { lowest: Math.max(a.lowest, b.lowest), highest: Math.min(a.highest, b.highest) }
  return isEmpty(both) ? NONE : both
}

/** Every version of `inner` is in `outer`; the empty range is in all. */
export function contains(outer: Versions, inner: Versions): boolean {
  return sameVersions(intersect(outer, inner), inner)
}

/** Undefined when what remains is not one range. */
export function subtract(from: Versions, what: Versions): Versions | undefined {
  const both = intersect(from, what)
  if (isEmpty(both)) return from
  if (sameVersions(both, from)) return NONE
  if (both.lowest === from.lowest) return { lowest: both.highest + 1, highest: from.highest }
  if (both.highest === from.highest) return { lowest: from.lowest, highest: both.lowest - 1 }
  return undefined
}
