/** Options that come of several keys, or of one whose value is not the option's. */
import type { CompressionType } from '../batch/compression/compression'
import type { ProducerConfig } from '../config'
import { PARTITIONERS } from './partitioners'
import { milliseconds, wholeNumber, word } from './reader'
import type { Reader } from './reader'
import { securityOf } from './security'
import type { Sheet } from './sheet'

export const partsOf = (sheet: Sheet): Partial<ProducerConfig> => ({
  ...compressionOf(sheet),
  ...sheet.read('partitioner.class', word(PARTITIONERS))?.(),
  ...reconnectOf(sheet),
  ...securityOf(sheet),
})

const TYPES: Readonly<Record<CompressionType, CompressionType>> = { none: 'none', gzip: 'gzip', snappy: 'snappy', lz4: 'lz4', zstd: 'zstd' }

/** −1 is Java's word for gzip's own default. Whether a level can be had, the producer knows. */
const LEVELS: Readonly<Record<string, Reader<number>>> = {
  gzip: wholeNumber({ min: -1, max: 9 }),
  lz4: wholeNumber({ min: 1, max: 17 }),
  zstd: wholeNumber({ min: -131_072, max: 22 }),
}

function compressionOf(sheet: Sheet): Pick<ProducerConfig, 'compression'> {
  const levels = new Map(Object.entries(LEVELS).map(([type, reader]) => [type, sheet.read(`compression.${type}.level`, reader)]))
  const type = sheet.read('compression.type', word(TYPES))
  if (type === undefined) return {}
  const level = levels.get(type)
  return { compression: level === undefined || (type === 'gzip' && level === -1) ? type : { type, level } }
}

/** As in Java: whoever sets the first pause and not the longest wants all alike. */
function reconnectOf(sheet: Sheet): Pick<ProducerConfig, 'reconnectBackoffMax'> {
  const first = sheet.text('reconnect.backoff.ms')
  const longest = sheet.read('reconnect.backoff.max.ms', milliseconds())
  if (longest !== undefined) return { reconnectBackoffMax: longest }
  // One that cannot be read has been named as a problem by whoever reads the option.
  const reading = first === undefined ? undefined : milliseconds()(first)
  return reading !== undefined && 'value' in reading ? { reconnectBackoffMax: reading.value } : {}
}
