/** Every option of a producer: meaning, unit, default. Resolved and checked once, with all problems named at once. */
import type { SchedulerLike } from 'rxjs'
import { compressorOf, workingCompressorOf } from './batch/compression/compression'
import type { Compression } from './batch/compression/compression'
import type { Linger } from './batch/lingering'
import { unknownOption } from './config/unknown-option'
import { ConfigError, textOf } from './errors'
import { mechanismOn, saslProblems } from './network/sasl/options'
import type { MechanismOn, SaslOptions } from './network/sasl/options'
import { tcp } from './network/tcp'
import { tls } from './network/tls'
import type { TlsOptions } from './network/tls'
import { tlsOptionProblems } from './network/tls-options'
import type { Address, Transport } from './network/transport'
import type { Partitioner } from './partitioners/partitioner'
import type { Interceptor } from './record'

/** Options carry Kafka's names in camelCase and, where Kafka has them, Kafka's defaults. Times are milliseconds, sizes bytes. */
export interface ProducerConfig {
  /** Addresses of some brokers, `host:port`, from which the others become known (bootstrap.servers). */
  readonly brokers: readonly string[]
  /** What brokers show in their logs and metrics (client.id). Default `kafkarx`. */
  readonly clientId?: string
  /** Who must have a record before it counts as delivered: every in-sync replica, the leader, or nobody. Default `all`. */
  readonly acks?: 'all' | -1 | 1 | 0
  /**
   * The brokers keep every batch once and in order, also when it is sent again (enable.idempotence). Needs `acks: 'all'`, retries, and a
   * `maxInFlight` of at most 5; a contradiction is an error when this is `true`, and turns it off when it is left out. Default `true`.
   */
  readonly idempotence?: boolean
  /**
   * How long a batch waits for more records (linger.ms); or `adaptive`: not at all while its broker has nothing of ours to do, so that one
   * record alone leaves at once, and else until that has answered, for 5 ms at most. Default 5.
   */
  readonly linger?: Linger
  /** The size at which a batch leaves without waiting (batch.size). Default 16 KiB. */
  readonly batchSize?: number
  /** The size up to which a batch grows while its broker is busy; at least `batchSize`. Default 256 KiB. */
  readonly maxBatchSize?: number
  /**
   * How batches are compressed: `none`, `gzip`, `snappy`, `lz4` or `zstd`, or `{ type, level }` (compression.type, compression.gzip.level
   * and its like). Sizes of batches are then those after it, as far as they can be foreseen; a batch that it would not make smaller leaves
   * as it is. snappy needs the package `snappy`, lz4 `lz4-napi`, zstd before Node 22.15 `@toondepauw/node-zstd`, which is faster than
   * what later ones have themselves and taken where it is there; one that is missing is thrown as a CompressionCodecMissingError. Default `none`.
   */
  readonly compression?: Compression
  /** The most that leaves in one request, and the largest record (max.request.size). Default 1 MiB. */
  readonly maxRequestSize?: number
  /** What batches may hold together (buffer.memory). Default 32 MiB. */
  readonly bufferMemory?: number
  /** What records may hold that wait for room in `bufferMemory` or for their topic to become known. Default 256 MiB. */
  readonly waitingMemory?: number
  /** Unanswered requests per broker (max.in.flight.requests.per.connection). Default 5. */
  readonly maxInFlight?: number
  /** How long a record waits for its topic, or for memory, before it fails (max.block.ms). Default 60,000. */
  readonly maxBlock?: number
  /** How long a batch is tried before its records fail (delivery.timeout.ms); at least `linger + requestTimeout`. Default 120,000. */
  readonly deliveryTimeout?: number
  /** How long a broker may take to answer before its connection is given up (request.timeout.ms). Default 30,000. */
  readonly requestTimeout?: number
  /**
   * How long it may take to open a connection (socket.connection.setup.timeout.ms); after each attempt in vain twice as long, ±20 %, up to
   * `connectionSetupTimeoutMax`. Default 10,000.
   */
  readonly connectionSetupTimeout?: number
  /** At least `connectionSetupTimeout` (socket.connection.setup.timeout.max.ms). Default 30,000. */
  readonly connectionSetupTimeoutMax?: number
  /** How long a connection may be unused before it is closed, and opened anew when it is needed (connections.max.idle.ms). Default 540,000. */
  readonly connectionsMaxIdle?: number
  /**
   * How old the knowledge of topics in use may become before it is asked for again (metadata.max.age.ms): partitions that were added are
   * found within that time. At least 100 ms are waited. Default 300,000.
   */
  readonly metadataMaxAge?: number
  /** How long a topic may be unused before it is forgotten, and asked for anew by its next record (metadata.max.idle.ms). Default 300,000. */
  readonly metadataMaxIdle?: number
  /**
   * What happens when no known broker can be reached, or one says that it belongs to another cluster: `rebootstrap` begins again with
   * `brokers`, `none` goes on with the brokers that are known (metadata.recovery.strategy). Default `rebootstrap`.
   */
  readonly metadataRecovery?: 'rebootstrap' | 'none'
  /** How long metadata may be asked for in vain before that (metadata.recovery.rebootstrap.trigger.ms). Default 300,000. */
  readonly metadataRebootstrapTrigger?: number
  /** How often a batch is sent again, within `deliveryTimeout`. Default: as often as that allows. */
  readonly retries?: number
  /** The pause before the first retry; it doubles, ±20 %, up to `retryBackoffMax` (retry.backoff.ms). Default 100. */
  readonly retryBackoff?: number
  /** Default 1,000. */
  readonly retryBackoffMax?: number
  /** The pause before connecting again; it doubles, ±20 %, up to `reconnectBackoffMax` (reconnect.backoff.ms). Default 50. */
  readonly reconnectBackoff?: number
  /** Default 1,000. */
  readonly reconnectBackoffMax?: number
  /** Chooses partitions for records that ask for none. Default: murmur2 of the key; without a key, sticky. */
  readonly partitioner?: Partitioner
  /**
   * Records that may go to any partition go rather to those for which few batches wait, so that a slow broker gets less
   * (partitioner.adaptive.partitioning.enable). Default true; false: to all partitions alike.
   */
  readonly adaptivePartitioning?: boolean
  /**
   * How long a broker may take nothing of what waits for it before such records avoid its partitions (partitioner.availability.timeout.ms).
   * Needs `adaptivePartitioning`. Default 0: they are never avoided.
   */
  readonly partitionerAvailabilityTimeout?: number
  /** Records with a key may go to any partition too (partitioner.ignore.keys). Not together with a `partitioner`. Default false. */
  readonly ignoreKeys?: boolean
  /**
   * Such records go only to partitions that are led in `clientRack`, as long as there are any (partitioner.rack.aware). Default false.
   */
  readonly rackAware?: boolean
  /** The rack in which this producer runs, as brokers name theirs in `broker.rack` (client.rack). */
  readonly clientRack?: string
  /** See every record and every delivery, in this order (interceptor.classes). Default: none. */
  readonly interceptors?: readonly Interceptor[]
  /** How often `metrics$` gives a snapshot. Default 10,000. */
  readonly metricsInterval?: number
  /** Where all time comes from. Default `asyncScheduler`: real time, and virtual within `TestScheduler.run`. */
  readonly scheduler?: SchedulerLike
  /**
   * Brokers are reached by TLS (security.protocol SSL, and the ssl.* options): true trusts the authorities that Node trusts; an object names
   * others, or shows a certificate of our own. Not together with a `transport`. Default false.
   */
  readonly tls?: boolean | TlsOptions
  /**
   * How to log in (sasl.mechanism, sasl.jaas.config): PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER, or a mechanism of your own. Sessions that
   * end are renewed before they do. Default: nobody logs in.
   */
  readonly sasl?: SaslOptions
  /** How brokers are reached. Default: TCP, or TLS over it where `tls` asks for it. */
  readonly transport?: Transport
}

