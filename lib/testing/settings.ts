/** Every option of a test cluster: meaning, unit, default. */
import type { SchedulerLike } from 'rxjs'
import { ConfigError } from '../errors'
import type { ApiName } from '../generated/apis'
import type { NodeId } from '../record'
import type { VersionRange } from '../wire/message'
import { BROKER_CONFIGS } from './state/configs/broker-config-facts'
import { checkConfigs, checkTopicConfigs } from './state/configs/config-checks'
import { nameProblem } from './state/topic-names'

/** A topic that is there from the beginning. */
export interface TestTopic {
  readonly partitions: number
  /** Default: as many as there are brokers, 3 at most. */
  readonly replicationFactor?: number
  /** Settings by Kafka's names, such as `min.insync.replicas`. */
  readonly configs?: Readonly<Record<string, string>>
  /** The replicas of each partition, the preferred leader first. */
  readonly assignment?: readonly (readonly NodeId[])[] | undefined
}

/** Times are milliseconds, sizes bytes. */
export interface TestClusterOptions {
  /** How many brokers; their ids are 1, 2, 3 … Default 1. */
  readonly brokers?: number
  /** Topics that are there from the beginning, by name: a number of partitions, or more. */
  readonly topics?: Readonly<Record<string, number | TestTopic>>
  /** Where all time comes from. Default `asyncScheduler`: real time, and virtual within `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike
  /** Decides ids and everything else that is left to chance. Default: that of the `scheduler` when it is `virtualTime`'s, else 1. */
  readonly seed?: number
  /** The racks of the brokers, in order. Default: none. */
  readonly racks?: readonly string[]
  /** What the brokers are set to, by Kafka's names (`auto.create.topics.enable`, `num.partitions` …), over Kafka's defaults; a new group waits 0 ms for more members. */
  readonly configs?: Readonly<Record<string, string>>
  /** Narrower versions of some apis, to play an older broker; null: it does not know the api. */
  readonly versions?: Readonly<Partial<Record<ApiName, VersionRange | null>>>
  /** The finalized `transaction.version`: 2 (KIP-890), or 0 or 1, the older protocol. Default 2. */
  readonly transactionVersion?: 0 | 1 | 2
  /** Who may log in, name to password. With it, brokers want SASL (PLAIN, SCRAM) before anything else. */
  readonly users?: Readonly<Record<string, string>>
  /** What each partition keeps; beyond it its oldest batches go. Default 64 MiB. */
  readonly retentionBytes?: number
  /** How long a message takes over the network of memory, one way. Default 0. */
  readonly latency?: number
  /** How long a broker may be silent before the controller gives it up (broker.session.timeout.ms). Default 9,000. */
  readonly sessionTimeout?: number
}

/** The options with nothing left open. */
export interface Settings extends Required<Omit<TestClusterOptions, 'scheduler' | 'topics' | 'users'>> {
  readonly topics: readonly (WholeTopic & { readonly name: string })[]
  readonly users: TestClusterOptions['users']
}

const MOST_REPLICAS = 3

/** Of topics that do not say. */
export const replicationFactorOf = (brokers: number): number => Math.min(brokers, MOST_REPLICAS)

/** Kafka waits for 3 s whether more members come to a new group; here nobody has to, unless it is asked for. */
const QUICK: TestClusterOptions['configs'] = { 'group.initial.rebalance.delay.ms': '0' }

const DEFAULTS = {
  brokers: 1,
  seed: 1,
  racks: [],
  versions: {},
  transactionVersion: 2,
  users: undefined,
  retentionBytes: 64 * 1024 * 1024,
  latency: 0,
  sessionTimeout: 9000,
} as const satisfies Partial<Settings>

/** Throws ConfigError for numbers and names that are none, and for settings that Kafka does not have or would not take. */
export function settingsOf({ scheduler: _scheduler, topics = {}, ...options }: TestClusterOptions): Settings {
  const settings = { ...DEFAULTS, ...given(options) }
  const { brokers } = settings
  const configs = checkConfigs(BROKER_CONFIGS, Object.entries({ ...QUICK, ...options.configs }))
  const checked = Object.entries(topics).map(([name, topic]) => ({ name, ...checkTopic(name, topic, brokers) }))
  const problems = [
    ...numberProblems(settings),
    ...configs.problems.map((problem) => `configs: ${problem}`),
    ...checked.flatMap(({ name, problems }) => problems.map((problem) => `topics.${name}: ${problem}`)),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
  return {
    ...settings,
    configs: Object.fromEntries(configs.values),
    topics: checked.map(({ name, topic }) => ({ name, ...topic })),
  }
}

/** Nothing is left open. */
export type WholeTopic = Required<Omit<TestTopic, 'assignment'>> & { readonly assignment: TestTopic['assignment'] }

export interface CheckedTopic {
  readonly topic: WholeTopic
  /** What is wrong, a sentence each. Whether there are such brokers is not looked at. */
  readonly problems: readonly string[]
}

export function checkTopic(name: string, wanted: number | TestTopic, brokers: number): CheckedTopic {
  const { partitions, replicationFactor = replicationFactorOf(brokers), assignment, configs = {} } = wholly(wanted)
  const { values, problems } = checkTopicConfigs(Object.entries(configs))
  return {
    topic: { partitions, replicationFactor, assignment, configs: Object.fromEntries(values) },
    problems: [
      ...[nameProblem(name) ?? []].flat(),
      ...(isCount(partitions) ? [] : ['it needs a partition at least']),
      ...(isCount(replicationFactor) ? [] : ['each partition needs a replica at least']),
      ...(assignment === undefined || assignment.length === partitions
        ? []
        : [`its ${String(partitions)} partitions are assigned as if they were ${String(assignment.length)}`]),
      ...problems,
    ],
  }
}

const wholly = (wanted: number | TestTopic): TestTopic => (typeof wanted === 'number' ? { partitions: wanted } : wanted)

/** An option that is undefined is left open. */
const given = <T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never

const numberProblems = ({
  brokers,
  retentionBytes,
  latency,
  sessionTimeout,
}: Pick<Settings, 'brokers' | 'retentionBytes' | 'latency' | 'sessionTimeout'>): readonly string[] => [
  ...(isCount(brokers) ? [] : [`brokers: ${String(brokers)} is no number of brokers`]),
  ...(retentionBytes >= 0 ? [] : [`retentionBytes: ${String(retentionBytes)} is no size`]),
  ...(latency >= 0 ? [] : [`latency: ${String(latency)} is no time`]),
  ...(sessionTimeout >= 0 ? [] : [`sessionTimeout: ${String(sessionTimeout)} is no time`]),
]

const isCount = (count: number): boolean => Number.isInteger(count) && count >= 1
