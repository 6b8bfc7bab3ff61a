/** The libraries that are compared, each built from its sources. They lie within the repository, and find the same packages. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compile } from './compile'

const run = promisify(execFile)

const ROOT = join(__dirname, '..', '..')
const CACHE = join(ROOT, '.cache', 'instructions')

const git = async (...args: readonly string[]): Promise<string> => (await run('git', args, { cwd: ROOT })).stdout.trim()

/** The programs of the steps, always this tree's; the path of the one to run. */
export async function buildPrograms(): Promise<string> {
  const folder = join(CACHE, 'program')
  await rm(folder, { recursive: true, force: true })
  await compile(join(__dirname, 'program'), folder)
  return join(folder, 'child.js')
}

/** As long as a commit: the length of a path is enough for the engine to lay things out otherwise, and to count 0.7 % more. */
const THIS = 'this'.padEnd(40, '-')

/** The folder of the library as the working tree has it. */
export async function buildThis(): Promise<string> {
  const built = join(CACHE, THIS, 'built')
  await rm(built, { recursive: true, force: true })
  await compile(join(ROOT, 'lib'), built)
  return built
}

/** The clone is cut off before the commit to compare with. That says nothing of the change. */
export class BaseMissing extends Error {}

/** The folder of the library as a commit has it; built once. */
export async function buildCommit(commit: string): Promise<string> {
  const hash = await resolveCommit(commit)
  const tree = join(CACHE, hash)
  const built = join(tree, 'built')
  if (existsSync(built)) return built
  await rm(tree, { recursive: true, force: true })
  await extract(hash, tree)
  await run(process.execPath, [join(ROOT, 'node_modules', 'tsx', 'dist', 'cli.mjs'), join(tree, 'codegen', 'main.ts')], { cwd: tree })
  await compile(join(tree, 'lib'), join(tree, 'half'))
  // Whoever is interrupted begins anew.
  await rename(join(tree, 'half'), built)
  return built
}

async function extract(hash: string, tree: string): Promise<void> {
  const archive = `${tree}.tar`
  await mkdir(tree, { recursive: true })
  await git('archive', '--format=tar', `--output=${archive}`, hash, 'lib', 'codegen', 'schemas', 'package.json', 'tsconfig.json')
  await run('tar', ['--extract', '--file', archive, '--directory', tree])
  await rm(archive)
}

async function resolveCommit(commit: string): Promise<string> {
  try {
    return await git('rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`)
  } catch {
    throw await missing(commit)
  }
}

async function missing(commit: string): Promise<Error> {
  const isShallow = await git('rev-parse', '--is-shallow-repository').catch(() => 'no repository')
  if (isShallow === 'true') {
    return new BaseMissing(
      `The base commit ${commit} is not in this clone, which has not all of the history: run \`git fetch --unshallow\`, or let CI check out with \`fetch-depth: 0\``,
    )
  }
  if (isShallow === 'no repository') return new BaseMissing(`The base commit ${commit} cannot be had: this is no clone of the repository`)
  return new Error(
    `The base commit ${commit} is not in this repository: bench/instructions/base.txt names one that was never merged, or was rewritten`,
  )
}
