/** A Fetch reads at once, and waits where that gives too little. */
import { Observable, merge, of, tap } from 'rxjs'
import { ErrorCode } from '../../generated/error-codes'
import type { FetchRequest } from '../../generated/messages/FetchRequest'
import type { Ask } from '../broker/handler'
import { brokerNumber } from '../state/configs/configs'
import type { FetchTarget } from '../state/fetch-sessions'
import type { Partition } from '../state/partition'
import type { Fetched } from './fetch-context'
import { dataOf, readableOf, readerOf, sizeOfRecords } from './fetch-read'
import type { Readable, Reader } from './fetch-read'

/** A partition that is there. */
export interface Wanted {
  readonly target: FetchTarget
  readonly partition: Partition
  /** An error that somebody ordered for it; 0 for none. */
  readonly ordered: number
}

interface Demand {
  readonly wanted: readonly Wanted[]
  readonly reader: Reader
  readonly minBytes: number
  readonly maxBytes: number
}

interface FirstRead {
  readonly fetched: readonly Fetched[]
  readonly size: number
  /** Something has to be said that cannot wait. */
  readonly isUrgent: boolean
}

/** Emits once: what is there of each partition, when that is enough or the time is over. */
export function whenEnough(wanted: readonly Wanted[], request: FetchRequest, ask: Ask): Observable<readonly Fetched[]> {
  const maxBytes = Math.min(request.maxBytes, brokerNumber(ask.cluster, 'fetch.max.bytes'))
  const demand = { wanted, reader: readerOf(request, ask), maxBytes, minBytes: Math.min(request.minBytes, maxBytes) }
  const { fetched, size, isUrgent } = read(demand)
  const isEnough = request.maxWaitMs <= 0 || wanted.length === 0 || isUrgent || size >= demand.minBytes
  return isEnough ? of(fetched) : waiting(demand, request.maxWaitMs, ask)
}

/** Once a partition has given something, the sizes hold for all that follow. */
function read({ wanted, reader, maxBytes }: Demand): FirstRead {
  let [size, room] = [0, maxBytes]
  let isUrgent = false
  const fetched = wanted.map((each) => {
    const readable = lookAt(each, reader)
    const data = dataOf(each.partition, each.target, readable, { ...reader, maxBytes: room, atLeastOne: size === 0 })
    isUrgent ||= readable.type !== 'records' || data.errorCode !== ErrorCode.NONE
    size += sizeOfRecords(data)
    room = Math.max(0, maxBytes - size)
    return { target: each.target, data }
  })
  return { fetched, size, isUrgent }
}

function lookAt({ target, partition, ordered }: Wanted, reader: Reader): Readable {
  return ordered === ErrorCode.NONE ? readableOf(partition, target, reader) : { type: 'error', errorCode: ordered }
}

/** Only the partition that changed is looked at again. */
function waiting(demand: Demand, maxWaitMs: number, ask: Ask): Observable<readonly Fetched[]> {
  const { wanted, reader, minBytes } = demand
  return new Observable((subscriber) => {
    const available = wanted.map((each) => availableOf(each, reader))
    const emitIfEnough = (): void => {
      if (available.reduce((sum, each) => sum + each, 0) >= minBytes) emit()
    }
    const emit = (): void => {
      subscriber.next(read(demand).fetched)
      subscriber.complete()
    }
    const look = (each: Wanted, index: number): void => {
      const now = availableOf(each, reader)
      if (now === available[index]) return
      available[index] = now
      emitIfEnough()
    }
    const changes = wanted.map((each, index) => each.partition.changed$.pipe(tap(() => look(each, index))))
    subscriber.add(merge(...changes).subscribe())
    subscriber.add(ask.cluster.clock.schedule(maxWaitMs, emit))
    emitIfEnough()
  })
}

/** Bytes that could be sent of it; Infinity when something has to be said of it, or it was cut off below the client's position. */
function availableOf(each: Wanted, reader: Reader): number {
  const { target, partition } = each
  const readable = lookAt(each, reader)
  if (readable.type !== 'records' || target.fetchOffset > readable.to) return Infinity
  return Math.min(target.maxBytes, partition.log.sizeBetween(target.fetchOffset, readable.to))
}
