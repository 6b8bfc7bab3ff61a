/**
 * The lives of brokers, and what the controller makes of them.
 *
 *     up ── stop ───► down     it hands its leadership over first, and the controller knows at once
 *     up ── kill ───► down     the controller notices when its session has run out
 *     up ── pause ──► paused   likewise; it goes on where it stood
 *     up, isolated             likewise: it runs, and nobody hears of it
 *
 * A broker that is no longer alive has its session for `sessionTimeout`. When that has run out it is fenced: others lead, it is out of
 * sync, and metadata does not name it. Until then its partitions have no answer, and as an in-sync replica it holds the high watermark
 * where it is. One that is alive again before that has missed nothing; one that was fenced comes back as a follower.
 *
 * Where Apache Kafka differs: brokers come up at once, and the controller is none of the brokers; here it is one of them by number, and
 * that number moves to another when its broker is fenced. A leader that was paused or isolated does not think for a moment that it still leads.
 */
import type { NodeId } from '../../record'
import type { Cancel } from '../../time'
import type { ClusterState } from './cluster-state'
import { reinstate, rejoin, replace } from './elections'
import { isAlive } from './node'
import type { ClusterNode } from './node'
import type { Partition } from './partition'

export class Lifecycle {
  /** Of brokers that are not alive and not fenced. */
  readonly #sessions = new Map<NodeId, Cancel>()
  /** Killed, and started before their session had run out: Kafka does not register a second one of that number. */
  readonly #starting = new Set<NodeId>()
  /** Partitions whose in-sync replicas stay as they were ordered. */
  readonly #held = new Set<Partition>()

  constructor(private readonly cluster: ClusterState) {}

  stop(node: ClusterNode): void {
    this.#starting.delete(node.id)
    if (node.status === 'down') return
    if (isAlive(node)) this.#fence(node)
    this.#become(node, { status: 'down' })
  }

  kill(node: ClusterNode): void {
    this.#starting.delete(node.id)
    if (node.status !== 'down') this.#become(node, { status: 'down' })
  }

  start(node: ClusterNode): void {
    if (node.status !== 'down') return
    if (node.fenced) this.#become(node, { status: 'up' })
    else this.#starting.add(node.id)
  }

  pause(node: ClusterNode): void {
    if (node.status === 'up') this.#become(node, { status: 'paused' })
  }

  resume(node: ClusterNode): void {
    if (node.status === 'paused') this.#become(node, { status: 'up' })
  }

  isolate(node: ClusterNode): void {
    if (!node.isolated) this.#become(node, { isolated: true })
  }

  rejoin(node: ClusterNode): void {
    if (node.isolated) this.#become(node, { isolated: false })
  }

  /** Replicas out of the in-sync ones, or into them; what the others do is left as it is until `restoreIsr`. */
  holdIsr(partition: Partition, isr: readonly NodeId[]): void {
    this.#held.add(partition)
    partition.changeIsr(isr)
    this.cluster.changed$.next()
  }

  restoreIsr(partition: Partition): void {
    this.#held.delete(partition)
    rejoin(this.cluster, partition)
    this.cluster.changed$.next()
  }

  /** Whatever changed: leaders, replicas, brokers. */
  settle(): void {
    const { cluster } = this
    for (const partition of cluster.partitions) {
      partition.follow(cluster.alive)
      if (!this.#held.has(partition)) rejoin(cluster, partition)
    }
    cluster.changed$.next()
  }

  #become(node: ClusterNode, change: Partial<Pick<ClusterNode, 'status' | 'isolated'>>): void {
    Object.assign(node, change)
    if (isAlive(node)) this.#renew(node)
    else this.#expire(node)
    this.settle()
  }

  #renew(node: ClusterNode): void {
    this.#sessions.get(node.id)?.()
    this.#sessions.delete(node.id)
    if (!node.fenced) return
    node.fenced = false
    this.#replaceController()
    reinstate(this.cluster)
  }

  #expire(node: ClusterNode): void {
    if (node.fenced || this.#sessions.has(node.id)) return
    const { clock, settings } = this.cluster
    const expired = (): void => {
      this.#fence(node)
      this.settle()
      if (this.#starting.delete(node.id)) this.start(node)
    }
    this.#sessions.set(node.id, clock.schedule(settings.sessionTimeout, expired))
  }

  #fence(node: ClusterNode): void {
    this.#sessions.get(node.id)?.()
    this.#sessions.delete(node.id)
    node.fenced = true
    replace(this.cluster, node.id)
    this.#replaceController()
  }

  /** When nobody is left, the last one keeps the number until somebody is back. */
  #replaceController(): void {
    const { cluster } = this
    if (cluster.isActive(cluster.controller)) return
    const next = [...cluster.nodes.keys()].find((id) => cluster.isActive(id))
    if (next !== undefined) cluster.controller = next
  }
}
