import type { Field, MessageModel } from '../schema/model'
import { contains, isEmpty, printVersions, sameVersions } from '../schema/versions'
import type { StructContext } from './context'
import { useRuntimeType } from './runtime'
import { fieldType } from './types'

/** What reading a struct gives: every field is there. */
export function emitInterface(context: StructContext): void {
  const { file, struct, message, typeName } = context
  file.doc(struct === message.root ? messageDoc(message) : `Struct of ${message.name}, versions ${printVersions(struct.versions)}.`)
  file.block(`export interface ${typeName}`, () => {
    for (const field of struct.fields) {
      file.doc(...fieldDocs(field))
      file.print(`readonly ${field.property}: ${fieldType(context, field, 'value')}`)
    }
    file.doc(isEmpty(message.flexibleVersions) ? 'No version can carry any.' : 'What the bytes held and this schema does not know.')
    file.print(`readonly unknownTaggedFields: readonly ${useRuntimeType(file, 'TaggedField')}[]`)
  })
  file.print('')
}

/** What writing takes. Whoever forgets a field that every version has, and that has no default in the schema, hears of it from the compiler. */
export function emitInputInterface(context: StructContext): void {
  const { file, struct, message, typeName } = context
  file.doc(`\`${typeName}\` to be written; a field that is left out is written as its default.`)
  file.block(`export interface ${typeName}Input`, () => {
    for (const field of struct.fields) {
      const optional = isOptional(context, field) ? '?' : ''
      file.doc(...fieldDocs(field))
      file.print(`readonly ${field.property}${optional}: ${fieldType(context, field, 'input')}`)
    }
    file.doc(isEmpty(message.flexibleVersions) ? 'No version can carry any.' : 'Written behind the tagged fields of the schema.')
    file.print(`readonly unknownTaggedFields?: readonly ${useRuntimeType(file, 'TaggedField')}[]`)
  })
  file.print('')
}

function isOptional({ struct }: StructContext, field: Field): boolean {
  return field.tag !== null || !contains(field.versions, struct.versions) || (field.default.kind !== 'zero' && !isRecords(field))
}

function isRecords(field: Field): boolean {
  return field.type.kind === 'primitive' && field.type.name === 'records'
}

function messageDoc(message: MessageModel): string {
  const { type, apiKey, validVersions, flexibleVersions, deprecatedVersions, listeners, latestVersionUnstable } = message
  const what = { request: 'Request', response: 'Response', header: 'Header', data: 'Data' }[type]
  const facts = [
    apiKey === null ? what : type === 'data' ? `Record of key ${String(apiKey)}` : `${what} of API key ${String(apiKey)}`,
    `versions ${printVersions(validVersions)}`,
    isEmpty(flexibleVersions) ? 'none flexible' : `flexible since ${String(flexibleVersions.lowest)}`,
    ...(isEmpty(deprecatedVersions) ? [] : [`deprecated ${printVersions(deprecatedVersions)}`]),
    ...(listeners.length > 0 ? [`for ${listeners.join(' and ')}`] : []),
    ...(latestVersionUnstable ? ['the latest unstable'] : []),
  ]
  return `${facts.join(', ')}.`
}

/** The facts, and the schema's own words where it has some. */
function fieldDocs(field: Field): readonly string[] {
  const about = field.about?.trim() ?? ''
  if (about === '') return [factsDoc(field)]
  return [/[.!?:]$/.test(about) ? about : `${about}.`, factsDoc(field)]
}

function factsDoc(field: Field): string {
  const { declared, tag, ignorable, isMapKey, entityType } = field
  const { versions, nullableVersions, taggedVersions } = declared
  const facts = [
    typeDoc(field),
    `versions ${printVersions(versions)}${isEmpty(field.versions) ? ' (none valid)' : ''}`,
    ...(tag === null ? [] : [`tag ${String(tag)}${sameVersions(versions, taggedVersions) ? '' : ` in ${printVersions(taggedVersions)}`}`]),
    ...(isEmpty(nullableVersions)
      ? []
      : [sameVersions(versions, nullableVersions) ? 'nullable' : `nullable ${printVersions(nullableVersions)}`]),
    ...(field.default.kind === 'zero' ? [] : [`default ${defaultDoc(field)}`]),
    ...(ignorable ? ['ignorable'] : []),
    ...(isMapKey ? ['map key'] : []),
    ...(entityType === null ? [] : [entityType]),
  ]
  return `${facts.join(', ')}.`
}

/** Kafka's type: TypeScript's does not tell an int8 from an int32. */
function typeDoc({ type }: Field): string {
  return type.kind === 'array' ? `[]${type.element.name}` : type.name
}

function defaultDoc({ default: value }: Field): string {
  return value.kind === 'null' || value.kind === 'zero' ? 'null' : String(value.value)
}
