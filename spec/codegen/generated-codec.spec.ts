import { NONE } from '../../codegen/schema/versions'
import { UnsupportedVersionError } from '../../lib/errors'
import { hex } from '../wire/support/hex'
import { seeded, ValueMaker, type Value } from '../generated/support/values'
import { compile, fixture } from './support/compile'

const model = fixture('EverythingRequest')
const codec = compile(model)
const versions = [1, 2, 3, 4, 5, 6]
const written: Value = { ...codec.create(), records: new Uint8Array(0) }
const bytesOf = (value: Value, version: number): string => hex(codec.encode({ ...written, ...value }, version)).replaceAll(' ', '')
const readBack = (value: Value, version: number): Value => codec.decode(codec.encode({ ...written, ...value }, version), version)

/** What reading comes to; an expectation for each of thousands would take most of the time. */
const outcomeOf = (bytes: Uint8Array, version: number): unknown => {
  try {
    codec.decode(bytes, version)
    return 'read'
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? error
  }
}

describe('the codec of a schema that has everything', () => {
  it('says what the schema says', () => {
    expect(codec).toMatchObject({
      name: 'EverythingRequest',
      type: 'request',
      apiKey: 990,
      validVersions: { min: 1, max: 6 },
      flexibleVersions: { min: 3, max: 6 },
      latestVersionUnstable: true,
      listeners: ['broker', 'controller'],
    })
    expect(versions.map((version) => codec.headerVersion(version))).toEqual([1, 1, 2, 2, 2, 2])
  })

  it('creates every field at its default', () => {
    expect(codec.create()).toEqual(new ValueMaker(model, 6, seeded(0)).defaults())
    expect(codec.create()).toMatchObject({ int8: -127, int32: 2147483647, int64: 0x7000000000000000n, float64: 12.5, text: "it's \\ text" })
  })

  it.each(versions)('gives back at version %p what was written at it', (version) => {
    for (let seed = 0; seed < 50; seed++) {
      const value = new ValueMaker(model, version, seeded(seed)).make()
      const bytes = codec.encode(value, version)
      expect(codec.decode(bytes, version)).toEqual(value)
      expect(codec.encode(codec.decode(bytes, version), version)).toEqual(bytes)
    }
  })

  it.each(versions)('refuses version %p of itself at every truncation, and with a byte too many', (version) => {
    const bytes = codec.encode(new ValueMaker(model, version, seeded(version)).make(), version)
    const outcomes = Array.from(bytes, (_, end) => outcomeOf(bytes.subarray(0, end), version))
    expect(outcomes.length).toBeGreaterThan(100)
    expect(outcomes.filter((outcome) => outcome !== 'PROTOCOL_ERROR')).toEqual([])
    expect(() => codec.decode(Uint8Array.of(...bytes, 0), version)).toThrow(`1 bytes are left over after EverythingRequest version`)
  })

  it('never fails in another way on bytes that were changed', () => {
    const random = seeded(7)
    const whole = Array.from({ length: 60 }, (_, run) =>
      codec.encode(new ValueMaker(model, 1 + (run % 6), seeded(run % 20)).make(), 1 + (run % 6)),
    )
    const outcomes = Array.from({ length: 1500 }, (_, run) => {
      const bytes = Uint8Array.from(whole[run % whole.length] ?? [])
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
      return outcomeOf(bytes, 1 + (run % 6))
    })
    expect(new Set(outcomes)).toEqual(new Set(['read', 'PROTOCOL_ERROR']))
  })

  it.each([0, 7, -1, 2.5, NaN])('refuses version %p', (version) => {
    expect(() => codec.encode(written, version)).toThrow(UnsupportedVersionError)
    expect(() => codec.decode(new Uint8Array(0), version)).toThrow('EverythingRequest has no version')
    expect(() => codec.headerVersion(version)).toThrow(UnsupportedVersionError)
  })

  it('writes a field that is left out as its default', () => {
    expect(hex(codec.encode({ records: new Uint8Array(0) }, 6))).toBe(hex(codec.encode(written, 6)))
  })

  it('drops an ignorable field that the version lacks and refuses any other unless it is at its default', () => {
    expect(bytesOf({ version: 9, uint32s: [1], taggedMaybe: null }, 6)).toBe(bytesOf({}, 6))
    expect(() => bytesOf({ only3: 1 }, 4)).toThrow('EverythingRequest.only3 is not in version 4')
    expect(() => bytesOf({ only3: 1 }, 4)).toThrow(UnsupportedVersionError)
    expect(() => bytesOf({ float64s: [1] }, 1)).toThrow('EverythingRequest.float64s is not in version 1')
    expect(() => bytesOf({ nullableBytes: new Uint8Array(0) }, 6)).toThrow('EverythingRequest.nullableBytes is not in version 6')
    expect(() => bytesOf({ taggedInt: 1n }, 2)).toThrow('EverythingRequest.taggedInt is not in version 2')
    expect(() => bytesOf({ map: { class: 1, late: 8 } }, 4)).toThrow('EverythingRequest.Map.late is not in version 4')
    expect(() => bytesOf({ maybeStruct: { x: 1 } }, 1)).toThrow('EverythingRequest.maybeStruct is not in version 1')
  })

  it('takes a struct for its default only if every field and every unknown tag of it says so', () => {
    expect(bytesOf({ laterStruct: { points: [], name: 'none' } }, 2)).toBe(bytesOf({}, 2))
    expect(() => bytesOf({ laterStruct: { points: [], name: '' } }, 2)).toThrow('EverythingRequest.laterStruct is not in version 2')
    expect(() => bytesOf({ laterStruct: { points: [{}], name: 'none' } }, 2)).toThrow('laterStruct')
    const unknownTaggedFields = [{ tag: 1, data: new Uint8Array(0) }]
    expect(() => bytesOf({ taggedStruct: { x: -1, unknownTaggedFields } }, 2)).toThrow('EverythingRequest.taggedStruct is not in version 2')
    expect(readBack({ taggedStruct: { x: -1, unknownTaggedFields } }, 3)).toMatchObject({ taggedStruct: { x: -1, unknownTaggedFields } })
    expect(bytesOf({ taggedStruct: { x: -1, label: '' } }, 3)).toBe(bytesOf({}, 3))
  })

  it.each([
    ['text', 1, 'EverythingRequest.text cannot be null in version 1'],
    ['text', 6, 'EverythingRequest.text cannot be null in version 6'],
    ['bytes', 6, 'EverythingRequest.bytes cannot be null'],
    ['records', 1, 'EverythingRequest.records cannot be null in version 1'],
    ['uuid', 1, 'EverythingRequest.uuid cannot be null'],
    ['nullableLater', 3, 'EverythingRequest.nullableLater cannot be null in version 3'],
    ['bools', 2, 'EverythingRequest.bools cannot be null'],
    ['uuids', 2, 'EverythingRequest.uuids cannot be null in version 2'],
    ['map', 5, 'EverythingRequest.map cannot be null'],
    ['maybeStructLater', 3, 'EverythingRequest.maybeStructLater cannot be null in version 3'],
    ['taggedStruct', 5, 'EverythingRequest.taggedStruct cannot be null'],
    ['taggedPoints', 5, 'EverythingRequest.taggedPoints cannot be null'],
    ['taggedBytes', 5, 'EverythingRequest.taggedBytes cannot be null'],
  ])('refuses null in %s at version %p', (field, version, message) => {
    expect(() => bytesOf({ [field]: null }, version)).toThrow(message)
  })

  it('refuses null among the elements of an array', () => {
    expect(() => bytesOf({ texts: [null] }, 6)).toThrow('EverythingRequest.texts cannot be null in version 6')
    expect(() => bytesOf({ taggedPoints: [null] }, 6)).toThrow('EverythingRequest.taggedPoints cannot be null in version 6')
  })

  it('refuses null where the bytes claim it and the schema does not allow it', () => {
    const bytes = codec.encode({ ...written, text: '' }, 1)
    const at = 1 + 1 + 2 + 2 + 4 + 4 + 8 + 8 + 16
    bytes.fill(0xff, at, at + 2)
    expect(() => codec.decode(bytes, 1)).toThrow(
      `EverythingRequest.text is null, which version 1 does not allow (at byte ${String(at + 2)})`,
    )
  })

  it('keeps null and set apart in every kind of nullable field', () => {
    const set = {
      records: Uint8Array.of(1),
      nullableLater: '',
      plainText: '',
      texts: [],
      maybeStruct: { x: -1 },
      taggedText: 'a',
      taggedMaybe: {},
    }
    const none = { ...set, maybeStructLater: null, taggedMaybeSet: null, records: null, nullableLater: null, plainText: null, texts: null }
    expect(readBack(set, 5)).toMatchObject({ ...set, taggedMaybe: { inner: { x: -1 }, taggedLater: null }, taggedMaybeSet: { x: -1 } })
    expect(readBack({ ...none, maybeStruct: null, taggedText: null, taggedMaybe: null }, 5)).toMatchObject({
      ...none,
      maybeStruct: null,
      taggedText: null,
      taggedMaybe: null,
    })
  })

  it('writes tagged fields in ascending order, and a nullable struct in it behind a varint', () => {
    const value = { taggedText: 'ab', taggedInt: 1n, taggedMaybe: { inner: { x: 2, label: '' } }, taggedMaybeSet: null, onceUntagged: 6 }
    const [plain, tags] = [bytesOf({}, 5), bytesOf(value, 5)]
    const section = [
      '05',
      '00080000000000000001',
      '0208',
      '01',
      '00000002',
      '01',
      '00',
      '00',
      '0303616203'.slice(0, 4),
      '036162',
      '040100',
      '070400000006',
    ]
    expect(plain.endsWith('00')).toBe(true)
    expect(tags.slice(plain.length - 2)).toBe(section.join(''))
  })

  it('puts unknown tags behind the known ones and refuses those that the schema defines', () => {
    const unknown = (...tags: readonly number[]): Value => ({ unknownTaggedFields: tags.map((tag) => ({ tag, data: Uint8Array.of(1) })) })
    expect(readBack(unknown(8, 20), 5)).toMatchObject(unknown(8, 20))
    expect(() => bytesOf(unknown(7), 3)).toThrow('unknown tags ascend, from 8')
    expect(() => bytesOf(unknown(9, 9), 5)).toThrow('unknown tags ascend, from 8')
    expect(() => bytesOf(unknown(8), 2)).toThrow('EverythingRequest.unknownTaggedFields is not in version 2')
  })

  it('refuses a known tag in a version that does not tag the field', () => {
    const bytes = codec.encode(written, 3)
    const tagged = Uint8Array.of(...bytes.subarray(0, -1), 1, 3, 1, 0)
    expect(() => codec.decode(tagged, 3)).toThrow('EverythingRequest.taggedText is tagged in the bytes, which version 3 does not allow')
  })

  it('keeps the plain encoding of a field that is never flexible', () => {
    expect(bytesOf({ plainText: 'zz' }, 6)).toContain('00027a7a')
    expect(bytesOf({ text: 'zz' }, 6)).toContain('037a7a')
  })

  it('takes records in pieces, by reference', () => {
    const pieces = [Uint8Array.of(1, 2), new Uint8Array(2000).fill(3)]
    const whole = new Uint8Array(Buffer.concat(pieces))
    for (const version of versions) expect(bytesOf({ records: pieces }, version)).toBe(bytesOf({ records: whole }, version))
  })

  it('never mentions tags where no version is flexible', () => {
    const never = compile({
      ...fixture('SmallRequest'),
      flexibleVersions: NONE,
      root: { ...model.root, name: 'SmallRequest', fields: [] },
      structs: [],
    })
    expect(never.flexibleVersions).toBeNull()
    expect(never.encode({}, 0)).toHaveLength(0)
    expect(never.headerVersion(2)).toBe(1)
    expect(() => never.encode({ unknownTaggedFields: [{ tag: 0, data: new Uint8Array(0) }] }, 0)).toThrow(
      'SmallRequest.unknownTaggedFields',
    )
  })
})

describe('the codec of a schema whose names are all taken', () => {
  const awkward = fixture('AwkwardRequest')
  const awkwardCodec = compile(awkward)

  it.each([0, 1])('gives back at version %p what was written at it', (version) => {
    for (let seed = 0; seed < 50; seed++) {
      const value = new ValueMaker(awkward, version, seeded(seed)).make()
      expect(awkwardCodec.decode(awkwardCodec.encode(value, version), version)).toEqual(value)
    }
  })

  it('keeps every character of a default', () => {
    expect(awkwardCodec.create()).toMatchObject({ undefined: `a 'b' \\ "c"\n\t` })
  })
})

describe('the codec of a schema of a release before 4.0', () => {
  it('has no client id in the header of the first ControlledShutdown', () => {
    const shutdown = { ...fixture('SmallRequest'), name: 'ControlledShutdownRequest' }
    const codecOf = compile({ ...shutdown, root: { ...shutdown.root, name: shutdown.name } })
    expect([0, 1, 2].map((version) => codecOf.headerVersion(version))).toEqual([0, 2, 2])
  })
})
