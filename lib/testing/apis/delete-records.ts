/**
 * DeleteRecords 0–2. Nothing before an offset can be read any more; −1 stands for the high watermark.
 *
 * - Only the leader does it, and not above the high watermark (OFFSET_OUT_OF_RANGE); a topic that is only compacted refuses
 *   (POLICY_VIOLATION), as do internal ones (INVALID_TOPIC_EXCEPTION).
 * - The answer waits for all replicas that the controller takes for alive, `timeoutMs` at most (REQUEST_TIMED_OUT).
 * - A partition that is named twice counts once, with what is said last.
 *
 * Laxer: no authorization.
 */
import { Observable, map, merge, of } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import { DeleteRecordsRequest } from '../../generated/messages/DeleteRecordsRequest'
import { DeleteRecordsResponse } from '../../generated/messages/DeleteRecordsResponse'
import type { DeleteRecordsPartitionResultInput } from '../../generated/messages/DeleteRecordsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { topicConfig } from '../state/configs/configs'
import { isAlive } from '../state/node'
import type { Partition } from '../state/partition'

const HIGH_WATERMARK = -1n
const UNKNOWN = -1n

interface Deletion {
  readonly topic: string
  readonly index: number
  readonly offset: bigint
}

interface Deleted extends Deletion {
  readonly errorCode: number
  /** The lowest offset that some replica still has. */
  readonly lowWatermark: bigint
  /** Replicas have yet to follow. */
  readonly pending?: Partition
}

export const deleteRecords = handler({ request: DeleteRecordsRequest, response: DeleteRecordsResponse }, ({ topics, timeoutMs }, ask) => {
  const deletions = new Map<string, Deletion>()
  for (const { name: topic, partitions } of topics) {
    for (const { partitionIndex: index, offset } of partitions) deletions.set(`${topic} ${String(index)}`, { topic, index, offset })
  }
  const deleted = [...deletions.values()].map((each) => remove(each, ask))
  return whenFollowed(deleted, timeoutMs, ask).pipe(map((all) => ({ throttleTimeMs: 0, topics: byTopic(all) })))
})

function remove(deletion: Deletion, ask: Ask): Deleted {
  const { topic: name, index, offset } = deletion
  const topic = ask.cluster.topics.get(name)
  const partition = topic?.partitions[index]
  const ordered = ask.errorFor(name, index)
  const refuse = (errorCode: number): Deleted => ({ ...deletion, errorCode, lowWatermark: UNKNOWN })
  if (ordered !== ErrorCode.NONE) return refuse(ordered)
  if (topic === undefined || partition === undefined) return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
  if (topic.isInternal) return refuse(ErrorCode.INVALID_TOPIC_EXCEPTION)
  if (partition.leader !== ask.node.id) return refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  if (topicConfig(ask.cluster, topic, 'cleanup.policy') === 'compact') return refuse(ErrorCode.POLICY_VIOLATION)
  const to = offset === HIGH_WATERMARK ? partition.highWatermark : offset
  if (to < 0n || to > partition.highWatermark) return refuse(ErrorCode.OFFSET_OUT_OF_RANGE)
  const lowWatermark = partition.log.startOffset
  partition.deleteBefore(to)
  const done = { ...deletion, errorCode: ErrorCode.NONE, lowWatermark }
  return isFollowed(partition, ask) ? { ...done, lowWatermark: partition.log.startOffset } : { ...done, pending: partition }
}

/** Whoever runs has followed at once; whoever is given up is not waited for. */
const isFollowed = ({ replicas }: Partition, { cluster }: Ask): boolean =>
  replicas.every((id) => {
    const node = cluster.nodes.get(id)
    return node === undefined || node.fenced || isAlive(node)
  })

function whenFollowed(deleted: readonly Deleted[], timeoutMs: number, ask: Ask): Observable<readonly Deleted[]> {
  const pending = deleted.flatMap((each) => each.pending ?? [])
  if (pending.length === 0) return of(deleted)
  return new Observable((subscriber) => {
    let current = deleted
    const emit = (): void => {
      subscriber.next(current)
      subscriber.complete()
    }
    const look = (): void => {
      current = current.map((each) => settled(each, ask))
      if (current.every((each) => each.pending === undefined)) emit()
    }
    subscriber.add(merge(ask.cluster.changed$, ...pending.map(({ changed$ }) => changed$)).subscribe(look))
    subscriber.add(
      ask.cluster.clock.schedule(Math.max(0, timeoutMs), () => {
        current = current.map((each) => (each.pending === undefined ? each : { ...each, errorCode: ErrorCode.REQUEST_TIMED_OUT }))
        emit()
      }),
    )
  })
}

function settled({ pending, ...deleted }: Deleted, ask: Ask): Deleted {
  if (pending === undefined) return deleted
  const gone = ask.cluster.partition(deleted.topic, deleted.index) !== pending
  if (gone) return { ...deleted, errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, lowWatermark: UNKNOWN }
  if (pending.leader !== ask.node.id) return { ...deleted, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, lowWatermark: UNKNOWN }
  return isFollowed(pending, ask) ? { ...deleted, lowWatermark: pending.log.startOffset } : { ...deleted, pending }
}

function byTopic(deleted: readonly Deleted[]) {
  const topics = new Map<string, DeleteRecordsPartitionResultInput[]>()
  for (const { topic, index: partitionIndex, lowWatermark, errorCode } of deleted) {
    topics.set(topic, [...(topics.get(topic) ?? []), { partitionIndex, lowWatermark, errorCode }])
  }
  return [...topics].map(([name, partitions]) => ({ name, partitions }))
}
