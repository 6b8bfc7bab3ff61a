import type { ElementType, Field, PrimitiveType } from '../schema/model'
import { intersect, isEmpty, type Versions } from '../schema/versions'
import { label, nameOf, untaggedVersions, type StructContext } from './context'
import { helperName, localName } from './names'
import { useRuntime, useRuntimeType } from './runtime'
import { defaultCode, elementTypeText, fieldType } from './types'
import { choose, emitVersionConditional, versionTest, versionTestNot, type VersionTest } from './version-conditional'

const METHODS: Readonly<Record<PrimitiveType, string>> = {
  bool: 'boolean',
  int8: 'int8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  int64: 'int64',
  float64: 'float64',
  uuid: 'uuid',
  string: 'string',
  bytes: 'bytes',
  records: 'bytes',
}

const COMPACT = { string: 'compactString', bytes: 'compactBytes', records: 'compactBytes', arrayLength: 'compactArrayLength' } as const

/** `function read…`: fields in order, then the tag section, then one object literal, so that all values of a struct have one shape. */
export function emitRead(context: StructContext): void {
  const { file, struct, typeName, flexible } = context
  const parameters = { reader: useRuntimeType(file, 'Reader'), version: 'number' }
  file.func({ name: `read${typeName}`, parameters, type: typeName }, () => {
    if (typeof flexible === 'object') file.print(`const flexible = ${flexible.code}`)
    for (const field of struct.fields) emitField(context, field)
    emitTagSection(context)
    const fields = struct.fields.map(({ property }) =>
      localName(property) === property ? property : `${property}: ${localName(property)}`,
    )
    file.list('return {', [...fields, 'unknownTaggedFields'], '}')
  })
}

/** Where and how a value is read. */
interface Place {
  readonly field: Field
  /** The versions in which this place of the code is reached. */
  readonly possible: Versions
  readonly isTagged: boolean
}

function emitField(context: StructContext, field: Field): void {
  const { file, struct } = context
  const versions = untaggedVersions(field)
  const test = versionTest(versions, struct.versions)
  const place = { field, possible: intersect(versions, struct.versions), isTagged: false }
  if (field.type.kind === 'array') return emitArrayField(context, place, test)
  const local = localName(field.property)
  const head = field.tag === null ? `const ${local}` : `let ${local}: ${fieldType(context, field, 'value')}`
  if (test === 'never') return file.print(`${head} = ${defaultCode(context, field)}`)
  const value = read(context, place)
  if (test === 'always') return file.print(`${head} = ${value}`)
  file.choice(head, [test.code, parenthesized(value), defaultCode(context, field)])
}

function emitArrayField(context: StructContext, place: Place, test: VersionTest): void {
  const { file } = context
  const { field } = place
  const collects = canCollect(context, place)
  const type = collects ? elementsType(context, field) : fieldType(context, field, 'value')
  const isDeclaredLater = collects && test === 'always'
  if (!isDeclaredLater) file.print(`let ${localName(field.property)}: ${type} = ${defaultCode(context, field)}`)
  if (test !== 'never') emitVersionConditional(file, test, { then: () => emitArray(context, place, { collects, isDeclaredLater }) })
}

/** The variable itself can collect the elements: it starts empty, is never null and is filled in one place. */
function canCollect(context: StructContext, { field, possible }: Place): boolean {
  return field.tag === null && field.default.kind === 'zero' && versionTest(field.nullableVersions, possible) === 'never'
}

interface ArrayVariable {
  /** It takes the elements as they come; otherwise they are collected beside it. */
  readonly collects: boolean
  readonly isDeclaredLater: boolean
}

/** The length is known to be no lie before the first element is read. */
function emitArray(context: StructContext, place: Place, { collects, isDeclaredLater }: ArrayVariable): void {
  const { file } = context
  const { field } = place
  if (field.type.kind !== 'array') return
  const local = localName(field.property)
  const length = helperName(context.struct, field.property, 'Length')
  const elements = collects ? local : helperName(context.struct, field.property, 'Elements')
  const isNull = nullOutcome(context, place)
  const isNeverNull = versionTest(field.nullableVersions, place.possible) === 'never'
  file.print(`const ${length} = ${sized(context, place, 'arrayLength')}`)
  if (isNeverNull) file.print(`if (${length} < 0) ${isNull}`)
  const made = `reader.elements<${elementTypeText(context, field.type.element, 'value')}>(${length})`
  file.print(`${collects && !isDeclaredLater ? '' : 'const '}${elements} = ${made}`)
  file.print(`for (let i = 0; i < ${length}; i++) ${elements}[i] = ${readElement(context, place, field.type.element)}`)
  if (collects) return
  file.print(isNeverNull ? `${local} = ${elements}` : `${local} = ${length} < 0 ? ${parenthesized(isNull)} : ${elements}`)
}

function elementsType(context: StructContext, { type }: Field): string {
  if (type.kind !== 'array') throw new Error('Only arrays have elements')
  return `${elementTypeText(context, type.element, 'value')}[]`
}

