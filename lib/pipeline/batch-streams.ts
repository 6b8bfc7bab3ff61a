import { Subject } from 'rxjs'
import type { GroupedObservable } from 'rxjs'
import type { Batch } from '../batch/batch'
import type { NodeId } from '../record'
import type { Sink } from './stage'

/** What leaves for a node in one request. */
export type Drained<C = unknown> = readonly Batch<C>[]

/** The batches for one node, a request's worth at a time. */
export type BatchStream<C = unknown> = GroupedObservable<NodeId, Drained<C>>

/** A stream of batches per node, each born with the first batches for its node. */
export interface BatchStreams<C> {
  send(node: NodeId, batches: Drained<C>): void
  end(node: NodeId): void
  endAll(): void
}

export function batchStreams<C>(destination: Sink<BatchStream<C>>): BatchStreams<C> {
  const subjects = new Map<NodeId, Subject<Drained<C>>>()

  const open = (node: NodeId): Subject<Drained<C>> => {
    const subject = new Subject<Drained<C>>()
    subjects.set(node, subject)
    destination.next(Object.assign(subject.asObservable(), { key: node }))
    return subject
  }
  const end = (node: NodeId): void => {
    const subject = subjects.get(node)
    subjects.delete(node)
    subject?.complete()
  }
  return {
    send: (node, batches) => {
      const subject = subjects.get(node) ?? open(node)
      subject.next(batches)
    },
    end,
    endAll: () => {
      for (const node of [...subjects.keys()]) end(node)
    },
  }
}
