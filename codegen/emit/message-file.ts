import type { MessageModel, Struct } from '../schema/model'
import { isEmpty, type Versions } from '../schema/versions'
import { messageContext, structContext, type MessageContext } from './context'
import { defaultsNeeded, emitCreate, emitIsDefault } from './defaults'
import { emitInputInterface, emitInterface } from './interfaces'
import { emitRead } from './reading'
import { useRuntime, useRuntimeType } from './runtime'
import { SourceFile, type Setting } from './source-file'
import { choose, versionTest } from './version-conditional'
import { emitWrite } from './writing'

/** The file of one message: what it holds, what may be written, the codec as a whole, then the functions behind it. */
export function messageFile(message: MessageModel, setting: Setting): string {
  const file = new SourceFile(setting)
  const context = messageContext(file, message)
  const structs = [message.root, ...message.structs].map((struct) => structContext(context, struct))
  structs.forEach(emitInterface)
  structs.forEach(emitInputInterface)
  emitMessage(context)
  const { create, isDefault } = defaultsNeeded(context)
  const among = (set: ReadonlySet<Struct>): typeof structs => structs.filter(({ struct }) => set.has(struct))
  among(create).forEach(emitCreate)
  among(isDefault).forEach(emitIsDefault)
  structs.forEach(emitWrite)
  structs.forEach(emitRead)
  return file.toString().replace(/\n+$/, '\n')
}

function emitMessage({ file, message }: MessageContext): void {
  const { name, type, apiKey, listeners } = message
  const [messageType, define] = [useRuntimeType(file, 'Message'), useRuntime(file, 'defineMessage')]
  file.list(`export const ${name}: ${messageType}<`, [name, `${name}Input`], `> = ${define}({`, '')
  file.indent(() => {
    file.print(`name: '${name}',`, `type: '${type}',`, `apiKey: ${String(apiKey)},`)
    file.print(`validVersions: ${rangeCode(message.validVersions)},`, `flexibleVersions: ${rangeCode(message.flexibleVersions)},`)
    file.print(`latestVersionUnstable: ${String(message.latestVersionUnstable)},`)
    file.print(`listeners: [${listeners.map((listener) => `'${listener}'`).join(', ')}],`)
    emitHeaderVersion(file, message)
    file.print(`create: create${name},`, `write: write${name},`, `read: read${name},`)
  })
  file.print('})', '')
}

function emitHeaderVersion(file: SourceFile, { name, type, flexibleVersions, validVersions }: MessageModel): void {
  if (type !== 'request' && type !== 'response') return
  if (name === 'ApiVersionsResponse') {
    file.print('// KIP-511: always 0, since a client reads it before it knows which versions the broker has.', 'headerVersion: () => 0,')
    return
  }
  const [flexible, plain] = type === 'request' ? ['2', '1'] : ['1', '0']
  const test = versionTest(flexibleVersions, validVersions)
  const code = choose(test, flexible, plain)
  if (name === 'ControlledShutdownRequest' && validVersions.lowest === 0) {
    file.print('// Until Kafka 4.0 its version 0 had a header without the id of the client.')
    return file.print(`headerVersion: (version) => (version === 0 ? 0 : ${typeof test === 'object' ? `(${code})` : code}),`)
  }
  file.print(typeof test === 'object' ? `headerVersion: (version) => (${code}),` : `headerVersion: () => ${code},`)
}

export function rangeCode(versions: Versions): string {
  return isEmpty(versions) ? 'null' : `{ min: ${String(versions.lowest)}, max: ${String(versions.highest)} }`
}
