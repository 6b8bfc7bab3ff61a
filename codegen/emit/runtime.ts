import { posix } from 'node:path'
import type { SourceFile } from './source-file'

/** What generated code runs on, by the module of `lib/wire` that has it. */
const MODULES = {
  Reader: 'reader',
  TaggedField: 'reader',
  NO_TAGGED_FIELDS: 'reader',
  Writer: 'writer',
  Pieces: 'writer',
  ZERO_UUID: 'uuid',
  Message: 'message',
  VersionRange: 'message',
  NO_BYTES: 'message',
  defineMessage: 'message',
  nullWasRead: 'message',
  cannotWriteNull: 'message',
  cannotWriteField: 'message',
  unexpectedTag: 'message',
} as const

export type RuntimeName = keyof typeof MODULES

export const RUNTIME_NAMES: ReadonlySet<string> = new Set(Object.keys(MODULES))

/** Where a name of the runtime is imported from, by a file that lies so many folders below the output. */
export type Runtime = (depth: number) => (name: string) => string

/** A package that exports all of them. */
export function publishedRuntime(name: string): Runtime {
  return () => () => name
}

/** The sources of the runtime; `wire` is their folder as seen from the output. */
export function runtimeSources(wire: string): Runtime {
  return (depth) => (name) => {
    const path = posix.join('../'.repeat(depth), wire, MODULES[name as RuntimeName])
    return path.startsWith('.') ? path : `./${path}`
  }
}

export function useRuntime(file: SourceFile, name: RuntimeName): string {
  return file.use(name, file.setting.runtime(name))
}

export function useRuntimeType(file: SourceFile, name: RuntimeName): string {
  return file.useType(name, file.setting.runtime(name))
}
