/** `kafkarx`: the producer, its stages, and what goes in and comes out. */
export { producer } from './producer'
export type { CloseOptions, CloseReport, Producer } from './producer'
export type { Send, SendFrom, To } from './pipeline/sending'
export type { PullSource } from './pipeline/pull-source'
export type { ProducerMetrics } from './pipeline/metrics'
export type { DeliveryWith, SendOptions } from './pipeline/send-options'
export type { ProducerConfig } from './config'
export { fromProperties } from './properties/from-properties'
export type { FromPropertiesOptions, PropertiesObject } from './properties/from-properties'

export { serialize } from './pipeline/serialize'
export type { SerializeOptions } from './pipeline/serialize'
export { partition } from './pipeline/partition'
export type { PartitionOptions } from './pipeline/partition'
export { accumulate } from './pipeline/accumulate'
export type { AccumulateOptions } from './pipeline/accumulate'
export type { BatchStream, Drained } from './pipeline/batch-streams'
export type { ToOptions } from './pipeline/to'
export type { Batch } from './batch/batch'
export type { Compression, CompressionType } from './batch/compression/compression'

export { bytes, json, string } from './serializers/text'
export { float32, float64, int16, int32, int64 } from './serializers/numbers'
export { msgpack } from './serializers/msgpack'
export type { Serde, Serializer } from './serializers/serializer'
export { roundRobin } from './partitioners/round-robin'
export type { Partitioner } from './partitioners/partitioner'

export { skip } from './record'
export type {
  Delivered,
  Delivery,
  Failed,
  Header,
  HeadersInput,
  Interceptor,
  NodeId,
  Outlet,
  PartitionedRecord,
  ProducerRecord,
  SerializedRecord,
  Skip,
  Skipped,
  StreamTraits,
} from './record'
export type { ProducerEvent } from './events'
export type { PartitionInfo } from './cluster/cluster'
export type { Address, Socket, Transport } from './network/transport'
export { tcp } from './network/tcp'
export { tls } from './network/tls'
export type { TlsOptions } from './network/tls'
export { clientCredentials } from './network/sasl/client-credentials'
export type { ClientCredentialsOptions } from './network/sasl/client-credentials'
export type { Password } from './network/sasl/credentials'
export type { SaslConversation, SaslMechanism, SaslStep } from './network/sasl/mechanism'
export type { OAuthToken } from './network/sasl/oauth-bearer'
export type { SaslOptions } from './network/sasl/options'
export type { Pem, Pems } from './network/pem'

export {
  AbortError,
  AuthenticationError,
  BrokerError,
  BufferExhaustedError,
  CompressionCodecMissingError,
  ConfigError,
  ConnectError,
  CredentialsError,
  DeliveriesFailedError,
  DeliveryTimeoutError,
  DisconnectError,
  InternalError,
  KafkaError,
  MalformedRecordError,
  MetadataTimeoutError,
  OutcomeUnknownError,
  PartitionError,
  ProducerClosedError,
  ProtocolError,
  RecordTooLargeError,
  RequestTimeoutError,
  SerializationError,
  TlsError,
  TokenError,
  UnsubscribedError,
  UnsupportedVersionError,
} from './errors'
