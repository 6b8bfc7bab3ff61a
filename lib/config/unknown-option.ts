/** What is said of an option that there is not: which one may be meant, by the names that it has in other clients. */
import { lettersOf, nearestName } from './nearest-name'

/** A sentence for a problem; `names` are those that there are. */
export function unknownOption(name: string, names: readonly string[]): string {
  const elsewhere = ELSEWHERE.get(lettersOf(name))
  const advice =
    elsewhere ?? meant(nearestName(name, names)) ?? (name.includes('.') ? "fromProperties takes the names of Java's" : undefined)
  return `${name}: there is no such option${advice === undefined ? '' : `: ${advice}`}`
}

const meant = (option: string | undefined): string | undefined => (option === undefined ? undefined : `is ${option} meant?`)

/** By option, the names that are too far from it to be guessed; Java's, kafkajs's, librdkafka's, @platformatic/kafka's. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  brokers: ['bootstrap.servers', 'metadata.broker.list', 'bootstrapBrokers', 'kafkaHost', 'seedBrokers'],
  acks: ['request.required.acks', 'requiredAcks'],
  idempotence: ['enable.idempotence', 'idempotent'],
  linger: ['queue.buffering.max.ms'],
  batchSize: ['batch.num.messages'],
  compression: ['compression.type', 'compression.codec'],
  maxRequestSize: ['message.max.bytes'],
  bufferMemory: ['queue.buffering.max.kbytes', 'queue.buffering.max.messages'],
  maxInFlight: ['max.in.flight.requests.per.connection', 'maxInFlightRequests'],
  deliveryTimeout: ['message.timeout.ms'],
  requestTimeout: ['socket.timeout.ms', 'timeout'],
  connectionSetupTimeout: ['socket.connection.setup.timeout.ms', 'connectionTimeout', 'connectTimeout', 'authenticationTimeout'],
  connectionSetupTimeoutMax: ['socket.connection.setup.timeout.max.ms'],
  retries: ['message.send.max.retries', 'retry'],
  retryBackoff: ['retryDelay'],
  partitioner: ['partitioner.class', 'createPartitioner'],
  adaptivePartitioning: ['partitioner.adaptive.partitioning.enable'],
  ignoreKeys: ['partitioner.ignore.keys'],
  rackAware: ['partitioner.rack.aware'],
  interceptors: ['interceptor.classes'],
  metricsInterval: ['statistics.interval.ms'],
  metadataRecovery: ['metadata.recovery.strategy'],
  metadataRebootstrapTrigger: ['metadata.recovery.rebootstrap.trigger.ms'],
  tls: ['ssl', 'ssl.ca.location', 'ssl.truststore.location', 'security.protocol'],
  sasl: ['sasl.mechanism', 'sasl.mechanisms', 'sasl.username', 'sasl.password', 'sasl.jaas.config'],
  transport: ['socketFactory'],
}

/** What is no option here, because it lies elsewhere. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  'serializers are given to send and to': [
    'key.serializer',
    'value.serializer',
    'serializer',
    'serializers',
    'keySerializer',
    'valueSerializer',
  ],
  'what happens inside is told by events$': ['logLevel', 'logCreator', 'logger', 'debug', 'event_cb'],
  'each record has a delivery, which comes out of send': ['dr_cb', 'dr_msg_cb', 'callback'],
  'whether a topic is made is for the brokers to decide (auto.create.topics.enable)': [
    'allow.auto.create.topics',
    'allowAutoTopicCreation',
    'autocreateTopics',
  ],
  'it is { type, level } of compression': ['compression.level', 'compressionLevel', 'compression.gzip.level', 'compression.zstd.level'],
}

const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ...Object.entries(NAMES).flatMap(([option, names]) => names.map((name) => [lettersOf(name), `is ${option} meant?`] as const)),
  ...Object.entries(OTHERWISE).flatMap(([advice, names]) => names.map((name) => [lettersOf(name), advice] as const)),
])
