/** Plays a scenario under a steady load, reads the topic back with Kafka's own consumer, and judges. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { lastValueFrom } from 'rxjs'
import { REPLICATED } from '../../../kafka/cluster'
import type { ClusterBroker } from '../../../kafka/cluster'
import type { ProducerEvent } from '../../../lib/events'
import { producer } from '../../../lib/producer'
import type { Producer } from '../../../lib/producer'
import { judge, PROMISES } from './judge'
import type { Judgement } from './judge'
import { steadyLoad, until } from './load'
import type { Fate, Load } from './load'
import type { Scenario, Scene } from './scenario'
import type { Stage } from './stage'

export interface Result extends Judgement {
  readonly scenario: Scenario
  readonly sent: number
  readonly delivered: number
  /** By code. */
  readonly failed: Readonly<Record<string, number>>
  readonly excused: number
  /** Batches that were sent again. */
  readonly retries: number
  /** Connections that broke or could not be opened. */
  readonly brokenConnections: number
  /** The longest time between two deliveries, in ms. */
  readonly longestGap: number
  /** The longest time from a record to its delivery, in ms. */
  readonly longestWait: number
  /** What is wrong, in words; empty when nothing is. */
  readonly problems: readonly string[]
}

const RATE = 1000
const PARTITIONS = 6
/** Records that must be acknowledged before the fault begins, and again when it is over. */
const WARM = 500
/** A fault that does not bite, or does not end, within this is a failure of the scenario. */
const FAULT_MS = 180_000
/** Beyond `deliveryTimeout`, after which whatever was sent must be settled. */
const PATIENCE_MS = 130_000
/** Of much that is wrong, the first are worth a look. */
const SHOWN = 5

const eventLog = () => {
  const counts = new Map<string, number>()
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1)
  return {
    note: (event: ProducerEvent): void => {
      add(event.type)
      if ('error' in event) add(`${event.type} ${(event.error as { readonly code?: string }).code ?? ''}`)
    },
    told: (type: ProducerEvent['type'], code?: string): number => counts.get(code === undefined ? type : `${type} ${code}`) ?? 0,
  }
}

async function leaderOf({ java, cluster }: Stage, topic: string): Promise<ClusterBroker> {
  const [first] = await java.leaders(topic)
  const broker = cluster.brokers.find(({ id }) => id === first?.leader)
  if (!broker) throw new Error(`nobody leads the first partition of ${topic}`)
  return broker
}

const waiting = (load: Load, signal: AbortSignal): Pick<Scene, 'until' | 'deliveredMore' | 'lasts'> => ({
  until: (condition) => until(condition, signal),
  deliveredMore: (count) => {
    const goal = load.delivered + count
    return until(() => load.delivered >= goal, signal)
  },
  lasts: (ms) => sleep(ms, undefined, { signal }),
})

/** The fault while the load runs, and some more load when it is over. Resolves with what went wrong with the fault itself. */
async function disturbed({ during }: Scenario, scene: Scene): Promise<readonly string[]> {
  try {
    await scene.deliveredMore(WARM)
    if ((await during(scene)) !== 'closed') await scene.deliveredMore(WARM)
    return []
  } catch (error) {
    return [`the fault did not come to its end: ${String(error)}`]
  }
}

export async function run(scenario: Scenario, stage: Stage): Promise<Result> {
  const { cluster, java } = stage
  const topic = `fault-${randomUUID()}`
  await createTopic(stage, topic)
  const brokers = scenario.through === 'proxies' ? cluster.fronted : cluster.direct
  const kafka = producer({ brokers, clientId: topic, ...scenario.config })
  const { note, told } = eventLog()
  kafka.events$.subscribe(note)
  const load = steadyLoad({ kafka, topic, rate: RATE })
  const excused = new Set<number>()
  const troubles = await disturbed(scenario, sceneOf(stage, { kafka, topic, load, told, excused }))
  await stage.mend()
  await load.end(PATIENCE_MS)
  await lastValueFrom(kafka.close())
  const judgement = judge(load.fates, await java.readBack(topic), excused)
  await java.deleteTopic(topic)
  const counts = { ...countsOf(load), excused: excused.size, retries: told('retry'), brokenConnections: told('connection-failed') }
  return { scenario, ...judgement, ...counts, problems: [...troubles, ...problemsOf(scenario, judgement, { load, excused })] }
}

const createTopic = ({ java }: Stage, topic: string): Promise<void> => java.createTopic({ topic, partitions: PARTITIONS, ...REPLICATED })

interface Play extends Pick<Scene, 'topic' | 'load' | 'told'> {
  readonly kafka: Producer
  readonly excused: Set<number>
}

const sceneOf = (stage: Stage, { kafka, excused, ...play }: Play): Scene => ({
  ...stage,
  ...play,
  ...waiting(play.load, AbortSignal.timeout(FAULT_MS)),
  clientId: play.topic,
  leader: () => leaderOf(stage, play.topic),
  close: (timeout) => lastValueFrom(kafka.close({ timeout })),
  createTopic: () => createTopic(stage, play.topic),
  excuse: (ids) => [...ids].forEach((id) => excused.add(id)),
})

function countsOf({ fates, delivered }: Load): Pick<Result, 'sent' | 'delivered' | 'failed' | 'longestGap' | 'longestWait'> {
  const failed: Record<string, number> = {}
  for (const fate of fates) if (fate.failed !== undefined) failed[fate.failed] = (failed[fate.failed] ?? 0) + 1
  return { sent: fates.length, delivered, failed, longestGap: longestGap(fates), longestWait: longestWait(fates) }
}

function longestGap(fates: readonly Fate[]): number {
  const times = fates.flatMap(({ delivered }) => delivered?.at ?? []).sort((a, b) => a - b)
  return times.reduce((longest, at, i) => Math.max(longest, at - (times[i - 1] ?? at)), 0)
}

const longestWait = (fates: readonly Fate[]): number =>
  fates.reduce((longest, { sentAt, delivered }) => Math.max(longest, (delivered?.at ?? sentAt) - sentAt), 0)

interface Evidence {
  readonly load: Load
  readonly excused: ReadonlySet<number>
}

function problemsOf({ mayFail = [], mustBreak }: Scenario, judgement: Judgement, { load, excused }: Evidence): readonly string[] {
  const list = (name: string, ids: readonly number[]): readonly string[] =>
    ids.length === 0 ? [] : [`${name}: ${ids.length} records (${ids.slice(0, SHOWN).join(', ')}${ids.length > SHOWN ? ', ...' : ''})`]
  const wronglyFailed = load.fates.flatMap(({ failed }, id) =>
    failed === undefined || mayFail.includes(failed) || excused.has(id) ? [] : [id],
  )
  const blind = mustBreak !== undefined && judgement[mustBreak].length === 0 ? [`${mustBreak}: none, though it should be seen here`] : []
  const broken = PROMISES.filter((promise) => promise !== mustBreak).flatMap((promise) => list(promise, judgement[promise]))
  return [...broken, ...blind, ...list('failed', wronglyFailed)]
}