/** The options with nothing left open. */
export interface Settings {
  readonly bootstrap: readonly Address[]
  readonly clientId: string
  readonly acks: -1 | 0 | 1
  readonly idempotence: boolean
  readonly linger: Linger
  readonly batchSize: number
  readonly maxBatchSize: number
  readonly compression: Compression
  readonly maxRequestSize: number
  readonly bufferMemory: number
  readonly waitingMemory: number
  readonly maxInFlight: number
  readonly maxBlock: number
  readonly deliveryTimeout: number
  readonly requestTimeout: number
  readonly connectionSetupTimeout: number
  readonly connectionSetupTimeoutMax: number
  readonly connectionsMaxIdle: number
  readonly metadataMaxAge: number
  readonly metadataMaxIdle: number
  readonly metadataRecovery: 'rebootstrap' | 'none'
  readonly metadataRebootstrapTrigger: number
  readonly retries: number
  readonly retryBackoff: number
  readonly retryBackoffMax: number
  readonly reconnectBackoff: number
  readonly reconnectBackoffMax: number
  readonly partitioner: Partitioner | undefined
  readonly adaptivePartitioning: boolean
  readonly partitionerAvailabilityTimeout: number
  /** The rack whose leaders are preferred; undefined when none is. */
  readonly preferredRack: string | undefined
  readonly interceptors: readonly Interceptor[]
  readonly metricsInterval: number
  readonly scheduler: SchedulerLike | undefined
  readonly transport: Transport
  /** Makes the mechanism by which connections log in; undefined where nobody has to. */
  readonly sasl: MechanismOn | undefined
}

