/**
 * What can go wrong, one class per cause. Match on `code`: it is stable, and it stays the same when a class is renamed.
 * Every code is explained in docs/errors.md; a spec holds that page and this file together.
 */

/** What every error of this library carries. */
interface ErrorTraits {
  /** Stable name of the cause. For an error that a broker answered it is Kafka's own name, such as `NOT_LEADER_OR_FOLLOWER`. */
  readonly code: string
  /** The same record may succeed when it is sent again. */
  readonly retriable?: boolean
  /** The producer cannot go on: every later record fails with the same cause. */
  readonly fatal?: boolean
  readonly cause?: unknown
}

/** The root of all errors of this library. */
export abstract class KafkaError extends Error {
  readonly code: string
  readonly retriable: boolean
  readonly fatal: boolean

  constructor(message: string, { code, retriable = false, fatal = false, cause }: ErrorTraits) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
    this.retriable = retriable
    this.fatal = fatal
  }
}

/** An option is unknown, has a wrong value, or contradicts another. Thrown where the options are handed in. */
export class ConfigError extends KafkaError {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid options:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, { code: 'INVALID_CONFIG', fatal: true })
  }
}

/** Bytes that are not what Kafka's protocol says, or a value that cannot be written. `position` is the offset into the bytes, −1 when writing. */
export class ProtocolError extends KafkaError {
  constructor(
    message: string,
    readonly position = -1,
  ) {
    super(position < 0 ? message : `${message} (at byte ${String(position)})`, { code: 'PROTOCOL_ERROR' })
  }
}

/** What a broker's error code means; the facts come from the generated table. */
export interface BrokerErrorFacts {
  readonly errorCode: number
  readonly name: string
  readonly retriable: boolean
}

/** A broker refused. `code` is Kafka's name of the error, `errorCode` its number. */
export class BrokerError extends KafkaError {
  readonly errorCode: number

  constructor(message: string, { errorCode, name, retriable }: BrokerErrorFacts, fatal = false) {
    super(message, { code: name, retriable, fatal })
    this.errorCode = errorCode
  }
}

/** Broker and client share no version of a request. */
export class UnsupportedVersionError extends KafkaError {
  constructor(message: string) {
    super(message, { code: 'UNSUPPORTED_VERSION' })
  }
}

/** No connection to an address could be opened. */
export class ConnectError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'CONNECT_FAILED', retriable: true, cause })
  }
}

/** What may be wrong between a client and a broker that speak TLS, or should. */
const TLS_CAUSES = {
  untrusted: { code: 'TLS_UNTRUSTED' },
  'wrong host': { code: 'TLS_WRONG_HOST' },
  expired: { code: 'TLS_EXPIRED' },
  'client refused': { code: 'TLS_CLIENT_REFUSED' },
  'not spoken': { code: 'TLS_NOT_SPOKEN' },
  required: { code: 'TLS_REQUIRED' },
  failed: { code: 'TLS_FAILED' },
} as const

export type TlsCause = keyof typeof TLS_CAUSES

/** A connection was given up because one side does not trust the other, or only one of them speaks TLS. `cause` is what Node says. */
export class TlsError extends KafkaError {
  constructor(message: string, why: TlsCause, cause?: unknown) {
    super(message, { ...TLS_CAUSES[why], cause })
  }
}

/** How a login may fail; the names are Kafka's where Kafka has one. */
const AUTHENTICATION_CAUSES = {
  refused: { code: 'SASL_AUTHENTICATION_FAILED' },
  'other mechanism': { code: 'UNSUPPORTED_SASL_MECHANISM' },
  'not asked for': { code: 'ILLEGAL_SASL_STATE' },
  'broker unproven': { code: 'SASL_BROKER_UNPROVEN' },
} as const

export type AuthenticationCause = keyof typeof AUTHENTICATION_CAUSES

/** A broker did not let us in, or did not prove who it is. */
export class AuthenticationError extends KafkaError {
  constructor(message: string, why: AuthenticationCause, cause?: unknown) {
    super(message, { ...AUTHENTICATION_CAUSES[why], cause })
  }
}

/** What was to give a password or a token threw, or gave none. `cause` is what it threw; retriable when that says so. */
export class CredentialsError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'CREDENTIALS_FAILED', retriable: cause instanceof KafkaError && cause.retriable, cause })
  }
}

/** Why there is no token. */
const TOKEN_CAUSES = {
  refused: { code: 'TOKEN_REFUSED', retriable: false },
  unavailable: { code: 'TOKEN_UNAVAILABLE', retriable: true },
} as const

/** A token endpoint gave no token. */
export class TokenError extends KafkaError {
  constructor(message: string, why: keyof typeof TOKEN_CAUSES, cause?: unknown) {
    super(message, { ...TOKEN_CAUSES[why], cause })
  }
}

