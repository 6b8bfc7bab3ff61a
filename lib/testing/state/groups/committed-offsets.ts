/**
 * The offsets that groups have committed, and those that open transactions are about to.
 *
 * - Of two commits for a partition the one that came later counts, also when a transaction that staged the earlier one ends after it.
 * - An offset belongs to the topic that had the name at the time: it is gone with it, as in Kafka, where its deletion takes the
 *   offsets along. Here that is found out when somebody looks.
 * - Laxer than Kafka: offsets do not expire (`offsets.retention.minutes`), and nothing is written to the log of `__consumer_offsets`:
 *   whoever deletes that topic deletes no offsets.
 */

export interface CommittedOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** -1: the client did not say. */
  readonly leaderEpoch: number
  readonly metadata: string | null
}

interface StoredOffset extends CommittedOffset {
  readonly topicId: string | undefined
  /** Counts commits and stagings, in the order in which they came. */
  readonly order: number
}

/** By topic and partition. */
type OffsetsOfGroup = Map<string, StoredOffset>

export class CommittedOffsets {
  readonly #groups = new Map<string, OffsetsOfGroup>()
  /** By producer, then by group. */
  readonly #staged = new Map<bigint, Map<string, OffsetsOfGroup>>()
  #order = 0

  /** `topicId`: which topic has the name now. */
  constructor(private readonly topicId: (topic: string) => string | undefined) {}

  commit(groupId: string, offsets: readonly CommittedOffset[]): void {
    this.#put(this.#groups, groupId, offsets)
  }

  /** What a transaction commits when it ends; until then nobody sees it. */
  stage(groupId: string, producerId: bigint, offsets: readonly CommittedOffset[]): void {
    this.#put(
      getOrAdd(this.#staged, producerId, () => new Map<string, OffsetsOfGroup>()),
      groupId,
      offsets,
    )
  }

  /** The transaction of the producer ended; harmless when it had staged nothing. */
  end(producerId: bigint, how: 'commit' | 'abort'): void {
    const groups = this.#staged.get(producerId)
    this.#staged.delete(producerId)
    if (how === 'abort' || groups === undefined) return
    for (const [groupId, offsets] of groups) {
      const committed = getOrAdd(this.#groups, groupId, noOffsets)
      for (const [key, offset] of offsets) {
        if (offset.order > (committed.get(key)?.order ?? 0)) committed.set(key, offset)
      }
    }
  }

  fetch(groupId: string, topic: string, partition: number): CommittedOffset | undefined {
    const stored = this.#groups.get(groupId)?.get(keyOf(topic, partition))
    return stored !== undefined && this.#isThere(stored) ? stored : undefined
  }

  fetchAll(groupId: string): readonly CommittedOffset[] {
    return [...(this.#groups.get(groupId)?.values() ?? [])].filter((stored) => this.#isThere(stored))
  }

  /** Whether a transaction that is still open may change the partition's offset. */
  hasStaged(groupId: string, topic: string, partition: number): boolean {
    return [...this.#staged.values()].some((groups) => {
      const stored = groups.get(groupId)?.get(keyOf(topic, partition))
      return stored !== undefined && this.#isThere(stored)
    })
  }

  /** Also what is staged. */
  delete(groupId: string, topic: string, partition: number): void {
    for (const groups of this.#all()) groups.get(groupId)?.delete(keyOf(topic, partition))
  }

  /** Also what is staged. */
  deleteAll(groupId: string): void {
    for (const groups of this.#all()) groups.delete(groupId)
  }

  #all(): readonly Map<string, OffsetsOfGroup>[] {
    return [this.#groups, ...this.#staged.values()]
  }

  #put(groups: Map<string, OffsetsOfGroup>, groupId: string, offsets: readonly CommittedOffset[]): void {
    if (offsets.length === 0) return
    const stored = getOrAdd(groups, groupId, noOffsets)
    for (const offset of offsets) {
      const { topic, partition } = offset
      stored.set(keyOf(topic, partition), { ...offset, topicId: this.topicId(topic), order: ++this.#order })
    }
  }

  #isThere({ topic, topicId }: StoredOffset): boolean {
    return this.topicId(topic) === topicId
  }
}

/** Topic names have no slash. */
const keyOf = (topic: string, partition: number): string => `${topic}/${String(partition)}`

const noOffsets = (): OffsetsOfGroup => new Map()

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}
