/** Things that come in twos: what Apache Kafka has, and what the cluster in the process has. */

export interface Pair<T> {
  readonly theirs: T
  readonly ours: T
}

export type SideName = keyof Pair<unknown>

/** The same on both sides. */
export const same = <T>(value: T): Pair<T> => ({ theirs: value, ours: value })

export const mapPair = <T, U>(pair: Pair<T>, map: (value: T, side: SideName) => U): Pair<U> => ({
  theirs: map(pair.theirs, 'theirs'),
  ours: map(pair.ours, 'ours'),
})

export const bothOf = async <T>(pair: Pair<Promise<T>>): Promise<Pair<T>> => {
  const [theirs, ours] = await Promise.all([pair.theirs, pair.ours])
  return { theirs, ours }
}

/** Two pairs into one, side by side. */
export const zip = <A, B, C>(a: Pair<A>, b: Pair<B>, map: (a: A, b: B) => C): Pair<C> => mapPair(a, (value, side) => map(value, b[side]))

/** Resolves a pair to the value of the side that is asked. */
export type At = <T>(pair: Pair<T>) => T

export const atSide =
  (side: SideName): At =>
  (pair) =>
    pair[side]
