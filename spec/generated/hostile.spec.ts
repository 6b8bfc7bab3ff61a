import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageModel } from '../../codegen/schema/model'
import { readSchema } from '../../codegen/schema/read'
import { ProtocolError } from '../../lib/errors'
import { messages } from '../../lib/generated/messages'
import type { Message } from '../../lib/wire/message'
import { disorderedTags, invalidTexts, liesAboutLength, negativeLengths } from './support/tampering'
import type { Lie } from './support/tampering'
import { TracingReader } from './support/tracing-reader'
import { seeded, ValueMaker, type Value } from './support/values'

/** Every byte of these is tried in turn: a message of some hundred bytes says as much as a long one. */
const MOST_BYTES = 600
const SEEDS = 5

const codecs = Object.values(messages) as unknown as readonly Message<Value>[]
const cases = codecs.map((codec) => ({ name: codec.name, codec }))

interface Sample {
  readonly version: number
  readonly bytes: Uint8Array
  readonly trace: TracingReader
}

const modelOf = (name: string): MessageModel => {
  const file = `${name}.json`
  const schema = readSchema(readFileSync(join(__dirname, '..', '..', 'schemas', file), 'utf8'), file)
  if (schema.kind !== 'message') throw new Error(`${name} has no versions`)
  return schema.model
}

/** All of them in CI; otherwise the first, the last, and the one that brought tags: what came and went between them only CI tampers with. */
const EXHAUSTIVE = process.env['KAFKARX_EXHAUSTIVE'] === '1'

const versionsOf = ({ validVersions: { min, max }, flexibleVersions }: Message<Value>): readonly number[] => {
  const firstFlexible = flexibleVersions?.min ?? max
  const edges = [min, firstFlexible, max]
  return Array.from({ length: max - min + 1 }, (_, i) => min + i).filter((version) => EXHAUSTIVE || edges.includes(version))
}

/** For each version one message that is not too long, with as much in it as the seeds give. */
const samplesOf = (codec: Message<Value>): readonly Sample[] => {
  const model = modelOf(codec.name)
  return versionsOf(codec).map((version) => {
    const encoded = Array.from({ length: SEEDS }, (_, seed) =>
      codec.encode(new ValueMaker(model, version, seeded(seed * 100 + version)).make(), version),
    )
    const small = encoded.filter(({ length }) => length <= MOST_BYTES).sort((a, b) => b.length - a.length)
    const bytes = small[0] ?? encoded.sort((a, b) => a.length - b.length)[0] ?? new Uint8Array(0)
    const trace = new TracingReader(bytes)
    codec.read(trace, version)
    return { version, bytes, trace }
  })
}

const samples = new Map(codecs.map((codec) => [codec.name, samplesOf(codec)]))

/** A million errors are made here and none is shown: their stacks would cost a third of the time. */
const stackTraceLimit = Error.stackTraceLimit
beforeAll(() => (Error.stackTraceLimit = 0))
afterAll(() => (Error.stackTraceLimit = stackTraceLimit))

/** What is wrong with the way in which the codec takes these bytes; an expectation for each would take minutes. */
const fault = (codec: Message<Value>, version: number, { what, bytes }: Lie): string | null => {
  try {
    codec.decode(bytes, version)
    return `version ${String(version)}, ${what}: was read`
  } catch (error) {
    if (!(error instanceof ProtocolError)) return `version ${String(version)}, ${what}: ${String(error)}`
    const isWithin = error.position >= 0 && error.position <= bytes.length
    return isWithin ? null : `version ${String(version)}, ${what}: position ${String(error.position)} of ${String(bytes.length)}`
  }
}

const faults = (codec: Message<Value>, liesOf: (sample: Sample) => readonly Lie[]): readonly string[] =>
  (samples.get(codec.name) ?? []).flatMap((sample) =>
    liesOf(sample).flatMap((lie) => {
      const wrong = fault(codec, sample.version, lie)
      return wrong === null ? [] : [wrong]
    }),
  )

const truncated = ({ bytes }: Sample): readonly Lie[] =>
  Array.from(bytes, (_, length) => ({ what: `cut off after ${String(length)} bytes`, bytes: bytes.subarray(0, length) }))

const lengthened = ({ bytes }: Sample): readonly Lie[] =>
  [1, 1000].map((more) => ({ what: `${String(more)} bytes more`, bytes: Uint8Array.of(...bytes, ...new Uint8Array(more)) }))