function readElement(context: StructContext, place: Place, element: ElementType): string {
  if (element.kind === 'struct') return `read${nameOf(context, element.name)}(reader, version)`
  if (element.name !== 'string' && element.name !== 'bytes') return `reader.${METHODS[element.name]}()`
  return `${parenthesized(sized(context, place, element.name))} ?? ${refusal(context, place.field)}`
}

/** Code that reads anything but an array. */
function read(context: StructContext, place: Place): string {
  const { type } = place.field
  if (type.kind === 'array') throw new Error('Arrays are read by statements')
  if (type.kind === 'struct') return readStruct(context, place, type.name)
  if (type.name !== 'string' && type.name !== 'bytes' && type.name !== 'records') return `reader.${METHODS[type.name]}()`
  const code = sized(context, place, type.name)
  const isNull = nullOutcome(context, place)
  return isNull === 'null' ? code : `${parenthesized(code)} ?? ${parenthesized(isNull)}`
}

function readStruct(context: StructContext, { field, possible, isTagged }: Place, name: string): string {
  const code = `read${nameOf(context, name)}(reader, version)`
  const test = versionTest(field.nullableVersions, possible)
  if (test === 'never') return code
  const isNull = `reader.${isTagged ? 'taggedStructIsNull' : 'structIsNull'}()`
  return `${test === 'always' ? isNull : `${test.code} && ${isNull}`} ? null : ${code}`
}

/** A call for a type that is written in two ways, compact in flexible versions. */
function sized({ message, flexible }: StructContext, { field, possible, isTagged }: Place, method: keyof typeof COMPACT): string {
  const [compact, plain] = [`reader.${COMPACT[method]}()`, `reader.${method === 'records' ? 'bytes' : method}()`]
  if (isTagged) return compact
  const test = versionTest(field.flexibleVersions, possible)
  if (typeof test === 'string') return choose(test, compact, plain)
  const isOfMessage = versionTest(message.flexibleVersions, possible)
  const isShared = typeof flexible === 'object' && typeof isOfMessage === 'object' && isOfMessage.code === test.code
  return `${isShared ? 'flexible' : test.code} ? ${compact} : ${plain}`
}

/** What becomes of null: itself, a refusal, or either by version. */
function nullOutcome(context: StructContext, { field, possible }: Place): string {
  return choose(versionTest(field.nullableVersions, possible), 'null', refusal(context, field))
}

function refusal(context: StructContext, field: Field): string {
  return `${useRuntime(context.file, 'nullWasRead')}(reader, ${label(context, field.property)}, version)`
}

function parenthesized(code: string): string {
  return code.includes(' ? ') ? `(${code})` : code
}

function emitTagSection(context: StructContext): void {
  const { file, struct, flexible } = context
  const tagged = struct.fields.filter(({ tag }) => tag !== null)
  const none = useRuntime(file, 'NO_TAGGED_FIELDS')
  if (flexible === 'never') return file.print(`const unknownTaggedFields = ${none}`)
  if (tagged.length === 0)
    return file.print(`const unknownTaggedFields = ${choose(flexibleVariable(flexible), 'reader.unknownTaggedFields()', none)}`)
  file.print(`const unknownTaggedFields: ${useRuntimeType(file, 'TaggedField')}[] = []`)
  emitVersionConditional(file, flexibleVariable(flexible), { then: () => emitTags(context, tagged) })
}

function flexibleVariable(flexible: VersionTest): VersionTest {
  return typeof flexible === 'object' ? { code: 'flexible' } : flexible
}

function emitTags(context: StructContext, tagged: readonly Field[]): void {
  const { file } = context
  file.print('let tag = -1')
  file.block('for (let count = reader.tagCount(); count > 0; count--)', () => {
    file.print('tag = reader.tagAfter(tag)', 'const end = reader.tagEnd()')
    file.block('switch (tag)', () => {
      for (const field of tagged) emitTag(context, field)
      file.print('default:')
      file.indent(() => file.print('unknownTaggedFields.push(reader.unknownTaggedField(tag, end))'))
    })
  })
}

function emitTag(context: StructContext, field: Field): void {
  const { file, message, struct } = context
  const flexibleHere = intersect(message.flexibleVersions, struct.versions)
  const wrong = versionTestNot(field.taggedVersions, flexibleHere)
  const place = { field, possible: intersect(field.taggedVersions, struct.versions), isTagged: true }
  file.block(`case ${String(field.tag)}:`, () => {
    const unexpected = `${useRuntime(file, 'unexpectedTag')}(reader, ${label(context, field.property)}, version)`
    if (wrong !== 'never') file.print(wrong === 'always' ? unexpected : `if (${wrong.code}) ${unexpected}`)
    if (!isEmpty(place.possible)) emitTaggedValue(context, place)
    file.print('reader.endTag(end)', 'break')
  })
}

function emitTaggedValue(context: StructContext, place: Place): void {
  if (place.field.type.kind === 'array') emitArray(context, place, { collects: false, isDeclaredLater: false })
  else context.file.print(`${localName(place.field.property)} = ${read(context, place)}`)
}
