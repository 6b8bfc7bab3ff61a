import type { SourceFile } from './source-file'

/** Where generated code finds what it runs on; a message file lies two folders below the root of the library. */
const WIRE = '../../wire'

const MODULES = {
  Reader: 'reader',
  TaggedField: 'reader',
  NO_TAGGED_FIELDS: 'reader',
  Writer: 'writer',
  Pieces: 'writer',
  ZERO_UUID: 'uuid',
  Message: 'message',
  NO_BYTES: 'message',
  defineMessage: 'message',
  nullWasRead: 'message',
  cannotWriteNull: 'message',
  cannotWriteField: 'message',
  unexpectedTag: 'message',
} as const

export type RuntimeName = keyof typeof MODULES

export const RUNTIME_NAMES: ReadonlySet<string> = new Set(Object.keys(MODULES))

export function useRuntime(file: SourceFile, name: RuntimeName): string {
  return file.use(name, `${WIRE}/${MODULES[name]}`)
}

export function useRuntimeType(file: SourceFile, name: RuntimeName): string {
  return file.useType(name, `${WIRE}/${MODULES[name]}`)
}
