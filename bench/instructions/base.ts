/** Which commit each step is compared with: what bench/instructions/base.txt says. */
import { STEP_NAMES } from './program/step'
import type { StepName } from './program/step'

/** A step, as it was at a commit. */
export type Bases = ReadonlyMap<StepName, string>

const EVERY_STEP = '*'
const LINE = /^(?<commit>[0-9a-f]{7,40})\s+(?<steps>\S+)\s+(?<reason>\S.*)$/

const isStep = (name: string): name is StepName => (STEP_NAMES as readonly string[]).includes(name)

function stepsOf(text: string, where: string): readonly StepName[] {
  if (text === EVERY_STEP) return STEP_NAMES
  return text.split(',').map((name) => {
    if (isStep(name)) return name
    throw new Error(`${where}: there is no step ${name}; there are ${STEP_NAMES.join(', ')}`)
  })
}

/** The last line that names a step holds for it. Throws where a line says no commit, no step that there is, or no reason. */
export function readBases(text: string): Bases {
  const bases = new Map<StepName, string>()
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return
    const where = `bench/instructions/base.txt:${index + 1}`
    const { commit, steps } = LINE.exec(line)?.groups ?? {}
    if (commit === undefined || steps === undefined) throw new Error(`${where}: expected are a commit, steps and the reason: ${line}`)
    for (const step of stepsOf(steps, where)) bases.set(step, commit)
  })
  const missing = STEP_NAMES.filter((step) => !bases.has(step))
  if (missing.length > 0) throw new Error(`bench/instructions/base.txt names no commit for ${missing.join(', ')}`)
  return bases
}
