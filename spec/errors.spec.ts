import * as errors from '../lib/errors'
import { BrokerError, ConfigError, DeliveryTimeoutError, KafkaError, ProtocolError } from '../lib/errors'

interface Row {
  readonly error: KafkaError
  readonly code: string
  readonly retriable?: boolean
  readonly fatal?: boolean
}

const facts = { errorCode: 6, name: 'NOT_LEADER_OR_FOLLOWER', retriable: true }

const rows: readonly Row[] = [
  { error: new errors.ConfigError(['a: b']), code: 'INVALID_CONFIG', fatal: true },
  { error: new errors.ProtocolError('m'), code: 'PROTOCOL_ERROR' },
  { error: new errors.BrokerError('m', facts), code: 'NOT_LEADER_OR_FOLLOWER', retriable: true },
  { error: new errors.UnsupportedVersionError('m'), code: 'UNSUPPORTED_VERSION' },
  { error: new errors.ConnectError('m'), code: 'CONNECT_FAILED', retriable: true },
  { error: new errors.TlsError('m', 'untrusted'), code: 'TLS_UNTRUSTED' },
  { error: new errors.TlsError('m', 'client refused'), code: 'TLS_CLIENT_REFUSED' },
  { error: new errors.AuthenticationError('m', 'refused'), code: 'SASL_AUTHENTICATION_FAILED' },
  { error: new errors.AuthenticationError('m', 'broker unproven'), code: 'SASL_BROKER_UNPROVEN' },
  { error: new errors.CredentialsError('m'), code: 'CREDENTIALS_FAILED' },
  { error: new errors.CredentialsError('m', new errors.TokenError('m', 'unavailable')), code: 'CREDENTIALS_FAILED', retriable: true },
  { error: new errors.TokenError('m', 'refused'), code: 'TOKEN_REFUSED' },
  { error: new errors.TokenError('m', 'unavailable'), code: 'TOKEN_UNAVAILABLE', retriable: true },
  { error: new errors.ListenError('m'), code: 'LISTEN_FAILED' },
  { error: new errors.DisconnectError('m'), code: 'NETWORK_EXCEPTION', retriable: true },
  { error: new errors.RequestTimeoutError('m'), code: 'REQUEST_TIMEOUT', retriable: true },
  { error: new errors.MetadataTimeoutError('m'), code: 'METADATA_TIMEOUT', retriable: true },
  { error: new errors.DeliveryTimeoutError('m'), code: 'DELIVERY_TIMEOUT', retriable: true },
  { error: new errors.OutcomeUnknownError('m', new errors.ProducerClosedError('m')), code: 'OUTCOME_UNKNOWN' },
  { error: new errors.MalformedRecordError('m'), code: 'MALFORMED_RECORD' },
  { error: new errors.SerializationError('m'), code: 'SERIALIZATION_FAILED' },
  { error: new errors.PartitionError('m'), code: 'PARTITION_FAILED' },
  { error: new errors.RecordTooLargeError('m'), code: 'RECORD_TOO_LARGE' },
  { error: new errors.BufferExhaustedError('m'), code: 'BUFFER_EXHAUSTED', retriable: true },
  { error: new errors.ProducerClosedError('m'), code: 'PRODUCER_CLOSED' },
  { error: new errors.AbortError(new Error('why')), code: 'ABORTED' },
  { error: new errors.UnsubscribedError(), code: 'UNSUBSCRIBED' },
  {
    error: new errors.DeliveriesFailedError([{ topic: 't', error: new errors.RequestTimeoutError('m'), context: 1 }], 1),
    code: 'DELIVERIES_FAILED',
    retriable: true,
  },
  { error: new errors.InternalError('m', new Error('why')), code: 'INTERNAL_ERROR', fatal: true },
  { error: new errors.CompressionCodecMissingError('snappy', 'snappy'), code: 'COMPRESSION_CODEC_MISSING' },
]

describe('an error', () => {
  it.each(rows)('$code says whether to try again and whether all is over', ({ error, code, retriable = false, fatal = false }) => {
    expect({ code: error.code, retriable: error.retriable, fatal: error.fatal }).toEqual({ code, retriable, fatal })
    expect(error).toBeInstanceOf(KafkaError)
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe(error.constructor.name)
  })

  it('has a row here for each class', () => {
    const classes = Object.values(errors).filter((each) => each !== KafkaError && each !== errors.textOf)
    expect(classes.filter((each) => !rows.some(({ error }) => error.constructor === each))).toEqual([])
  })

  it('has a cause only when there is one', () => {
    const cause = new Error('why')
    expect(new DeliveryTimeoutError('m', cause).cause).toBe(cause)
    expect('cause' in new DeliveryTimeoutError('m')).toBe(false)
  })
})

describe('the error of', () => {
  it('options lists every problem on a line of its own', () => {
    expect(new ConfigError(['acks: 2', 'linger: -1']).message).toBe('Invalid options:\n  - acks: 2\n  - linger: -1')
  })

  it('bytes says where they lie, when they were read', () => {
    expect([new ProtocolError('Too long', 17).message, new ProtocolError('Too long').message]).toEqual([
      'Too long (at byte 17)',
      'Too long',
    ])
  })

  it('a broker keeps Kafka’s number and may be fatal', () => {
    expect(new BrokerError('m', facts, true)).toMatchObject({ errorCode: 6, fatal: true })
  })
})

describe('the text of what was thrown', () => {
  it.each([
    ['an error', new Error('why'), 'why'],
    ['a text', 'why', 'why'],
    ['nothing', undefined, 'undefined'],
    ['something without a text', Object.create(null), 'something that has no text'],
  ])('is found for %s', (_what, thrown, text) => {
    expect(errors.textOf(thrown)).toBe(text)
  })
})
