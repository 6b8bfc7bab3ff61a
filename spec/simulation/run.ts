/** Plays a plan from its beginning to its quiet end, and says which promises were broken. */
import { config } from 'rxjs'
import type { NodeId } from '../../lib/record'
import { partitionsOf } from './logs'
import { close, flush, perform } from './perform'
import type { Plan } from './plan'
import { brokenPromises } from './promises'
import type { Counts, Problem } from './seen'
import { ThrownOnPurpose } from './stream'
import { watchAnswers } from './wire-watch'
import { CALM, worldOf } from './world'
import type { World } from './world'

export interface Outcome {
  readonly problems: readonly Problem[]
  readonly counts: Counts
}

export async function run(plan: Plan): Promise<Outcome> {
  const unhandled: unknown[] = []
  const rejected = (error: unknown): void => void unhandled.push(error)
  config.onUnhandledError = rejected
  process.on('unhandledRejection', rejected)
  const world = worldOf(plan)
  const thrown = await attempt(() => play(world))
  await reported()
  process.off('unhandledRejection', rejected)
  const escaped = unhandled.filter((error) => !(error instanceof ThrownOnPurpose))
  const problems = [...[...thrown, ...escaped].map(thrownProblem), ...(thrown.length > 0 ? world.seen.problems : brokenPromises(world))]
  count(world)
  return { problems, counts: world.seen.counts }
}

async function attempt(work: () => Promise<void>): Promise<readonly unknown[]> {
  try {
    await work()
    return []
  } catch (error) {
    return [error]
  }
}

const thrownProblem = (error: unknown): Problem => ({
  promise: 'nothing is thrown',
  detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
})

/** RxJS reports what nobody handles from a timer of the real clock. */
const reported = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 2))

async function play(world: World): Promise<void> {
  const { plan, time, fates } = world
  for (const { at, ...action } of plan.steps) {
    await world.passTo(at)
    perform(action, world)
  }
  await world.passTo(plan.quietAt)
  becomeWell(world)
  for (const stream of world.streams) stream.complete()
  flush(world)
  await rest(world)
  if (time.pending > 0 && fates.unsettled === 0 && world.closes.length === 0)
    world.seen.problems.push({ promise: 'a producer that has nothing to do arms no timer', detail: `${time.pending} timers` })
  for (const detail of world.probe.leftovers()) world.seen.problems.push({ promise: 'memory is whole when all is settled', detail })
  sendInCalm(world)
  await rest(world)
  close(world, 10_000)
  await rest(world)
  world.seen.countOrdered()
  world.cluster.close()
  await world.passTo(time.now + 1000)
}

/** Everything that was ordered to go wrong is over. */
function becomeWell({ cluster, plan, seen }: World): void {
  seen.countOrdered()
  cluster.heal()
  watchAnswers(cluster, seen)
  for (let id: NodeId = 1; id <= plan.cluster.brokers; id++) {
    cluster.broker(id).resume()
    cluster.broker(id).start()
  }
  for (const [topic, settings] of Object.entries(plan.cluster.topics)) {
    quietly(() => cluster.createTopic(topic, settings))
    for (let partition = 0; partition < partitionsOf(cluster, topic); partition++) quietly(() => cluster.restoreIsr(topic, partition))
  }
}

/** A burst to each partition, of batches that cannot all leave at once: whatever went wrong before, they get there. */
function sendInCalm({ calm, cluster, plan }: World): void {
  for (const topic of Object.keys(plan.cluster.topics)) {
    for (let aim = 0; aim < partitionsOf(cluster, topic); aim++) calm.send({ do: 'send', stream: CALM, topic, aim, count: 6, size: 100 })
  }
}

/** How long everything may take, with all of a cluster's sessions and retries: far beyond what any plan allows a record. */
const REST = 120_000
/** Records that may not be on their way together may expire one after another. */
const REST_IN_TURNS = 20 * REST
const STRIDE = 500

/** Until nothing is scheduled any more. */
async function rest(world: World): Promise<void> {
  const { time, plan } = world
  const inTurns = plan.streams.some(({ options }) => options?.maxInFlight !== undefined)
  const end = time.now + (inTurns ? REST_IN_TURNS : REST)
  do await world.passTo(time.now + STRIDE)
  while (time.pending > 0 && time.now < end)
}

function count({ seen, probe, fates }: World): void {
  seen.count('waited for memory', probe.waits)
  seen.count('records', fates.all.length)
  for (const { told } of fates.all) {
    for (const { type, error } of told) seen.count(error === undefined ? type : `${type} ${error.code}`)
  }
}

/** Of topics and partitions that are not there any more there is nothing to mend. */
function quietly(mend: () => void): void {
  try {
    mend()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}
