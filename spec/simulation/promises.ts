/**
 * What must be true at the end of every run, whatever happened in it: the promises of the README, each with exactly the exceptions that
 * its settings and the plan make.
 */
import { mostOf } from '../../lib/batch/lingering'
import type { Fates, Sent, Told } from './fates'
import { recordsOf } from './logs'
import type { Found, Life } from './logs'
import { isOrdered } from './plan'
import type { Plan, ProducerPlan } from './plan'
import type { Problem } from './seen'
import { isIdempotent } from './settings'
import { CALM } from './world'
import type { Closing, Flushing, World } from './world'

/** What the settings of a producer promise. */
interface Strength {
  /** No record lies in a log twice. */
  readonly once: boolean
  /** What was acknowledged stays, unless an administrator throws it away. */
  readonly kept: boolean
  /** What was acknowledged was in a log at all. */
  readonly written: boolean
}

function strengthOf(producer: ProducerPlan): Strength {
  const { acks = 'all' } = producer
  // A request that is not answered may be lost, and nobody ever knows.
  return { once: isIdempotent(producer), kept: acks === 'all', written: acks !== 0 }
}

export function brokenPromises(world: World): Problem[] {
  const lives = livesOf(world)
  const { fates, seen } = world
  return [
    ...seen.problems,
    ...fates.all.flatMap((sent) => settlingProblems(sent, world)),
    ...deliveredProblems(world, lives),
    ...orderProblems(world),
    ...calmProblems(world),
    ...lives.flatMap((life) => lifeProblems(life, fates, world)),
    ...endProblems(world),
  ]
}

const problem = (promise: string, detail: string): Problem => ({ promise, detail })

const livesOf = ({ cluster, seen, plan }: World): readonly Life[] => [
  ...seen.lives,
  ...Object.keys(plan.cluster.topics).map((topic) => ({ topic, isOver: false, records: recordsOf(cluster, topic) })),
]

/** Steps of time are not exact to the last bit. */
const SLACK = 1

/** Once for its topic, once for memory, and then as long as its batch may take. */
const longestLife = ({ maxBlock = 60_000, deliveryTimeout = 120_000 }: ProducerPlan): number => 2 * maxBlock + deliveryTimeout + SLACK

function settlingProblems(sent: Sent, { plan }: World): Problem[] {
  const { id, told, at } = sent
  const [first] = told
  if (told.length !== 1)
    return [problem('every record settles exactly once', `${id} was told ${told.length} times: ${JSON.stringify(told)}`)]
  const options = plan.streams[sent.stream]?.options
  // What waits in line behind others of its stream has no time of its own yet.
  const late = options?.maxInFlight === undefined && first.at - at > longestLife(plan.producer)
  return [
    ...(late ? [problem('every record settles in time', `${id} was sent at ${at} and settled at ${first.at}`)] : []),
    ...(first.error === undefined ? [] : errorProblems(sent, first.error)),
    ...(first.type === 'skipped' && options?.overflow !== 'drop' ? [problem('nothing is skipped unasked', id)] : []),
  ]
}

/** Codes that only the record itself explains. */
const OWN: Readonly<Record<string, ((sent: Sent) => boolean) | undefined>> = {
  SERIALIZATION_FAILED: ({ flaw }) => flaw === 'poison',
  RECORD_TOO_LARGE: ({ flaw }) => flaw === 'huge',
  // The topic may have fewer partitions than the plan gave it: it was deleted, and made anew by somebody who asked for it.
  PARTITION_FAILED: ({ flaw, aim }) => flaw === 'no partition' || typeof aim === 'number',
}

function errorProblems(sent: Sent, { code, message, cause }: NonNullable<Told['error']>): Problem[] {
  const said = `${sent.id} failed with ${code}: ${message} ${cause}`
  if (code === '' || message === '') return [problem('a failure has a code and a reason', said)]
  if (code === 'INTERNAL_ERROR' || code === 'MALFORMED_RECORD') return [problem('a failure is not a defect', said)]
  return OWN[code]?.(sent) === false ? [problem('a record fails for a reason of its own', said)] : []
}

