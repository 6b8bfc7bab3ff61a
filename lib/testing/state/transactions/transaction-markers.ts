/**
 * Ends a transaction where it was written: a marker in each of its partitions, and the offsets that were committed with it.
 *
 * As in Kafka this comes after the answer to EndTxn. A marker waits while nobody leads its partition, while its leader or the
 * coordinator does not run, and while too few replicas are in sync; it is written when all in-sync replicas have it, and once more when
 * the leader changes before. A partition that is gone needs none.
 */
import { EMPTY, Observable, concat, concatMap, defer, filter, ignoreElements, map, merge, startWith, take, tap } from 'rxjs'
import type { NodeId } from '../../../record'
import type { Clock } from '../../../time'
import { INTERNAL_TOPICS } from '../internal-topics'
import type { Marker } from '../log/marker-batch'
import { isAlive } from '../node'
import type { ClusterNode } from '../node'
import type { Partition } from '../partition'
import type { TopicPartition, Transaction } from './transaction'
import type { Ending } from './transaction-states'

export interface MarkerTargets {
  readonly clock: Clock
  readonly nodes: ReadonlyMap<NodeId, ClusterNode>
  /** Says that leaders, topics or brokers changed. */
  readonly changed$: Observable<void>
  readonly offsets: { end(producerId: bigint, how: Ending): void }
  partition(topic: string, index: number): Partition | undefined
}

/** Completes when all is written. */
export function writeMarkers(transaction: Transaction, how: Ending, targets: MarkerTargets): Observable<never> {
  const { producerId, producerEpoch, home } = transaction
  const all = [...transaction.partitions.values()]
  if (all.length === 0) return EMPTY
  const whenMayWrite = (where: TopicPartition): Observable<never> =>
    when(() => isLed(home, targets) && mayWrite(where, targets), targets, [home, partitionAt(where, targets)])
  const marker = (): Marker => ({ producerId, producerEpoch, type: how, coordinatorEpoch: home.leaderEpoch })

  /** Begins anew when another leader may have lost the marker. */
  const mark = (where: TopicPartition): Observable<never> =>
    concat(
      whenMayWrite(where),
      defer(() => {
        const partition = partitionAt(where, targets)
        return partition === undefined ? EMPTY : replicated(partition, marker()).pipe(concatMap((lost) => (lost ? mark(where) : EMPTY)))
      }),
    )

  const offsets = all.filter(isOfOffsets)
  const end = (): void => targets.offsets.end(producerId, how)
  const ends = offsets.length === 0 ? EMPTY : merge(...offsets.map(whenMayWrite)).pipe(tap({ complete: end }))
  return concat(yielded(targets.clock), merge(...all.filter((where) => !isOfOffsets(where)).map(mark), ends))
}

/** Writes the marker, and tells whether the leader changed before all in-sync replicas had it. */
function replicated(partition: Partition, marker: Marker): Observable<boolean> {
  partition.writeMarker(marker)
  const { leaderEpoch, log } = partition
  const { endOffset } = log
  return partition.changed$.pipe(
    startWith(undefined),
    map(() => ({ lost: partition.leaderEpoch !== leaderEpoch, isThere: partition.highWatermark >= endOffset })),
    filter(({ lost, isThere }) => lost || isThere),
    take(1),
    map(({ lost }) => lost),
  )
}

const isOfOffsets = ({ topic }: TopicPartition): boolean => topic === INTERNAL_TOPICS.group.name

const partitionAt = ({ topic, partition }: TopicPartition, targets: MarkerTargets): Partition | undefined =>
  targets.partition(topic, partition)

export function isLed({ leader }: Partition, { nodes }: Pick<MarkerTargets, 'nodes'>): boolean {
  const node = nodes.get(leader)
  return node !== undefined && isAlive(node)
}

/** Whether a write that all in-sync replicas are to have is taken. */
export const isWritable = (partition: Partition, targets: Pick<MarkerTargets, 'nodes'>): boolean =>
  isLed(partition, targets) && partition.isr.length >= partition.minIsr

const mayWrite = (where: TopicPartition, targets: MarkerTargets): boolean => {
  const partition = partitionAt(where, targets)
  return partition === undefined || isWritable(partition, targets)
}

/** Completes as soon as the partition can be written to. */
export const whenWritable = (partition: Partition, targets: MarkerTargets): Observable<never> =>
  when(() => isWritable(partition, targets), targets, [partition])

/** Looks again whenever something changes in the cluster or in one of the partitions. */
const when = (isSo: () => boolean, { changed$ }: MarkerTargets, partitions: readonly (Partition | undefined)[]): Observable<never> =>
  merge(changed$, ...partitions.map((partition) => partition?.changed$ ?? EMPTY)).pipe(
    startWith(undefined),
    filter(isSo),
    take(1),
    ignoreElements(),
  )

/** Completes after so many milliseconds. */
export const passed = (clock: Clock, delay: number): Observable<never> =>
  new Observable((subscriber) => clock.schedule(delay, () => subscriber.complete()))

const yielded = (clock: Clock): Observable<never> => new Observable((subscriber) => clock.yield(() => subscriber.complete()))
