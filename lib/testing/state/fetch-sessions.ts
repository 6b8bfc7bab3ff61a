/**
 * The fetch sessions of a broker (KIP-227): a consumer names its partitions once and then only what changed, and hears only of what
 * changed.
 *
 * Where it differs from Apache Kafka: when all places are taken (max.incremental.fetch.session.cache.slots, 1,000), only a session that
 * was not used for two minutes makes room; Kafka also drops small ones for larger ones.
 */
import type { Clock } from '../../time'

/** What a consumer wants of a partition, as the session keeps it. */
export interface FetchTarget {
  /** Empty where the client gave an id. */
  readonly name: string
  readonly topicId: string
  readonly index: number
  readonly fetchOffset: bigint
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly maxBytes: number
}

/** Names a partition for as long as the client names it the same way. */
export const targetKey = ({ name, topicId, index }: Pick<FetchTarget, 'name' | 'topicId' | 'index'>): string =>
  `${topicId} ${name} ${String(index)}`

/** What the consumer was told last. */
export interface Told {
  readonly highWatermark: bigint
  readonly logStartOffset: bigint
}

export interface Cached {
  readonly target: FetchTarget
  readonly told: Told
}

/** The consumer has heard nothing of the partition yet. */
export const NOTHING_TOLD: Told = { highWatermark: -1n, logStartOffset: -1n }

const LARGEST_EPOCH = 2 ** 31 - 1

interface FetchSessionOptions {
  /** In the order in which they are served; by `targetKey`. */
  readonly partitions: Map<string, Cached>
  readonly usesTopicIds: boolean
}

export class FetchSession {
  readonly partitions: Map<string, Cached>
  readonly usesTopicIds: boolean
  /** What the next request has to say. */
  epoch = 1

  constructor(
    readonly id: number,
    options: FetchSessionOptions,
    public usedAt: number,
  ) {
    this.partitions = options.partitions
    this.usesTopicIds = options.usesTopicIds
  }

  /** Takes in what the consumer wants from now on. */
  update(targets: readonly FetchTarget[], forgotten: readonly string[]): void {
    for (const target of targets) {
      const key = targetKey(target)
      this.partitions.set(key, { target, told: this.partitions.get(key)?.told ?? NOTHING_TOLD })
    }
    for (const key of forgotten) this.partitions.delete(key)
  }

  /** The consumer hears this of a partition. One that gave records is served last the next time. */
  tell(key: string, told: Told, gave: 'records' | 'nothing'): void {
    const cached = this.partitions.get(key)
    if (cached === undefined) return
    if (gave === 'records') this.partitions.delete(key)
    this.partitions.set(key, { ...cached, told })
  }
}

const MOST_SESSIONS = 1000
const LONGEST_ID = 2 ** 31 - 1
const UNUSED_FOR = 120_000

export class FetchSessions {
  readonly #sessions = new Map<number, FetchSession>()

  constructor(private readonly clock: Clock) {}

  find(id: number): FetchSession | undefined {
    return this.#sessions.get(id)
  }

  remove(id: number): void {
    this.#sessions.delete(id)
  }

  /** The next request has the next epoch; 0 is for those that begin. */
  use(session: FetchSession): void {
    session.usedAt = this.clock.now()
    session.epoch = session.epoch === LARGEST_EPOCH ? 1 : session.epoch + 1
  }

  /** Undefined when there is no room for another one. */
  open(options: FetchSessionOptions): FetchSession | undefined {
    if (this.#sessions.size >= MOST_SESSIONS && !this.#makeRoom()) return undefined
    const session = new FetchSession(this.#newId(), options, this.clock.now())
    this.#sessions.set(session.id, session)
    return session
  }

  #makeRoom(): boolean {
    const oldest = [...this.#sessions.values()].reduce((a, b) => (b.usedAt < a.usedAt ? b : a))
    return oldest.usedAt + UNUSED_FOR <= this.clock.now() && this.#sessions.delete(oldest.id)
  }

  #newId(): number {
    for (;;) {
      const id = 1 + Math.floor(this.clock.random() * (LONGEST_ID - 1))
      if (!this.#sessions.has(id)) return id
    }
  }
}
