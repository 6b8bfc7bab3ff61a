import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSchema } from '../../codegen/schema/read'
import { crc32c, messages, recordBatch } from '../../lib/entries/protocol'
import type { Message } from '../../lib/entries/protocol'
import { ValueMaker } from '../../spec/generated/support/values'
import type { Value } from '../../spec/generated/support/values'
import type { Chance } from './random'

/** A decoder, and what makes bytes that it would take. */
export interface Target {
  /** As in `--case`: the message and its version. */
  readonly name: string
  readonly decode: (bytes: Uint8Array) => unknown
  readonly sample: (chance: Chance) => Uint8Array
  /** Makes tampered bytes pass the checks that would hide what lies behind them. */
  readonly mended: (bytes: Uint8Array) => Uint8Array
}

const SCHEMAS = join(__dirname, '..', '..', 'schemas')

const same = (bytes: Uint8Array): Uint8Array => bytes

function targetsOf(codec: Message<Value>): readonly Target[] {
  const file = `${codec.name}.json`
  const schema = readSchema(readFileSync(join(SCHEMAS, file), 'utf8'), file)
  if (schema.kind !== 'message') return []
  const { min, max } = codec.validVersions
  return Array.from({ length: max - min + 1 }, (_, i) => min + i).map((version) => ({
    name: `${codec.name}:${version}`,
    decode: (bytes) => codec.decode(bytes, version),
    sample: ({ next }) => codec.encode(new ValueMaker(schema.model, version, next).make(), version),
    mended: same,
  }))
}

const CRC_AT = 17
const CHECKED_FROM = 21

const withFittingCrc = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= CHECKED_FROM) return bytes
  const copy = bytes.slice()
  const view = new DataView(copy.buffer)
  view.setInt32(8, copy.length - 12)
  view.setUint32(CRC_AT, crc32c(copy.subarray(CHECKED_FROM)))
  return copy
}

const maybe = (chance: Chance): Uint8Array | null => (chance.next() < 0.2 ? null : chance.bytes(chance.below(100)))

const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const sampleBatch = (compression: (typeof CODECS)[number], chance: Chance): Uint8Array =>
  recordBatch.encode({
    compression,
    records: Array.from({ length: 1 + chance.below(20) }, (_, i) => ({
      timestamp: 1_700_000_000_000 + i,
      key: maybe(chance),
      value: maybe(chance),
      headers: Array.from({ length: chance.below(3) }, () => ({ key: 'header', value: maybe(chance) })),
    })),
    transactional: chance.next() < 0.5,
    control: chance.next() < 0.1,
  })

/** A few bytes may be compressed from very many: how many are too many is the reader's to say. */
const MOST_DECOMPRESSED = 256 * 1024

const batchesOf = (compression: (typeof CODECS)[number]): Target => ({
  name: `recordBatch:${compression}`,
  decode: (bytes) => recordBatch.decode(bytes, { maxDecompressedBytes: MOST_DECOMPRESSED }),
  sample: (chance) => sampleBatch(compression, chance),
  mended: withFittingCrc,
})

/** How many times more often than a message of one version a record batch has its turn: there are more ways to be wrong in it. */
const BATCH_TURNS = 10

export function allTargets(): readonly Target[] {
  const codecs = Object.values(messages) as unknown as readonly Message<Value>[]
  return [...codecs.flatMap(targetsOf), ...CODECS.map(batchesOf).flatMap((target) => Array.from({ length: BATCH_TURNS }, () => target))]
}
