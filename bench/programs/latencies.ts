const SAMPLED_EVERY = 64

/** The times of records from when they were due to their delivery. Of very many, every 64th: to look at the clock for each would be measured too. */
export const latencies = (count: number, which: 'all' | 'sampled') => {
  const every = which === 'all' ? 1 : SAMPLED_EVERY
  const begun = new Float64Array(Math.ceil(count / every))
  const taken = new Float32Array(begun.length)
  const dueAt = (index: number, at: number): void => {
    if (index % every === 0) begun[index / every] = at
  }
  const due = (index: number): void => {
    if (index % every === 0) begun[index / every] = performance.now()
  }
  const done = (index: number): void => {
    if (index % every === 0) taken[index / every] = performance.now() - (begun[index / every] ?? NaN)
  }
  const percentiles = () => {
    const sorted = taken.slice().sort()
    const at = (share: number): number | null => (sorted.length === 0 ? null : (sorted[Math.floor(share * sorted.length)] ?? null))
    return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
  }
  return { due, dueAt, done, percentiles }
}
