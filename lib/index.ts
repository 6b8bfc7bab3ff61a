/** `kafkarx`: the producer, its stages, and what goes in and comes out. */
export { producer } from './producer'
export type { CloseOptions, CloseReport, Producer, Send, To } from './producer'
export type { ProducerConfig } from './config'

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

export type {
  Delivered,
  Delivery,
  Failed,
  Header,
  HeadersInput,
  NodeId,
  Outlet,
  PartitionedRecord,
  ProducerRecord,
  SerializedRecord,
} from './record'
export type { ProducerEvent } from './events'
export type { PartitionInfo } from './cluster/cluster'
export type { Address, Socket, Transport } from './network/transport'
export { tcp } from './network/tcp'

export {
  BrokerError,
  BufferExhaustedError,
  CompressionCodecMissingError,
  ConfigError,
  ConnectError,
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
  UnsupportedVersionError,
} from './errors'