/** What a number may be: whole, and what the protocol or a timer can hold. */
const INT32_MAX = 2 ** 31 - 1

/** The options that are numbers: default, and the least that makes sense. */
const NUMBERS = {
  linger: { default: 5, min: 0, or: 'adaptive' },
  batchSize: { default: 16_384, min: 0 },
  maxBatchSize: { default: 262_144, min: 0 },
  maxRequestSize: { default: 1_048_576, min: 1024 },
  bufferMemory: { default: 33_554_432, min: 16_384, max: Number.MAX_SAFE_INTEGER },
  waitingMemory: { default: 268_435_456, min: 0, max: Number.MAX_SAFE_INTEGER },
  maxInFlight: { default: 5, min: 1 },
  maxBlock: { default: 60_000, min: 0 },
  deliveryTimeout: { default: 120_000, min: 0 },
  requestTimeout: { default: 30_000, min: 1 },
  connectionSetupTimeout: { default: 10_000, min: 1 },
  connectionSetupTimeoutMax: { default: 30_000, min: 1 },
  connectionsMaxIdle: { default: 540_000, min: 1 },
  metadataMaxAge: { default: 300_000, min: 0 },
  metadataMaxIdle: { default: 300_000, min: 5000 },
  metadataRebootstrapTrigger: { default: 300_000, min: 0 },
  retries: { default: INT32_MAX, min: 0 },
  retryBackoff: { default: 100, min: 0 },
  retryBackoffMax: { default: 1000, min: 0 },
  reconnectBackoff: { default: 50, min: 0 },
  reconnectBackoffMax: { default: 1000, min: 0 },
  partitionerAvailabilityTimeout: { default: 0, min: 0 },
  metricsInterval: { default: 10_000, min: 1 },
} as const satisfies Record<string, { default: number; min: number; max?: number; or?: string }>

type NumberOption = keyof typeof NUMBERS
type Numbers = { readonly [option in NumberOption]: number }

/** −1 is Kafka's number for `all`. */
const ACKS = new Map<unknown, -1 | 0 | 1>([
  [undefined, -1],
  ['all', -1],
  [-1, -1],
  [1, 1],
  [0, 0],
])

const RECOVERIES: ReadonlySet<unknown> = new Set([undefined, 'rebootstrap', 'none'])

/** The options that are something else, and what that is; those that are checked by more than their type name none. */
const OTHERS: Readonly<Record<string, 'string' | 'boolean' | 'function' | 'object' | undefined>> = {
  brokers: undefined,
  acks: undefined,
  compression: undefined,
  metadataRecovery: undefined,
  clientId: 'string',
  idempotence: 'boolean',
  partitioner: 'function',
  adaptivePartitioning: 'boolean',
  ignoreKeys: 'boolean',
  rackAware: 'boolean',
  clientRack: 'string',
  interceptors: undefined,
  scheduler: 'object',
  tls: undefined,
  sasl: undefined,
  transport: 'object',
}

const OPTIONS: readonly string[] = [...Object.keys(NUMBERS), ...Object.keys(OTHERS)]

/** What users of Kafka may look for, and what this version does not have. */
const UNSUPPORTED: readonly string[] = ['transactionalId']

