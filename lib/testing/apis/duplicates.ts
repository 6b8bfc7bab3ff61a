/** What is named more than once, in the order in which it was named again. */
export function duplicatesOf<T>(names: readonly T[]): ReadonlySet<T> {
  const seen = new Set<T>()
  const again = new Set<T>()
  for (const name of names) (seen.has(name) ? again : seen).add(name)
  return again
}
