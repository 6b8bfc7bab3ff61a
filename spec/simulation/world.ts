/** Everything that a run consists of: time, a cluster, the producer, its streams, and who watches them. */
import { producer } from '../../lib/producer'
import type { CloseReport, Producer } from '../../lib/producer'
import { testCluster } from '../../lib/testing/test-cluster'
import type { TestCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import type { VirtualTime } from '../../lib/testing/virtual-time'
import { fatesOf } from './fates'
import type { Fates } from './fates'
import type { Plan } from './plan'
import { probeMemory } from './probe'
import type { Probe } from './probe'
import { seenOf } from './seen'
import type { Seen } from './seen'
import { streamOf } from './stream'
import type { Stream } from './stream'
import { steady } from './steady'
import { watchAnswers, watchRequests } from './wire-watch'

export interface World {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly cluster: TestCluster
  readonly kafka: Producer
  readonly streams: readonly Stream[]
  /** One more, for what is sent when all is well. */
  readonly calm: Stream
  readonly fates: Fates
  readonly seen: Seen
  readonly probe: Probe
  /** Lets time pass up to then; what was too much for memory meanwhile is noted. */
  passTo(at: number): Promise<void>
  /** In the order in which they were asked for. */
  readonly closes: Closing[]
  readonly flushes: Flushing[]
}

/** The index of the stream for what is sent when all is well. */
export const CALM = 99

export interface Closing {
  readonly at: number
  readonly timeout: number
  /** Records that were unsettled. */
  readonly unsettled: number
  report?: CloseReport
  reportedAt?: number
}

export interface Flushing {
  /** How many records had been handed over. */
  readonly records: number
  endedAt?: number
}

export function worldOf(plan: Plan): World {
  const probe = probeMemory()
  const time = virtualTime(plan.seed)
  const scheduler = steady(time.scheduler)
  const cluster = testCluster({ ...plan.cluster, scheduler })
  const kafka = producer({ ...plan.producer, brokers: cluster.brokers, transport: cluster.transport, scheduler })
  const seen = seenOf()
  const now = (): number => time.now
  const fates = fatesOf(now)
  watch({ kafka, cluster, seen, fates, time })
  const ended = (problem?: string): void => {
    if (problem !== undefined) seen.problems.push({ promise: 'a stream lives until its source ends', detail: problem })
  }
  const outOfOrder = (detail: string): void =>
    void seen.problems.push({ promise: 'ordered deliveries come in the order of the records', detail })
  const [calm, ...streams] = [{}, ...plan.streams].map((stream, at) =>
    streamOf({ index: at === 0 ? CALM : at - 1, plan: stream, kafka, fates, now, ended, outOfOrder }),
  )
  const usesPromises = plan.streams.some(({ later }) => later)
  const passTo = async (at: number): Promise<void> => {
    const ms = Math.max(0, at - time.now)
    if (usesPromises) await time.pass(ms)
    else time.advance(ms)
    for (const detail of probe.excesses()) seen.problems.push({ promise: 'memory is bounded', detail })
  }
  return { plan, time, cluster, kafka, streams, calm, fates, seen, probe, passTo, closes: [], flushes: [] }
}

function watch({ kafka, cluster, seen, fates, time }: Pick<World, 'kafka' | 'cluster' | 'seen' | 'fates' | 'time'>): void {
  kafka.events$.subscribe((event) => {
    seen.count(`event ${event.type}`)
    if (event.type === 'expired' && event.inFlight) seen.count('expired in flight')
    if (event.type === 'orphaned') fates.told(event.delivery)
  })
  cluster.appended$.subscribe(({ topic, partition, baseOffset, records }) => {
    seen.cuts.appended(topic, partition, { baseOffset: Number(baseOffset), records, at: time.now })
    seen.count('batches appended')
  })
  watchRequests(cluster, seen)
  watchAnswers(cluster, seen)
}
