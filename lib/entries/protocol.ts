/** `kafkarx/protocol`: Kafka's wire protocol as typed codecs. */
export { messages } from '../generated/messages'
export { apis } from '../generated/apis'
export { errorCodes as errors } from '../generated/error-codes'
export type { ErrorCodeFacts } from '../generated/error-codes'
export { recordBatch } from '../batch/record-batch'
export type {
  DecodedRecord,
  DecodedRecordBatch,
  RecordBatchDecodeOptions,
  RecordBatchInput,
  RecordBatchRecord,
} from '../batch/record-batch'
export type { ControlMarker } from '../batch/control-marker'
export type { Compression, CompressionType } from '../batch/compression/compression'
export { murmur2, partitionOfKey } from '../partitioners/murmur2'
export { crc32c } from '../wire/crc32c'
export { Reader } from '../wire/reader'
export type { TaggedField } from '../wire/reader'
export { Writer } from '../wire/writer'
export type { Message, MessageFacts, MessageType, VersionRange } from '../wire/message'
export { CompressionCodecMissingError, ConfigError, ProtocolError, UnsupportedVersionError } from '../errors'