describe('hostile bytes are a ProtocolError with the position', () => {
  it.each(cases)('$name cut off after any byte', ({ codec }) => {
    expect(faults(codec, truncated)).toEqual([])
  })

  it.each(cases)('$name with bytes left over', ({ codec }) => {
    expect(faults(codec, lengthened)).toEqual([])
  })

  it.each(cases)('$name with lengths and counts beyond its end, and varints that are too long', ({ codec }) => {
    expect(faults(codec, ({ bytes, trace }) => trace.spans.flatMap((span) => liesAboutLength(bytes, span)))).toEqual([])
  })

  it.each(cases)('$name with text that is not UTF-8', ({ codec }) => {
    expect(faults(codec, ({ bytes, trace }) => trace.spans.flatMap((span) => invalidTexts(bytes, span)))).toEqual([])
  })

  it.each(cases)('$name with tags out of order or twice', ({ codec }) => {
    expect(faults(codec, ({ bytes, trace }) => trace.sections.flatMap((section) => disorderedTags(bytes, section)))).toEqual([])
  })
})

describe('hostile bytes that may be a message', () => {
  /** A negative length is null, as in Java; what was meant as its content may by chance be what comes next. */
  const isReadOrRefused = (wrong: string): boolean => wrong.endsWith('was read')

  it.each(cases)('$name with negative lengths is read or refused, never anything else', ({ codec }) => {
    const all = faults(codec, ({ bytes, trace }) => trace.spans.flatMap((span) => negativeLengths(bytes, span)))
    expect(all.filter((wrong) => !isReadOrRefused(wrong))).toEqual([])
  })

  it.each(cases)('$name with any byte changed is read or refused, never anything else', ({ codec }) => {
    const changed = ({ bytes }: Sample): readonly Lie[] =>
      [0x7f, 0xff].flatMap((byte) =>
        Array.from(bytes, (_, at) => {
          const copy = bytes.slice()
          copy[at] = byte
          return { what: `${byte.toString(16)} at ${String(at)}`, bytes: copy }
        }),
      )
    expect(faults(codec, changed).filter((wrong) => !isReadOrRefused(wrong))).toEqual([])
  })
})

describe('what the samples hold', () => {
  const all = [...samples.values()].flat()

  it(EXHAUSTIVE ? 'is every message at every version' : 'is every message at its first version, its last, and the first with tags', () => {
    expect(samples.size).toBe(codecs.length)
    expect(all).toHaveLength(EXHAUSTIVE ? 640 : 388)
  })

  it('is lengths of every kind, and sections with one tag and with several', () => {
    const kinds = new Set(all.flatMap(({ trace }) => trace.spans.map(({ kind }) => kind)))
    expect([...kinds].sort()).toEqual(
      ['arrayLength', 'bytes', 'compactArrayLength', 'compactBytes', 'compactString', 'string', 'tagCount', 'tagSize'].sort(),
    )
    const sizes = new Set(all.flatMap(({ trace }) => trace.sections.map(({ fields }) => fields.length)))
    expect([0, 1, 2, 3].every((size) => sizes.has(size))).toBe(true)
  })
})

describe('time and memory', () => {
  const MiB = 1024 * 1024
  const flexible = cases.filter(({ codec }) => codec.flexibleVersions !== null)

  /** Frames that are as long as their counts claim, of the smallest elements that there can be. */
  const fillings = [0x00, 0x01, 0x02, 0x7f, 0x80, 0xff].map((byte) => new Uint8Array(MiB / 4).fill(byte))

  it.each(flexible)('$name takes a quarter MiB of the same byte in bounded time', ({ codec }) => {
    const { max } = codec.validVersions
    const started = performance.now()
    for (const bytes of fillings) expect(fault(codec, max, { what: 'filled', bytes })).toBeNull()
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('nothing is allocated for what a length claims', () => {
    const before = process.memoryUsage()
    const lies = codecs.flatMap((codec) =>
      (samples.get(codec.name) ?? [])
        .slice(-1)
        .flatMap(({ version, bytes, trace }) =>
          trace.spans.flatMap((span) => liesAboutLength(bytes, span)).map((lie) => ({ codec, version, lie })),
        ),
    )
    let peak = 0
    for (const { codec, version, lie } of lies) {
      const held = process.memoryUsage()
      fault(codec, version, lie)
      const after = process.memoryUsage()
      peak = Math.max(peak, after.arrayBuffers - held.arrayBuffers, after.heapUsed - held.heapUsed)
    }
    expect(lies.length).toBeGreaterThan(1_000)
    expect(peak).toBeLessThan(2 * MiB)
    expect(process.memoryUsage().rss - before.rss).toBeLessThan(512 * MiB)
  })
})
