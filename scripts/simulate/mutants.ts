/** Puts each known defect into a copy of the tree, and looks whether the simulation finds it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..')
const MUTANTS = join(ROOT, 'spec', 'simulation', 'mutants')
/** What a run needs of the tree. */
const COPIED = ['lib', 'spec/simulation', 'scripts/simulate', 'scripts/simulate.ts', 'package.json', 'tsconfig.json']
const RUNS = 2000
/** What `--first` ends with when it has found something; anything else is a defect of the hunt. */
const FOUND = 1

export interface HuntOptions {
  readonly seed: number
  /** Which; none: all of them. */
  readonly names: readonly string[]
  readonly say: (...lines: readonly string[]) => void
}

/** True when none survives. */
export function huntMutants({ seed, names, say }: HuntOptions): boolean {
  const all = readdirSync(MUTANTS).flatMap((file) => (file.endsWith('.patch') ? file.slice(0, -'.patch'.length) : []))
  const wanted = names.length === 0 ? all : names
  if (wanted.length === 0) throw new Error(`There is no patch in ${MUTANTS}`)
  const own = inCopy('none', (copy) => hunted(copy, seed))
  if (own !== undefined) throw new Error(`Without any mutant a promise is broken: ${own}. It would be found in each of them`)
  const survivors = wanted.filter((name) => {
    const found = isFound(name, seed)
    say(`${found === undefined ? 'SURVIVED' : 'found   '}  ${name}${found === undefined ? '' : `: ${found}`}`)
    return found === undefined
  })
  say(`${wanted.length} mutants, ${survivors.length} survived ${RUNS} runs`)
  return survivors.length === 0
}

/** The promise that it broke. */
const isFound = (name: string, seed: number): string | undefined =>
  inCopy(name, (copy) => {
    mustSucceed('patch', ['-p1', '--forward', '--quiet', '-i', join(MUTANTS, `${name}.patch`)], copy)
    return hunted(copy, seed)
  })

function inCopy<T>(name: string, work: (copy: string) => T): T {
  const copy = join(ROOT, '.cache', 'simulation', 'mutants', name)
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  try {
    for (const part of COPIED) cpSync(join(ROOT, part), join(copy, part), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
    return work(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function hunted(copy: string, seed: number): string | undefined {
  const args = ['scripts/simulate.ts', '--first', '--seed', String(seed), '--runs', String(RUNS)]
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', 'tsx'), args, { cwd: copy, encoding: 'utf8' })
  const broken = /broken: (.*)/.exec(stdout)?.[1]
  if (status === FOUND && broken !== undefined) return broken
  if (status === 0) return undefined
  throw new Error(`The runs of a mutant ended with ${String(status)}:\n${stderr}`)
}

function mustSucceed(command: string, args: readonly string[], cwd: string): void {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`)
}
