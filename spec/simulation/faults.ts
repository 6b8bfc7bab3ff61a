/** What goes wrong, and when: everything that the cluster in the process can do to its clients. */
import type { ErrorName } from '../../lib/generated/error-codes'
import type { Chance } from './chance'
import type { Api, BrokerAct, ClusterPlan, FaultAction, MeasuredKind, ProducerPlan, Step, WholeKind } from './plan'
import { isIdempotent } from './settings'
import { AFTER_APPEND, ENDING, REFUSALS } from './verdict-rows'

export interface FaultOptions {
  /** Milliseconds. */
  readonly span: number
  readonly cluster: ClusterPlan
  readonly producer: ProducerPlan
}

type Drawn = FaultAction | readonly Step[]

/** A calm run now and then: what goes wrong there is nobody else's fault. */
const CALM_PERCENT = 4

export function faultsOf(chance: Chance, options: FaultOptions): Step[] {
  if (chance.percent(CALM_PERCENT)) return []
  const { span } = options
  const draw = (most: number, one: (at: number) => Drawn): Step[] =>
    chance
      .times(chance.between(0, most), () => {
        const at = chance.between(0, span)
        const drawn = one(at)
        return Array.isArray(drawn) ? (drawn as readonly Step[]) : [{ ...(drawn as FaultAction), at }]
      })
      .flat()
  return [
    ...draw(3, (at) => brokerTrouble(chance, at, options)),
    ...draw(4, (at) => topicTrouble(chance, at, options)),
    ...draw(8, () => disturbance(chance, options)),
    ...draw(16, () => refusal(chance, options)),
    ...draw(4, () => ({ do: 'failAfter', error: chance.pick(AFTER_APPEND), times: chance.between(1, 3) })),
    ...draw(1, () => ({ do: 'lie', lie: chance.pick(['staleMetadata', 'emptyMetadata', 'unreachableHosts']), for: lasting(chance) })),
    ...withoutId(chance),
    ...ending(chance, options),
  ]
}

const lasting = (chance: Chance): number => chance.pick([5, 50, 500, 3000, 12_000])

/** What ends a trouble of a broker. */
const REMEDIES: Readonly<Record<string, BrokerAct | undefined>> = {
  ...{ stop: 'start', kill: 'start', pause: 'resume', isolate: 'heal', refuse: 'heal', blackHole: 'heal' },
}

function brokerTrouble(chance: Chance, at: number, { cluster }: FaultOptions): readonly Step[] {
  const broker = chance.between(1, cluster.brokers)
  const act = chance.pick<BrokerAct | 'slow'>(['stop', 'kill', 'pause', 'isolate', 'disconnect', 'refuse', 'blackHole', 'slow'])
  const until = at + lasting(chance)
  if (act === 'slow') {
    const slowness = { latency: chance.pick([0, 30, 300]), rate: chance.pick([1, 20, 1000]), chunk: chance.pick([1, 7, 100, 1e6]) }
    return [
      { do: 'slow', broker, ...slowness, at },
      { do: 'broker', act: 'heal', broker, at: until },
    ]
  }
  const remedy = REMEDIES[act]
  return [{ do: 'broker', act, broker, at }, ...(remedy === undefined ? [] : [{ do: 'broker' as const, act: remedy, broker, at: until }])]
}

function topicTrouble(chance: Chance, at: number, { cluster }: FaultOptions): Drawn {
  const [topic, { partitions }] = chance.pick(Object.entries(cluster.topics))
  const what = chance.weighted({
    elect: 30,
    shrinkIsr: 20,
    restoreIsr: 10,
    recreateTopic: 12,
    deleteTopic: 11,
    addPartitions: 9,
    moveController: 9,
  })
  const broker = chance.between(1, cluster.brokers)
  switch (what) {
    case 'elect':
    case 'shrinkIsr':
    case 'restoreIsr':
      return { do: what, topic, partition: chance.between(0, partitions - 1), broker }
    case 'moveController':
      return { do: what, broker }
    case 'deleteTopic':
      return [
        { do: what, topic, at },
        { do: 'createTopic', topic, at: at + lasting(chance) },
      ]
    default:
      return { do: what, topic }
  }
}

