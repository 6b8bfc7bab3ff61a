/** For a name that nobody has: the one that may be meant. */

/** The nearest of `names`; undefined when none is near: a wrong guess is worse than none. Case and punctuation do not count. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = lettersOf(name)
  const ranked = names.map((each) => ({ each, distance: distance(wanted, lettersOf(each)) })).sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best !== undefined && best.distance <= Math.floor(wanted.length * MOST_WRONG) ? best.each : undefined
}

/** A third of the letters: enough for a unit at the end (`lingerMs`) and for slips, too few for another word. */
const MOST_WRONG = 1 / 3

/** In which `linger.ms`, `lingerMs` and `LINGER_MS` are one name, and `linger` too. */
export const lettersOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/ms$/, '')

/** Levenshtein's: how many letters must be put in, taken out or changed. Row by row, of which the last is kept. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const changed = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