/** Throws a ConfigError that names every problem, or a CompressionCodecMissingError when that is the only one. */
export function resolveConfig(config: ProducerConfig): Settings {
  if (!isObject(config)) throw new ConfigError([NO_OPTIONS])
  const problems = [...unknownOptions(config), ...wrongTypes(config)]
  const numbers = numbersOf(config, problems)
  const bootstrap = addressesOf(config.brokers, problems)
  const acks = ACKS.get(config.acks)
  if (acks === undefined) problems.push(`acks: ${show(config.acks)} given; 'all', 1 or 0 expected`)
  const deliveryTimeout = deliveryTimeoutOf(config, numbers, problems)
  const idempotence = idempotenceOf(config, numbers, problems)
  problems.push(...partitioningProblems(config), ...compressionProblems(config.compression), ...tlsProblems(config))
  if (config.sasl !== undefined) problems.push(...saslProblems(config.sasl))
  if (!RECOVERIES.has(config.metadataRecovery)) {
    problems.push(`metadataRecovery: ${show(config.metadataRecovery)} given; 'rebootstrap' or 'none' expected`)
  }
  if (!areInterceptors(config.interceptors)) problems.push('interceptors: a list of { onSend?, onDelivery? } expected')
  if (problems.length > 0) throw new ConfigError(problems)
  const { compression = 'none' } = config
  // A package that is missing is to be missed now, and not by the first batch.
  workingCompressorOf(compression)
  return {
    ...numbers,
    linger: config.linger === 'adaptive' ? 'adaptive' : numbers.linger,
    bootstrap,
    acks: acks ?? -1,
    idempotence,
    deliveryTimeout,
    compression,
    maxBatchSize: Math.max(numbers.maxBatchSize, numbers.batchSize),
    connectionSetupTimeoutMax: Math.max(numbers.connectionSetupTimeoutMax, numbers.connectionSetupTimeout),
    clientId: config.clientId ?? 'kafkarx',
    metadataRecovery: config.metadataRecovery ?? 'rebootstrap',
    partitioner: config.ignoreKeys === true ? ignoringKeys : config.partitioner,
    adaptivePartitioning: config.adaptivePartitioning ?? true,
    preferredRack: config.rackAware === true ? config.clientRack : undefined,
    interceptors: config.interceptors ?? [],
    scheduler: config.scheduler,
    transport: config.transport ?? transportOf(config.tls),
    sasl: config.sasl && mechanismOn(config.sasl),
  }
}

const NO_OPTIONS = "an object of options expected, such as { brokers: ['127.0.0.1:9092'] }"

/** JavaScript may give anything, also nothing or an address alone. */
const isObject = (given: unknown): boolean => typeof given === 'object' && given !== null && !Array.isArray(given)

function unknownOptions(config: ProducerConfig): string[] {
  return Object.keys(config)
    .filter((name) => !Object.hasOwn(NUMBERS, name) && !Object.hasOwn(OTHERS, name))
    .map((name) => (UNSUPPORTED.includes(name) ? `${name}: not supported by this version` : unknownOption(name, OPTIONS)))
}

function wrongTypes(config: ProducerConfig): string[] {
  return Object.entries(OTHERS).flatMap(([name, type]) => {
    const value: unknown = config[name as keyof ProducerConfig]
    const isRight = type === undefined || value === undefined || (typeof value === type && value !== null)
    return isRight ? [] : [`${name}: ${show(value)} given; a ${type} expected`]
  })
}

function numbersOf(config: ProducerConfig, problems: string[]): Numbers {
  const entries = Object.entries(NUMBERS).map(([name, { default: standard, min, ...rest }]) => {
    const value: unknown = config[name as NumberOption] ?? standard
    const max = 'max' in rest ? rest.max : INT32_MAX
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return [name, value]
    const or = 'or' in rest ? rest.or : undefined
    if (value === or && or !== undefined) return [name, standard]
    const orElse = or === undefined ? '' : `, or '${or}'`
    problems.push(`${name}: ${show(value)} given; a whole number from ${String(min)} to ${String(max)}${orElse} expected`)
    return [name, standard]
  })
  return Object.fromEntries(entries) as Numbers
}

function areInterceptors(given: unknown): boolean {
  if (given === undefined) return true
  const isHook = (hook: unknown): boolean => hook === undefined || typeof hook === 'function'
  const isInterceptor = (each: unknown): boolean => {
    if (typeof each !== 'object' || each === null) return false
    const { onSend, onDelivery } = each as Interceptor
    return isHook(onSend) && isHook(onDelivery)
  }
  return Array.isArray(given) && given.every(isInterceptor)
}