/** Where a delivered record was to be found. */
function deliveredProblems(world: World, lives: readonly Life[]): Problem[] {
  const { fates, seen, plan } = world
  const strength = strengthOf(plan.producer)
  const places = placesOf(lives)
  return fates.all.flatMap(({ id, topic, told: [first] }) => {
    if (first?.type !== 'delivered' || !strength.written || seen.tainted.has(id)) return []
    const { offset, partition = -1 } = first
    const said = `${id} was delivered to ${topic}-${partition} at ${offset}`
    if (offset < 0 && !seen.answered.has('DUPLICATE_SEQUENCE_NUMBER')) return [problem('a delivered record has its offset', said)]
    const found = places.get(id) ?? []
    if (found.some((place) => place.partition === partition && (offset < 0 || place.offset === offset))) return []
    if (isExcused({ id, topic, partition, offset }, world, lives)) return []
    return [problem('a delivered record is in the log, where it was said to be', `${said}; found: ${JSON.stringify(found)}`)]
  })
}

/** Deliveries come in the order of the partition, also when their answers did not. */
function orderProblems({ fates }: World): Problem[] {
  const latest = new Map<string, Sent>()
  return fates.all.flatMap((sent) => {
    const [first] = sent.told
    if (first?.type !== 'delivered') return []
    const key = `${sent.topic}/${String(first.partition)}/${sent.stream}`
    const before = latest.get(key)
    latest.set(key, sent)
    return before === undefined || before.told[0].order < first.order
      ? []
      : [problem('deliveries of a partition are told in order', `${sent.id} before ${before.id}`)]
  })
}

/** Milliseconds in which what is sent in calm must be delivered, beside linger: connections and metadata may have to be had again. */
const CALM_MS = 1000

/** Whatever went wrong before: when all is well, what is sent is delivered soon, unless the producer has ended for good. */
function calmProblems({ fates, seen, closes, plan }: World): Problem[] {
  const [{ at: closedAt }] = closes
  const linger = mostOf(plan.producer.linger ?? 5)
  // With acks 0 nobody notices before the next question that a connection is dead.
  if (seen.counts.has('event fatal') || seen.misled || seen.silenced || plan.producer.acks === 0) return []
  return fates.all.flatMap((sent) => {
    const { id, topic, aim, at, told } = sent
    if (sent.stream !== CALM || at >= closedAt || told.length === 0) return []
    const [{ type, error, at: end }] = told
    if (error === undefined ? end - at <= linger + CALM_MS : isExpectedInCalm(sent, error.code, plan)) return []
    const what = error === undefined ? type : `${error.code} ${error.message}`
    return [problem('what is sent in calm is delivered soon', `${id} for ${topic}-${aim} after ${end - at} ms: ${what}`)]
  })
}

/** What the settings make of it even then. */
function isExpectedInCalm({ topic }: Sent, code: string, { cluster, producer }: Plan): boolean {
  const { maxBlock = Infinity, waitingMemory = Infinity, deliveryTimeout = Infinity, retries } = producer
  const isHurried = deliveryTimeout < mostOf(producer.linger ?? 5) + CALM_MS
  switch (code) {
    case 'METADATA_TIMEOUT':
    case 'UNKNOWN_TOPIC_OR_PARTITION':
      return maxBlock < CALM_MS
    case 'BUFFER_EXHAUSTED':
      return maxBlock < CALM_MS || waitingMemory <= LITTLE_ROOM
    case 'OUTCOME_UNKNOWN':
      // A broker that no longer leads the partition leaves it open whether it has the batch; then there is no try left for the one that
      // does, or that one finds it too large.
      return isHurried || retries !== undefined || cluster.topics[topic]?.configs?.['max.message.bytes'] !== undefined
    case 'DELIVERY_TIMEOUT':
      return isHurried
    default:
      // A topic that was made anew, or its new leader, may take more of them than there are.
      return retries !== undefined
  }
}

/** Bytes of waitingMemory that a burst may fill. */
const LITTLE_ROOM = 40_000

function placesOf(lives: readonly Life[]): ReadonlyMap<string, readonly Found[]> {
  const places = new Map<string, Found[]>()
  for (const { records } of lives) {
    for (const found of records) {
      const of = places.get(found.id)
      if (of === undefined) places.set(found.id, [found])
      else of.push(found)
    }
  }
  return places
}

interface Claim extends Found {
  readonly topic: string
}

/**
 * It was there, and is gone by what somebody chose: who did not have it was made the leader, or may be (unclean elections), or it was
 * acknowledged by fewer than all. What was behind the place where such a log was cut off is missing, and nothing else.
 */
function isExcused({ id, topic, partition, offset }: Claim, { seen, plan }: World, lives: readonly Life[]): boolean {
  if (seen.lost.has(id)) return true
  if (strengthOf(plan.producer).kept && !electsUncleanly(plan, topic)) return false
  // What such a log had lost before its topic was deleted nobody can tell any more.
  if (lives.some((life) => life.isOver && life.topic === topic)) return true
  const now = lives.find((life) => !life.isOver && life.topic === topic)?.records ?? []
  const end = Math.max(0, ...now.filter((each) => each.partition === partition).map((each) => each.offset + 1))
  return offset < 0 || offset >= seen.cuts.lowest(topic, partition, end)
}

