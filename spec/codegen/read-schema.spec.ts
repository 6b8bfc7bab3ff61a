import { SchemaError } from '../../codegen/schema/node'
import { readSchema } from '../../codegen/schema/read'

type Facts = Readonly<Record<string, unknown>>

/** A schema that is right, with one field of the test's choice. */
function read(field: Facts, message: Facts = {}): ReturnType<typeof readSchema> {
  const schema = {
    name: 'TestRequest',
    type: 'request',
    apiKey: 999,
    validVersions: '0-5',
    flexibleVersions: '2+',
    fields: [field],
    ...message,
  }
  return readSchema(JSON.stringify(schema), 'Test.json')
}

const good: Facts = { name: 'A', type: 'int32', versions: '0+' }
const tagged: Facts = { ...good, tag: 0, taggedVersions: '2+', versions: '2+' }
const struct: Facts = { name: 'A', type: '[]Inner', versions: '0+', fields: [good] }

describe('reading a schema', () => {
  it('cuts versions by the message and by the struct around', () => {
    const schema = read({ ...struct, versions: '1-3', fields: [{ ...good, versions: '2+' }] }, { validVersions: '0-5' })
    expect(schema).toMatchObject({
      model: {
        flexibleVersions: { lowest: 2, highest: 5 },
        root: { fields: [{ property: 'a', versions: { lowest: 1, highest: 3 } }] },
        structs: [{ name: 'Inner', versions: { lowest: 1, highest: 3 }, fields: [{ versions: { lowest: 2, highest: 3 } }] }],
      },
    })
  })

  it('lowers the first letter of a name and nothing else', () => {
    expect(read({ ...good, name: 'KRaftVersionFeature' })).toMatchObject({
      model: { root: { fields: [{ property: 'kRaftVersionFeature' }] } },
    })
  })

  it('keeps a message without versions as a reserved key', () => {
    const text = JSON.stringify({ name: 'OldRequest', type: 'request', apiKey: 4, validVersions: 'none' })
    expect(readSchema(text, 'Old.json')).toEqual({
      kind: 'reserved',
      message: { file: 'Old.json', name: 'OldRequest', type: 'request', apiKey: 4 },
    })
  })

  it.each([
    ['int16', '-1', { kind: 'integer', value: -1n }],
    ['int32', '0x7fffffff', { kind: 'integer', value: 2147483647n }],
    ['int64', '9223372036854775807', { kind: 'integer', value: 9223372036854775807n }],
    ['uint32', '4294967295', { kind: 'integer', value: 4294967295n }],
    ['float64', '1.5', { kind: 'float', value: 1.5 }],
    ['bool', 'true', { kind: 'bool', value: true }],
    ['string', 'x', { kind: 'text', value: 'x' }],
    ['uuid', 'H3KKO4NTRPaCWtEmm3vW7A', { kind: 'text', value: 'H3KKO4NTRPaCWtEmm3vW7A' }],
    ['records', undefined, { kind: 'null' }],
    ['bytes', undefined, { kind: 'zero' }],
  ])('reads the default of %s %p', (type, value, expected) => {
    expect(read({ ...good, type, default: value })).toMatchObject({ model: { root: { fields: [{ default: expected }] } } })
  })

  it.each<readonly [string, Facts, string]>([
    ['an unknown key', { ...good, colour: 'red' }, "fields.A: unknown key 'colour'"],
    ['an unknown type', { ...good, type: 'int128' }, "fields.A: unknown type 'int128'"],
    ['arrays of arrays', { ...good, type: '[][]int32' }, "unknown type '[]int32'"],
    ['a struct that is nowhere defined', { ...good, type: 'Nothing' }, "fields.A: struct 'Nothing' is nowhere defined"],
    ['fields of a type that has none', { ...good, fields: [good] }, 'fields.A: has fields, but its type is no struct'],
    ['a bad name', { ...good, name: 'a_b' }, "fields.a_b: 'a_b' is no name"],
    ['no versions', { name: 'A', type: 'int32' }, "fields.A: 'versions' is missing"],
    ['versions that are no range', { ...good, versions: '5-2' }, "'versions' is '5-2', which is no range of versions"],
    ['a nullable number', { ...good, nullableVersions: '0+' }, 'fields.A: its type cannot be null'],
    ['a null default of what is not nullable', { ...good, type: 'string', default: 'null' }, 'the default is null, which it cannot be'],
    [
      'a null default of what is nullable too late',
      { ...good, type: 'string', nullableVersions: '1+', default: 'null' },
      'the default is null',
    ],
    ['a default beyond its type', { ...good, type: 'uint16', default: '65536' }, 'fields.A: the default 65536 is beyond uint16'],
    ['a default of the wrong kind', { ...good, default: 'abc' }, "'abc' is no default of type int32"],
    ['a default of an array', { ...good, type: '[]int32', default: '1' }, 'its default can only be empty or null'],
    ['a tag without versions', { ...good, tag: 0 }, "has a 'tag' and no 'taggedVersions'"],
    ['tagged versions without a tag', { ...good, taggedVersions: '2+' }, "has 'taggedVersions' and no 'tag'"],
    ['a tag that leaves a gap', { ...tagged, tag: 1 }, 'tags must be 0, 1, 2 …: 1 stands where 0 is due'],
    ['tagged versions that end', { ...tagged, taggedVersions: '2-4' }, "'taggedVersions' must be open-ended"],
    ['tagged versions beyond the versions', { ...tagged, versions: '3+' }, "'taggedVersions' are not all in 'versions'"],
    ['tagged versions before flexible ones', { ...tagged, versions: '0+', taggedVersions: '1+' }, 'not all flexible versions'],
    ['tagged records', { ...tagged, type: 'records' }, 'records cannot be tagged'],
    [
      'a field that is nullable in some tagged versions',
      { ...tagged, type: 'string', nullableVersions: '3+' },
      'nullable in some of its tagged',
    ],
    ['flexible versions of an int', { ...good, flexibleVersions: 'none' }, 'are for strings and bytes only'],
    ['zero copy of a string', { ...good, type: 'string', zeroCopy: true }, "'zeroCopy' is for bytes only"],
    ['a map key at the top', { ...good, mapKey: true }, 'a map key at the top level'],
    ['an entity type of the wrong type', { ...good, entityType: 'topicName' }, 'entity type topicName must be string'],
    ['an unknown entity type', { ...good, entityType: 'planet' }, "unknown entity type 'planet'"],
    ['a field twice', { ...struct, fields: [good, good] }, "fields.A: field 'A' is there twice"],
    [
      'a wrong key deep inside',
      { ...struct, fields: [{ ...struct, type: 'B', fields: [{ ...good, x: 1 }] }] },
      "fields.A.A.A: unknown key 'x'",
    ],
    ['a struct that holds itself', { ...struct, fields: [{ name: 'B', type: '[]Inner', versions: '0+' }] }, "struct 'Inner' holds itself"],
    ['a number that JSON rounds', { ...good, type: 'int64', default: 2 ** 60 }, 'is a number beyond 2^53'],
    ['a tag that is no number', { ...tagged, tag: 'one' }, "fields.A: 'tag' must be an integer"],
    ['a struct twice', { ...struct, fields: [{ ...struct, name: 'B' }] }, "fields.A.B: struct 'Inner' is defined twice"],
  ])('refuses %s and says where', (_, field, message) => {
    expect(() => read(field)).toThrow(message)
    expect(() => read(field)).toThrow(SchemaError)
    expect(() => read(field)).toThrow(/^Test\.json: /)
  })

  it.each<readonly [string, Facts, string]>([
    ['an unknown key', { about: 'x' }, "Test.json: unknown key 'about'"],
    ['a name that is no type', { name: 'testRequest' }, "'testRequest' is no name of a message"],
    ['a listener that is no name', { listeners: ["it's"] }, "'listeners' must be names"],
    ['a record without a key', { type: 'metadata', apiKey: undefined }, "a message of type metadata must have an 'apiKey'"],
    ['an unstable response', { type: 'response', latestVersionUnstable: true }, "'latestVersionUnstable' is for requests only"],
    [
      'a struct that holds itself by way of another',
      { commonStructs: [holder('Outer', 'Inner'), holder('Inner', 'Outer')] },
      "commonStructs.Inner.Held: struct 'Outer' holds itself",
    ],
    ['an unknown message type', { type: 'event' }, "unknown message type 'event'"],
    ['open valid versions', { validVersions: '0+' }, 'the highest valid version must be stated'],
    ['no flexible versions', { flexibleVersions: undefined }, "'flexibleVersions' is missing"],
    ['flexible versions that end', { flexibleVersions: '2-4' }, "'flexibleVersions' must be none or open-ended"],
    ['a request without a key', { apiKey: undefined }, "a message of type request must have an 'apiKey'"],
    ['data with a key', { type: 'data' }, "a message of type data cannot have an 'apiKey'"],
    ['listeners of a response', { type: 'response', listeners: ['broker'] }, "'listeners' are for requests only"],
    [
      'a common struct that is defined again',
      { commonStructs: [{ name: 'Inner', versions: '0+', fields: [good] }], fields: [struct] },
      'defined again',
    ],
    ['a common struct that lacks versions', commonStruct('3+'), "struct 'Inner' lacks some of its versions"],
  ])('refuses a message with %s', (_, message, error) => {
    expect(() => read(good, message)).toThrow(error)
  })

  it('takes what Kafka writes in more than one way', () => {
    const field = { name: 'A', type: 'string', versions: '2+', taggedVersions: '2+', tag: '0', ignorable: 'true', about: ' Prose ' }
    expect(read(field, { listeners: 'broker', deprecatedVersions: '0-1' })).toMatchObject({
      model: {
        listeners: ['broker'],
        deprecatedVersions: { lowest: 0, highest: 1 },
        root: { fields: [{ tag: 0, ignorable: true, about: ' Prose ' }] },
      },
    })
    expect(read({ ...good, default: -2 })).toMatchObject({ model: { root: { fields: [{ default: { kind: 'integer', value: -2n } }] } } })
    expect(read({ ...good, type: 'bool', default: false })).toMatchObject({ model: { root: { fields: [{ default: { value: false } }] } } })
  })

  it('takes a null of JSON for what was not said', () => {
    const field = { name: 'A', type: '[]int32', versions: '0+', nullableVersions: '0+', default: null }
    expect(read(field)).toMatchObject({ model: { root: { fields: [{ default: { kind: 'zero' } }] } } })
  })

  it.each(['metadata', 'coordinator-key', 'coordinator-value'])('takes a %s for data that has a key', (type) => {
    expect(read(good, { type, apiKey: 3 })).toMatchObject({ model: { type: 'data', apiKey: 3 } })
  })

  it('reads past comments, and not into text', () => {
    const text = '// Licence\n{ "name": "X", // name\n "type": "data", "validVersions": "0", "flexibleVersions": "none", "fields": [\n'
    const field = '{ "name": "A", "type": "string", "versions": "0", "default": "http://x" } // last\n ] }'
    expect(readSchema(text + field, 'X.json')).toMatchObject({ model: { root: { fields: [{ default: { value: 'http://x' } }] } } })
  })

  it('refuses what is not JSON and says where', () => {
    expect(() => readSchema('{ } ]', 'Test.json')).toThrow('Test.json: is not JSON')
    expect(() => readSchema('// Comment\n{\n  "a": 1 // one\n  "b": 2\n}', 'Test.json')).toThrow(
      'Test.json: is not JSON, line 4, column 3: ',
    )
    expect(() => readSchema('[]', 'Test.json')).toThrow('Test.json: is not an object')
  })
})

function holder(name: string, held: string): Facts {
  return { name, versions: '0+', fields: [{ name: 'Held', type: held, versions: '0+' }] }
}

function commonStruct(versions: string): Facts {
  return { commonStructs: [{ name: 'Inner', versions, fields: [good] }], fields: [{ name: 'A', type: 'Inner', versions: '0+' }] }
}
