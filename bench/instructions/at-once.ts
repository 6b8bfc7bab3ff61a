/** The results of work on each value, in order, with so many at work at once. */
export async function atOnce<T, R>(most: number, values: readonly T[], work: (value: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Array<R>(values.length)
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < values.length; at = next++) results[at] = await work(values[at])
  }
  await Promise.all(Array.from({ length: Math.min(most, values.length) }, worker))
  return results
}