/** As Kafka: a timeout that was asked for must leave room for one attempt; the default makes room by itself. */
function deliveryTimeoutOf(config: ProducerConfig, { deliveryTimeout, linger, requestTimeout }: Numbers, problems: string[]): number {
  const least = linger + requestTimeout
  if (config.deliveryTimeout === undefined) return Math.max(deliveryTimeout, least)
  if (deliveryTimeout < least) {
    problems.push(`deliveryTimeout: ${String(deliveryTimeout)} given; at least linger + requestTimeout = ${String(least)} expected`)
  }
  return deliveryTimeout
}

/** As Kafka: what was asked for must be possible; what was not is left out where other options rule it out. */
function idempotenceOf({ idempotence, acks }: ProducerConfig, { retries, maxInFlight }: Numbers, problems: string[]): boolean {
  if (idempotence === false) return false
  const against = [
    ...(ACKS.get(acks) === -1 ? [] : [`acks 'all' expected, ${show(acks)} given`]),
    ...(retries > 0 ? [] : ['retries above 0 expected']),
  ]
  if (idempotence === undefined && against.length > 0) return false
  if (maxInFlight > MOST_IN_FLIGHT) {
    against.push(`maxInFlight of at most ${String(MOST_IN_FLIGHT)} expected, ${String(maxInFlight)} given; or idempotence: false`)
  }
  problems.push(...against.map((problem) => `idempotence: ${problem}`))
  return against.length === 0
}

/** Brokers know the last five batches of a producer again, and no more. */
const MOST_IN_FLIGHT = 5

/** What is asked for and would have no effect. */
function partitioningProblems(config: ProducerConfig): string[] {
  const { adaptivePartitioning, partitionerAvailabilityTimeout = 0, ignoreKeys, partitioner, rackAware, clientRack = '' } = config
  return [
    ...(rackAware === true && clientRack === '' ? ['rackAware: needs clientRack, the rack in which the producer runs'] : []),
    ...(ignoreKeys === true && partitioner !== undefined ? ['ignoreKeys: a partitioner is given, which decides about keys itself'] : []),
    ...(adaptivePartitioning === false && partitionerAvailabilityTimeout > 0
      ? ['partitionerAvailabilityTimeout: needs adaptivePartitioning, which is off']
      : []),
  ]
}

/** From JavaScript anything may come, also an object that holds more than a type and a level. */
function compressionProblems(compression: unknown): readonly string[] {
  if (compression === undefined) return []
  if (typeof compression !== 'string' && !isTypeAndLevel(compression)) {
    return [`compression: ${show(compression)} given; a name expected, such as 'gzip', or { type, level }`]
  }
  try {
    compressorOf(compression as Compression)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const isTypeAndLevel = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  Object.keys(value).every((key) => key === 'type' || key === 'level')

/** No value is shown: it may be a key. */
function tlsProblems({ tls: given, transport }: ProducerConfig): readonly string[] {
  if (given === undefined || given === false) return []
  return [
    ...(transport === undefined ? [] : ['tls: a transport is given, which decides by itself how brokers are reached']),
    ...tlsOptionProblems(given),
  ]
}

const transportOf = (given: ProducerConfig['tls']): Transport => {
  if (given === undefined || given === false) return tcp()
  return tls(given === true ? {} : given)
}

const ignoringKeys: Partitioner = () => null

function addressesOf(brokers: unknown, problems: string[]): Address[] {
  if (!Array.isArray(brokers) || brokers.length === 0) {
    problems.push("brokers: at least one address expected, such as ['127.0.0.1:9092']")
    return []
  }
  return brokers.flatMap((broker: unknown) => {
    const address = typeof broker === 'string' ? parseAddress(broker) : undefined
    if (address === undefined) problems.push(`brokers: ${show(broker)} given; host:port expected, such as '127.0.0.1:9092'`)
    return address ?? []
  })
}

/** An IPv6 address stands in brackets. */
function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:\s/]+)):(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || port < 1 || port > 65_535) return undefined
  return { host: match[1] ?? match[2], port }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : textOf(value)
}
