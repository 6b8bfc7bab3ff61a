import type { ElementType, Field, PrimitiveType } from '../schema/model'
import { intersect, isEmpty, type Versions } from '../schema/versions'
import { holdsNull, label, nameOf, untaggedVersions, type StructContext } from './context'
import { emitFields, setTest } from './defaults'
import { helperName, localName } from './names'
import { useRuntime, useRuntimeType } from './runtime'
import { emitGuard, emitVersionConditional, versionTest, versionTestNot, type VersionTest } from './version-conditional'

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
  records: 'records',
}

const COMPACT = { string: 'compactString', bytes: 'compactBytes', records: 'compactRecords', arrayLength: 'compactArrayLength' } as const

/** `function write…`: fields in order, then the tag section. */
export function emitWrite(context: StructContext): void {
  const { file, struct, typeName, flexible } = context
  const parameters = { writer: useRuntimeType(file, 'Writer'), value: `${typeName}Input`, version: 'number' }
  file.func({ name: `write${typeName}`, parameters, type: 'void' }, () => {
    emitFields(context)
    if (typeof flexible === 'object') file.print(`const flexible = ${flexible.code}`)
    for (const field of struct.fields) emitField(context, field)
    emitTagSection(context)
  })
}

/** Where a value is written. */
interface Place {
  readonly field: Field
  /** The versions in which this place of the code is reached. */
  readonly possible: Versions
  readonly isTagged: boolean
}

/** Written in the versions that have it; in the others its value would be lost, which only an ignorable field may be. */
function emitField(context: StructContext, field: Field): void {
  const { file, struct } = context
  const versions = untaggedVersions(field)
  const place = { field, possible: versions, isTagged: false }
  const test = versionTest(versions, struct.versions)
  const absent = versionTestNot(field.versions, struct.versions)
  const refuse = field.ignorable || absent === 'never' ? undefined : (): void => emitRefusal(context, field)
  const then = (): void => emitValue(context, place)
  if (isEmpty(field.taggedVersions) && (test !== 'never' || refuse !== undefined))
    return emitVersionConditional(file, test, { then, otherwise: refuse })
  if (test !== 'never') emitVersionConditional(file, test, { then })
  if (refuse !== undefined) emitRefusal(context, field, [absent])
}

function emitRefusal(context: StructContext, field: Field, tests: readonly VersionTest[] = []): void {
  const refusal = `${useRuntime(context.file, 'cannotWriteField')}(${label(context, field.property)}, version)`
  emitGuard(context.file, tests, [setTest(context, field), refusal])
}

function emitValue(context: StructContext, place: Place): void {
  const { field } = place
  const local = localName(field.property)
  if (!place.isTagged) emitNullCheck(context, place)
  if (field.type.kind === 'array') return emitArray(context, place, field.type.element)
  if (field.type.kind === 'struct') return emitStruct(context, place, field.type.name)
  emitPrimitive(context, { place, name: field.type.name, code: local })
}

/** Refuses null where the version does not allow it; numbers and booleans are refused by the writer. */
function emitNullCheck(context: StructContext, { field, possible }: Place, reached: VersionTest = 'always'): void {
  const { type } = field
  if (type.kind === 'primitive' && !['string', 'bytes', 'records', 'uuid'].includes(type.name)) return
  const isNull = `${localName(field.property)} === null`
  emitGuard(context.file, [reached, versionTestNot(field.nullableVersions, possible)], [isNull, nullRefusal(context, field)])
}

function nullRefusal(context: StructContext, field: Field): string {
  return `${useRuntime(context.file, 'cannotWriteNull')}(${label(context, field.property)}, version)`
}

function emitArray(context: StructContext, place: Place, element: ElementType): void {
  const { file } = context
  const { field } = place
  const local = localName(field.property)
  const mayBeNull = holdsNull(field) && versionTest(field.nullableVersions, place.possible) !== 'never'
  emitSized(context, place, ['arrayLength', mayBeNull ? `${local} === null ? -1 : ${local}.length` : `${local}.length`])
  const loop = (): void => emitElements(context, place, element)
  if (mayBeNull) file.block(`if (${local} !== null)`, loop)
  else loop()
}