const electsUncleanly = ({ cluster }: Plan, topic: string): boolean =>
  cluster.topics[topic]?.configs?.['unclean.leader.election.enable'] === 'true'

/** Within a log: nothing twice, nothing that failed for certain, and the records of a stream in the order in which they were sent. */
function lifeProblems({ topic, records }: Life, fates: Fates, { plan, seen }: World): Problem[] {
  const { once, written } = strengthOf(plan.producer)
  const sent = new Map(fates.all.map((each) => [each.id, each]))
  const latest = new Map<string, number>()
  const before = new Set<string>()
  return records.flatMap(({ id, partition, offset }) => {
    const record = sent.get(id)
    const where = `${id} in ${topic}-${partition} at ${offset}`
    if (record === undefined) return [problem('a log holds what was sent', where)]
    if (seen.tainted.has(id)) return []
    if (before.has(id)) return once && !wasForgotten(record, partition, seen) ? [problem('no record is in a log twice', where)] : []
    before.add(id)
    const [{ type, error }] = record.told
    if (type === 'skipped') return [problem('a record that was dropped is in no log', where)]
    if (isProved(error?.code)) return [problem('a record that failed for certain is in no log', `${where}: ${String(error?.code)}`)]
    // Without numbers what failed may still arrive, whenever its request does.
    if (!once && (type !== 'delivered' || !written)) return []
    const key = `${partition}/${record.stream}`
    const previous = latest.get(key) ?? -1
    latest.set(key, Math.max(previous, record.index))
    return record.index < previous && !wasForgotten(record, partition, seen)
      ? [problem('records of a stream stay in order', `${where} comes after ${record.stream}.${previous}`)]
      : []
  })
}

/**
 * A log that was made anew, or lost what it had, does not know the producer and takes any number first. Nobody tells the producer of it in
 * time: of the batches that are on their way then, one may be refused and the next one taken; and if that one's answer is an error, it is
 * believed not to be there, behind the one that was refused.
 */
const wasForgotten = ({ topic, at, told: [{ at: until }] }: Sent, partition: number, { cuts }: World['seen']): boolean =>
  cuts.renewed(topic, partition).some((renewed) => at <= renewed && renewed <= until)

/** Every failure but this one says that the record is not in the log. */
const isProved = (code: string | undefined): boolean => code !== undefined && code !== 'OUTCOME_UNKNOWN'

function endProblems(world: World): Problem[] {
  const { flushes, closes, probe, time } = world
  return [
    ...flushes.flatMap((flushing) => flushProblems(flushing, world)),
    ...closes.flatMap((closing) => closeProblems(closing, world)),
    ...probe.leftovers().map((detail) => problem('memory is whole at the end', detail)),
    ...(time.pending === 0 ? [] : [problem('nothing is left on the clock', `${time.pending} timers`)]),
  ]
}

function flushProblems({ records, endedAt }: Flushing, { fates }: World): Problem[] {
  if (endedAt === undefined) return [problem('a flush ends', 'one did not')]
  const late = fates.all.slice(0, records).find(({ told }) => told.length > 0 && told[0].at > endedAt)
  return late === undefined ? [] : [problem('a flush ends when all before it is settled', `${late.id} was not at ${endedAt}`)]
}

/**
 * A later call may shorten the time that is left, and is told what the first is told. What had its end already, and waited only to be told in
 * the order of its stream, is not in the report, nor is what was dropped.
 */
function closeProblems({ at, timeout, report, reportedAt = Infinity }: Closing, { closes: [first], plan, fates }: World): Problem[] {
  if (report === undefined || reportedAt > at + timeout + SLACK)
    return [problem('close ends within its timeout', `asked for at ${at} with ${timeout}, reported at ${reportedAt}`)]
  const sum = report.delivered + report.failed + report.purged
  const skipped = fates.all.filter(({ told }) => told[0]?.type === 'skipped' && told[0].at >= first.at).length
  const least = plan.streams.some((_, stream) => isOrdered(plan, stream)) ? 0 : first.unsettled - skipped
  const isAll = sum <= first.unsettled && sum >= least
  return isAll ? [] : [problem('close reports what it did', `${first.unsettled} were unsettled, ${JSON.stringify(report)}`)]
}
