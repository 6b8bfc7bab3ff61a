/**
 * Builds dist/: CommonJS with its types by tsc, and beside it a thin ES module per entry that hands on the very same objects.
 * One copy of the code serves both worlds, so `instanceof` holds across them and the native parts are loaded once.
 * The command lies apart, in dist/cli/, as it stands in the repository: lib/cli/ and codegen/. It uses the package through its entries, and so
 * the same one copy.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'

const root = join(__dirname, '..')
const dist = join(root, 'dist')
const requireBuilt = createRequire(join(dist, 'cjs', 'index.js'))

/** A door of the package: where it lies in lib/, and the name of its facade in dist/esm/, both without extension. */
interface Entry {
  readonly source: string
  readonly facade: string
}

function entriesOf(folder: string, facade: (name: string) => string): Entry[] {
  const path = join(root, 'lib', folder)
  if (!existsSync(path)) return []
  const names = readdirSync(path).filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  return names.map((file) => file.slice(0, -'.ts'.length)).map((name) => ({ source: `${folder}/${name}`, facade: facade(name) }))
}

const doors = (): Entry[] => [{ source: 'index', facade: 'index' }, ...entriesOf('entries', (name) => name)]

const entries = (): Entry[] => [...doors(), ...entriesOf('generated/messages', (name) => `protocol/messages/${name}`)]

function compile(project: string): void {
  const tsc = join(dirname(createRequire(__filename).resolve('typescript/package.json')), 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, '--project', join(root, project)], { cwd: root, stdio: 'inherit' })
}

/** Named one by one: a tool that reads the file sees every export, and nothing depends on guessing the names of CommonJS. */
function facadeText(target: string, names: readonly string[]): string {
  const list = names.map((name) => `  ${name},\n`).join('')
  return `import cjs from '${target}'\n\nexport const {\n${list}} = cjs\n`
}

function writeFacade({ source, facade }: Entry): void {
  const built = join(dist, 'cjs', `${source}.js`)
  const path = join(dist, 'esm', facade)
  const target = relative(dirname(path), built).replaceAll('\\', '/')
  const names = Object.keys(requireBuilt(built) as object)
  mkdirSync(dirname(path), { recursive: true })
  // An entry of types alone has nothing to destructure; importing it must still be legal.
  writeFileSync(`${path}.mjs`, names.length === 0 ? `import '${target}'\n\nexport {}\n` : facadeText(target, names.sort()))
  writeFileSync(`${path}.d.mts`, `export * from '${target}'\n`)
}

/** tsc has put beside the command whatever it imports: the entries become doors to dist/cjs, and what lies behind them is there. */
function useTheOneCopy(entries: readonly Entry[]): void {
  const lib = join(dist, 'cli', 'lib')
  for (const name of readdirSync(lib).filter((name) => name !== 'cli')) rmSync(join(lib, name), { recursive: true })
  for (const { source } of entries) {
    const path = join(lib, `${source}.js`)
    mkdirSync(dirname(path), { recursive: true })
    const target = relative(dirname(path), join(dist, 'cjs', `${source}.js`)).replaceAll('\\', '/')
    writeFileSync(path, `module.exports = require('${target}')\n`)
  }
}

rmSync(dist, { recursive: true, force: true })
compile('tsconfig.build.json')
compile('tsconfig.build.cli.json')
const built = entries()
built.forEach(writeFacade)
useTheOneCopy(doors())
console.log(`dist/: ${String(built.length)} entries, each for require and import, and the command`)
