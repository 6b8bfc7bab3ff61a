/** `kafkarx/protocol`: Kafka's wire protocol as typed codecs. */
export { messages } from '../generated/messages'
export type { MessageName } from '../generated/messages'
export { apiOfKey, apis } from '../generated/apis'
export type { Api, ApiName } from '../generated/apis'
export { errorCodeFacts, errorCodes as errors } from '../generated/error-codes'
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

// What the output of `kafkarx codegen` runs on, beside Reader, Writer, Message and TaggedField. `defineMessage` makes a message of its codec;
// the others are the defaults that codecs share, and the errors that they throw.
export { NO_BYTES, cannotWriteField, cannotWriteNull, defineMessage, nullWasRead, unexpectedTag } from '../wire/message'
export type { MessageCodec } from '../wire/message'
export { NO_TAGGED_FIELDS } from '../wire/reader'
export { ZERO_UUID } from '../wire/uuid'
export type { Pieces } from '../wire/writer'
