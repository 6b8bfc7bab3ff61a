import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { readBases } from './base'
import { countStep, StepFailed, valgrindVersion } from './counting'
import type { Cost } from './counting'
import { atOnce } from './at-once'
import { STEP_NAMES } from './program/step'
import type { StepName } from './program/step'
import { comparisonTable, remarks, spreadTable } from './report'
import { BaseMissing, buildCommit, buildPrograms, buildThis } from './trees'
import { isComparison, TOLERANCE, verdictOf } from './verdicts'
import type { Compared } from './verdicts'

const HELP = `Counts the instructions that each step of a record's way takes, here and at the commit that bench/instructions/base.txt names, by valgrind: no
clock, and no other program on the machine, has a say in it. Fails when a step takes more than ${TOLERANCE * 100} % more than at its base.

  npm run instructions                 compares all steps
  npm run instructions -- STEP …       these alone: ${STEP_NAMES.join(', ')}
  npm run instructions -- --base C     with another commit
  npm run instructions -- --runs N     this tree alone, N times: how far the counts are apart
`

/** By it `.ci/run` tells a clone without the base from a step that is dearer. */
const EX_NOTHING_TO_COMPARE = 3

const say = (line: string): void => void process.stderr.write(`${line}\n`)

interface Count {
  readonly step: StepName
  readonly library: string
}

/** As many at once as there are cores: counts do not mind. */
const countAll = (program: string, counts: readonly Count[]): Promise<readonly (Cost | StepFailed)[]> =>
  atOnce(availableParallelism(), counts, async ({ step, library }) => {
    const cost = await countStep(program, { step, library }).catch((error: unknown) => {
      if (error instanceof StepFailed) return error
      throw error
    })
    say(
      `${step} of ${basename(dirname(library)).replace(/-+$/, '')}: ${cost instanceof StepFailed ? cost.message : Math.round(cost.instructions)}`,
    )
    return cost
  })

const basesFor = async (steps: readonly StepName[], base: string | undefined): Promise<ReadonlyMap<StepName, string>> => {
  const written = readBases(await readFile(join(__dirname, 'base.txt'), 'utf8'))
  return new Map(steps.map((step) => [step, base ?? written.get(step) ?? '']))
}

const buildAll = async (commits: Iterable<string>): Promise<ReadonlyMap<string, string>> => {
  const built = new Map<string, string>()
  for (const commit of new Set(commits)) {
    say(`building ${commit}`)
    built.set(commit, await buildCommit(commit))
  }
  return built
}

const compare = async (steps: readonly StepName[], base: string | undefined): Promise<readonly Compared[]> => {
  const bases = await basesFor(steps, base)
  const built = await buildAll(bases.values())
  const [program, library] = [await buildPrograms(), await buildThis()]
  say(`counting ${steps.length} steps of each`)
  const then = steps.map((step) => ({ step, library: built.get(bases.get(step) ?? '') ?? '' }))
  const costs = await countAll(program, [...then, ...steps.map((step) => ({ step, library }))])
  return steps.map((step, i) => {
    const [before, here] = [costs[i], costs[steps.length + i]]
    if (here === undefined || here instanceof StepFailed) throw new Error(`${step} does not run: ${here?.message ?? ''}`)
    return {
      step,
      commit: bases.get(step) ?? '',
      here,
      base: before instanceof StepFailed || !before ? { failed: before?.message ?? '' } : before,
    }
  })
}

const showComparison = async (steps: readonly StepName[], base: string | undefined): Promise<void> => {
  const all = await compare(steps, base)
  process.stdout.write(`${comparisonTable(all)}\n${remarks(all).join('\n')}\n`)
  if (!isComparison(all)) throw new Error('no step runs at its base: there is nothing to compare with')
  const dearer = all.filter((compared) => verdictOf(compared) === 'dearer').length
  if (dearer > 0) throw new Error(`${dearer} of ${all.length} steps are more than ${TOLERANCE * 100} % dearer`)
}

const showSpread = async (steps: readonly StepName[], runs: number): Promise<void> => {
  const [program, library] = [await buildPrograms(), await buildThis()]
  const counts = Array.from({ length: runs }, () => steps).flat()
  const costs = await countAll(
    program,
    counts.map((step) => ({ step, library })),
  )
  const bySteps = new Map<string, Cost[]>(steps.map((step) => [step, []]))
  counts.forEach((step, i) => {
    const cost = costs[i]
    if (cost === undefined || cost instanceof StepFailed) throw new Error(`${step} does not run: ${cost?.message ?? ''}`)
    bySteps.get(step)?.push(cost)
  })
  process.stdout.write(`${spreadTable(bySteps)}\n`)
}

const isStep = (name: string): name is StepName => (STEP_NAMES as readonly string[]).includes(name)

const stepsNamed = (names: readonly string[]): readonly StepName[] => {
  const unknown = names.find((name) => !isStep(name))
  if (unknown !== undefined) throw new Error(`there is no step ${unknown}; there are ${STEP_NAMES.join(', ')}`)
  return names.length === 0 ? STEP_NAMES : names.filter(isStep)
}

const main = async (): Promise<void> => {
  const options = { base: { type: 'string' }, runs: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return void process.stdout.write(HELP)
  const steps = stepsNamed(positionals)
  const valgrind = await valgrindVersion()
  if (valgrind === undefined) throw new Error("nothing was counted: valgrind is missing (Debian's package of that name)")
  say(`${valgrind}, Node ${process.version}`)
  await (values.runs === undefined ? showComparison(steps, values.base) : showSpread(steps, Number(values.runs)))
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = error instanceof BaseMissing ? EX_NOTHING_TO_COMPARE : 1
})
