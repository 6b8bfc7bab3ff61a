/**
 * How much of a partition's log each of its replicas has. Whoever runs, and has a leader that runs, has all of it; the others stay where they were.
 *
 * Where Apache Kafka differs: a follower copies with its next fetch, a moment later; here it does so at once.
 */
import type { NodeId } from '../../record'

export class ReplicaProgress {
  readonly #ends: Map<NodeId, bigint>
  #alive: ReadonlySet<NodeId>

  constructor(replicas: readonly NodeId[]) {
    this.#ends = new Map(replicas.map((id) => [id, 0n]))
    this.#alive = new Set(replicas)
  }

  isAlive(replica: NodeId): boolean {
    return this.#alive.has(replica)
  }

  /** What a replica has; 0 for one that the partition does not have. */
  endOf(replica: NodeId): bigint {
    return this.#ends.get(replica) ?? 0n
  }

  setAlive(alive: ReadonlySet<NodeId>): void {
    this.#alive = new Set(alive)
  }

  /** `leader` has the log up to `endOffset`, and all that run copy it. */
  copy(leader: NodeId, endOffset: bigint): void {
    if (!this.isAlive(leader)) return
    for (const replica of this.#ends.keys()) if (this.isAlive(replica)) this.#ends.set(replica, endOffset)
  }

  /** What lies beyond is nobody's any more: a replica that still had it throws it away when it hears of the new leader. */
  truncateTo(endOffset: bigint): void {
    for (const [replica, end] of this.#ends) if (end > endOffset) this.#ends.set(replica, endOffset)
  }

  /** The offset up to which all of them have the log. */
  common(replicas: readonly NodeId[]): bigint {
    let least: bigint | undefined
    for (const replica of replicas) {
      const end = this.endOf(replica)
      if (least === undefined || end < least) least = end
    }
    return least ?? 0n
  }
}