function emitElements(context: StructContext, place: Place, element: ElementType): void {
  const { file } = context
  const nonNull = `element ?? ${nullRefusal(context, place.field)}`
  file.block(`for (const element of ${localName(place.field.property)})`, () => {
    if (element.kind === 'struct') return file.print(`write${nameOf(context, element.name)}(writer, ${nonNull}, version)`)
    const isSized = element.name === 'string' || element.name === 'bytes'
    emitPrimitive(context, { place, name: element.name, code: isSized ? nonNull : 'element' })
  })
}

function emitStruct(context: StructContext, { field, possible, isTagged }: Place, name: string): void {
  const { file } = context
  const local = localName(field.property)
  const write = `write${nameOf(context, name)}(writer, ${local}, version)`
  const test = versionTest(field.nullableVersions, possible)
  if (test !== 'never') {
    const marker = `writer.${isTagged ? 'taggedStructMarker' : 'structMarker'}(${local})`
    emitVersionConditional(file, test, { then: () => file.print(marker) })
  }
  file.print(test === 'never' ? write : `if (${local} !== null) ${write}`)
}

interface Primitive {
  readonly place: Place
  readonly name: PrimitiveType
  readonly code: string
}

function emitPrimitive(context: StructContext, { place, name, code }: Primitive): void {
  if (name === 'string' || name === 'bytes' || name === 'records') emitSized(context, place, [name, code])
  else context.file.print(`writer.${METHODS[name]}(${code})`)
}

/** A call for a type that is written in two ways, compact in flexible versions. */
function emitSized(
  context: StructContext,
  { field, possible, isTagged }: Place,
  [method, code]: readonly [keyof typeof COMPACT, string],
): void {
  const { file, message, flexible } = context
  const test = isTagged ? 'always' : versionTest(field.flexibleVersions, possible)
  const [compact, plain] = [`writer.${COMPACT[method]}(${code})`, `writer.${method}(${code})`]
  if (typeof test === 'string') return file.print(test === 'always' ? compact : plain)
  const ofMessage = versionTest(message.flexibleVersions, possible)
  const isShared = typeof flexible === 'object' && typeof ofMessage === 'object' && ofMessage.code === test.code
  file.print(`if (${isShared ? 'flexible' : test.code}) ${compact}`, `else ${plain}`)
}

function emitTagSection(context: StructContext): void {
  const { file, struct, flexible } = context
  const tagged = struct.fields
    .filter((field) => field.tag !== null && !isEmpty(field.taggedVersions))
    .sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0))
  const refusal = `${useRuntime(file, 'cannotWriteField')}(${label(context, 'unknownTaggedFields')}, version)`
  const refuse = `if (unknownTaggedFields.length > 0) ${refusal}`
  if (flexible === 'never') return file.print(refuse)
  const test: VersionTest = typeof flexible === 'object' ? { code: 'flexible' } : flexible
  const known = struct.fields.filter(({ tag }) => tag !== null).length
  emitVersionConditional(file, test, {
    then: () => {
      if (known === 0) file.print('writer.tagSection(unknownTaggedFields)')
      else emitTags(context, tagged, known)
    },
    otherwise: () => file.print(refuse),
  })
}

/** Known tags are 0, 1, 2 …, so that unknown ones can only come behind them. */
function emitTags(context: StructContext, tagged: readonly Field[], known: number): void {
  const { file, struct, message } = context
  const flexibleHere = intersect(message.flexibleVersions, struct.versions)
  for (const field of tagged) {
    const place = { field, possible: field.taggedVersions, isTagged: true }
    const test = versionTest(field.taggedVersions, flexibleHere)
    emitNullCheck(context, place, test)
    file.print(`const ${isSet(context, field)} = ${typeof test === 'object' ? `${test.code} && ` : ''}${setTest(context, field)}`)
  }
  file.print(
    `writer.unsignedVarint(${['unknownTaggedFields.length', ...tagged.map((field) => `(${isSet(context, field)} ? 1 : 0)`)].join(' + ')})`,
  )
  for (const field of tagged) emitTag(context, field)
  file.print(`writer.unknownTaggedFields(unknownTaggedFields, ${String(known)})`)
}

function emitTag(context: StructContext, field: Field): void {
  const { file } = context
  file.block(`if (${isSet(context, field)})`, () => {
    file.print(`const mark = writer.beginTag(${String(field.tag)})`)
    emitValue(context, { field, possible: field.taggedVersions, isTagged: true })
    file.print('writer.endTag(mark)')
  })
}

function isSet({ struct }: StructContext, { property }: Field): string {
  return helperName(struct, property, 'IsSet')
}