const WHOLE: readonly WholeKind[] = ['drop', 'loseAnswer', 'cutBefore', 'cutAfter', 'cutAfterAnswer']
/** By how much: milliseconds, or bytes. */
const MEASURED: Readonly<Record<MeasuredKind, readonly number[]>> = {
  delay: [1, 50, 400, 3000],
  hold: [1, 50, 400, 3000, 9000],
  throttle: [10, 300, 2000],
  cutWithinRequest: [0, 3, 20, 100],
  cutWithinAnswer: [0, 3, 10, 30],
  truncate: [1, 5, 20],
  lengthOffBy: [-9, -1, 1, 100, 2 ** 30],
  corrupt: [1, 1, 4],
}
const APIS: Readonly<Record<Api, number>> = { Produce: 70, Metadata: 10, ApiVersions: 6, InitProducerId: 6, any: 8 }

function disturbance(chance: Chance, { cluster }: FaultOptions): FaultAction {
  const measured = Object.keys(MEASURED) as MeasuredKind[]
  const kind = chance.pick<WholeKind | MeasuredKind>([...WHOLE, ...measured])
  const amounts = (MEASURED as Readonly<Record<string, readonly number[] | undefined>>)[kind]
  return {
    ...{ do: 'disturb', api: chance.weighted(APIS), kind, by: amounts === undefined ? 0 : chance.pick(amounts) },
    times: chance.pick([1, 1, 2, 5]),
    ...(chance.percent(30) && { broker: chance.between(1, cluster.brokers) }),
  }
}

/** Errors of the other apis that come and go. */
const ELSEWHERE: Readonly<Record<'Metadata' | 'InitProducerId', readonly ErrorName[]>> = {
  Metadata: [
    'UNKNOWN_TOPIC_OR_PARTITION',
    'LEADER_NOT_AVAILABLE',
    'TOPIC_AUTHORIZATION_FAILED',
    'INVALID_TOPIC_EXCEPTION',
    'UNKNOWN_SERVER_ERROR',
  ],
  InitProducerId: [
    'COORDINATOR_NOT_AVAILABLE',
    'NOT_COORDINATOR',
    'COORDINATOR_LOAD_IN_PROGRESS',
    'CLUSTER_AUTHORIZATION_FAILED',
    'UNKNOWN_SERVER_ERROR',
  ],
}

/** The id is asked for once, at the first record. */
const withoutId = (chance: Chance): Step[] =>
  chance.percent(25)
    ? [{ do: 'fail', api: 'InitProducerId', error: chance.pick(ELSEWHERE.InitProducerId), times: chance.between(1, 4), at: 0 }]
    : []

function refusal(chance: Chance, { cluster }: FaultOptions): FaultAction {
  const times = chance.pick([1, 1, 2, 3])
  if (chance.percent(8)) {
    const api = chance.pick<'Metadata' | 'InitProducerId'>(['Metadata', 'InitProducerId'])
    return { do: 'fail', api, error: chance.pick(ELSEWHERE[api]), times }
  }
  const [topic, { partitions }] = chance.pick(Object.entries(cluster.topics))
  const where = chance.pick([{}, { topic }, { topic, partition: chance.between(0, partitions - 1) }])
  return { do: 'fail', api: 'Produce', error: chance.pick(REFUSALS), times, ...where }
}

/** What may end an idempotent producer for good comes late in a run, and not in every one. */
function ending(chance: Chance, { span, producer }: FaultOptions): Step[] {
  const isHarmless = !isIdempotent(producer)
  if (!chance.percent(isHarmless ? 90 : 45)) return []
  return chance.times(isHarmless ? 2 : 1, () => ({
    ...{ do: 'fail', api: 'Produce', error: chance.pick(ENDING), times: 3 },
    at: chance.between(isHarmless ? 0 : span / 2, span),
  }))
}
