import { join } from 'node:path'
import ts from 'typescript'

const root = join(__dirname, '..', '..', '..')

/** Stricter than any reasonable user. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  noEmit: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules', '@types')],
  paths: { 'kafkarx/protocol': [join(root, 'lib', 'entries', 'protocol.ts')] },
}

/** For a bundler, which takes no import of a type for one of a value. */
export const asModules = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler } as const

/** The libraries of TypeScript and Node, which mean the same under all options here: to read them is half of what a program costs. */
const declarations = new Map<string, ts.SourceFile | undefined>()

const hostFor = (options: ts.CompilerOptions): ts.CompilerHost => {
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  return {
    ...host,
    getSourceFile: (file, ...how) => {
      if (!file.endsWith('.d.ts')) return read(file, ...how)
      const source = declarations.get(file) ?? read(file, ...how)
      declarations.set(file, source)
      return source
    },
  }
}

/** What the compiler has to say about these files; `kafkarx/protocol` is the source of the entry. */
export function typeErrors(files: readonly string[], options: ts.CompilerOptions = {}): readonly string[] {
  const all = { ...OPTIONS, ...options }
  const program = ts.createProgram(files, all, hostFor(all))
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(({ messageText }) => `${file}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  })
}