/** A test cluster cannot open a port. `cause` is the operating system's error. */
export class ListenError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'LISTEN_FAILED', cause })
  }
}

/** An open connection broke; what was unanswered on it may or may not have reached the broker. */
export class DisconnectError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'NETWORK_EXCEPTION', retriable: true, cause })
  }
}

/** A broker did not answer within `requestTimeout`; its connection is given up. */
export class RequestTimeoutError extends KafkaError {
  constructor(message: string) {
    super(message, { code: 'REQUEST_TIMEOUT', retriable: true })
  }
}

/** A topic's partitions did not become known within `maxBlock`, and no broker said why. */
export class MetadataTimeoutError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'METADATA_TIMEOUT', retriable: true, cause })
  }
}

/** A record was not acknowledged within `deliveryTimeout`. `cause` is the last thing that went wrong, if anything did. */
export class DeliveryTimeoutError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'DELIVERY_TIMEOUT', retriable: true, cause })
  }
}

/**
 * A record was given up after an attempt of which no answer tells whether the broker took it: it may be in the log or not. `cause` is why
 * it was given up. To send it again may double it.
 */
export class OutcomeUnknownError extends KafkaError {
  constructor(message: string, cause: KafkaError) {
    super(message, { code: 'OUTCOME_UNKNOWN', fatal: cause.fatal, cause })
  }
}

/** A record is not a record: no topic, a negative partition, a timestamp that is no time. */
export class MalformedRecordError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'MALFORMED_RECORD', cause })
  }
}

/** A serializer threw, rejected, or returned something that is not bytes. */
export class SerializationError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'SERIALIZATION_FAILED', cause })
  }
}

/** A partitioner threw, or chose a partition that the topic does not have. */
export class PartitionError extends KafkaError {
  constructor(message: string, cause?: unknown) {
    super(message, { code: 'PARTITION_FAILED', cause })
  }
}

/** A batch is compressed, or is to be, with a codec whose npm package is not installed. `cause` is what loading it threw. */
export class CompressionCodecMissingError extends KafkaError {
  constructor(
    readonly compression: string,
    readonly packageName: string,
    cause?: unknown,
  ) {
    super(`Compression with ${compression} needs the package ${packageName}, which cannot be loaded: npm install ${packageName}`, {
      code: 'COMPRESSION_CODEC_MISSING',
      cause,
    })
  }
}

/** A record alone is larger than `maxRequestSize` or `bufferMemory`. */
export class RecordTooLargeError extends KafkaError {
  constructor(message: string) {
    super(message, { code: 'RECORD_TOO_LARGE' })
  }
}

/** There was no room in `bufferMemory` within `maxBlock`, or more was waiting than `waitingMemory` allows. */
export class BufferExhaustedError extends KafkaError {
  constructor(message: string) {
    super(message, { code: 'BUFFER_EXHAUSTED', retriable: true })
  }
}

/** The producer was closed before the record was delivered. */
export class ProducerClosedError extends KafkaError {
  constructor(message: string) {
    super(message, { code: 'PRODUCER_CLOSED' })
  }
}

/** The `signal` of a send was aborted; `cause` is its reason. The name is the one that the web's own aborts have. */
export class AbortError extends KafkaError {
  constructor(cause: unknown) {
    super('The stream was aborted by its signal', { code: 'ABORTED', cause })
  }
}

/** Whoever waited for the record has left its stream, and `onUnsubscribe: 'purge'` took back what was not in a batch yet. */
export class UnsubscribedError extends KafkaError {
  constructor() {
    super("The record was taken back: its stream was left, with onUnsubscribe: 'purge', before it was in a batch", { code: 'UNSUBSCRIBED' })
  }
}

/** What is kept of a record that failed. */
interface FailedRecord {
  readonly topic: string
  readonly error: KafkaError
  readonly context: unknown
}

/** Some records of a stream with `onError: 'delay'` failed; all others were delivered. `cause` is the source's error, if it had one. */
export class DeliveriesFailedError extends KafkaError {
  /** `failures`: the first of them; those beyond were reported as events. `total`: how many there were. */
  constructor(
    readonly failures: readonly FailedRecord[],
    readonly total: number,
    cause?: unknown,
  ) {
    const [first] = failures
    super(`${String(total)} records of the stream failed, the first for ${first.topic || 'no topic'}: ${first.error.message}`, {
      code: 'DELIVERIES_FAILED',
      retriable: failures.every(({ error }) => error.retriable),
      cause,
    })
  }
}

/** A defect of this library. What was unsettled fails with it, and the producer takes no more records. */
export class InternalError extends KafkaError {
  constructor(message: string, cause: unknown) {
    super(message, { code: 'INTERNAL_ERROR', fatal: true, cause })
  }
}

/** What was thrown, as text; never throws itself, whatever it was. */
export function textOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } catch {
    return 'something that has no text'
  }
}
