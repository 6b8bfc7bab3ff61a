/** Record batches in an answer, as fields that can be compared. */
import { recordBatch } from '../../../../lib/batch/record-batch'
import type { Shape, ShapedField } from './shapes'
import type { Fields } from './walk'

const always = (): boolean => true
const value = (property: string): ShapedField => ({ property, kind: 'value', shape: undefined, isIn: always })
const structs = (property: string, shape: Shape): ShapedField => ({ property, kind: 'structs', shape, isIn: always })
const shape = (...fields: readonly (string | ShapedField)[]): Shape => ({
  fields: fields.map((field) => (typeof field === 'string' ? value(field) : field)),
})

const MARKER = ['version', 'type', 'coordinatorEpoch']
const RECORD = shape(
  'offset',
  'timestamp',
  'key',
  'value',
  structs('headers', shape('key', 'value')),
  ...MARKER.map((name) => `marker.${name}`),
)

/**
 * All that a batch says. Not its checksum, which covers the producer id and the time of appending: it was checked when the batch was
 * decoded. Not its size where it is compressed: two compressors may write the same records in different bytes.
 */
export const recordsShape: Shape = shape(
  ...['baseOffset', 'lastOffset', 'partitionLeaderEpoch', 'compression', 'timestampType', 'transactional', 'control', 'deleteHorizon'],
  ...['size', 'baseTimestamp', 'maxTimestamp', 'producerId', 'producerEpoch', 'baseSequence', 'recordCount'],
  structs('records', RECORD),
)

export interface ShapedBatch extends Fields {
  /** 0: it is not compressed. */
  readonly compressedSize: number
}

export const shapedBatches = (bytes: Uint8Array): ShapedBatch[] =>
  [...recordBatch.decodeAll(bytes)].map(({ size, records, ...batch }) => ({
    ...batch,
    size: batch.compression === 'none' ? size : 'compressed',
    compressedSize: batch.compression === 'none' ? 0 : size,
    records: records.map(({ marker, ...record }) => ({
      ...record,
      ...Object.fromEntries(MARKER.map((name) => [`marker.${name}`, (marker as Fields | undefined)?.[name]])),
    })),
  }))
