/** Cuts a history down to what it takes to break the same promise. */
import type { Plan, Step } from './plan'

export interface ShrinkOptions {
  /** Whether the plan still breaks the promise. */
  readonly breaks: (plan: Plan) => Promise<boolean>
  /** Asked before each trial. */
  readonly goOn: () => boolean
}

export async function shrink(plan: Plan, options: ShrinkOptions): Promise<Plan> {
  let smallest = plan
  for (let size = Infinity; sizeOf(smallest) < size && options.goOn();) {
    size = sizeOf(smallest)
    smallest = await withFewerSteps(smallest, options)
    smallest = await simplified(smallest, options)
  }
  return smallest
}

/** Its text, and all that is sent: a number may become smaller and be as long as before. */
const sizeOf = (plan: Plan): number =>
  plan.steps.reduce((size, step) => size + (step.do === 'send' ? step.count : 0), JSON.stringify(plan).length)

/** Takes steps away, first in large pieces. */
async function withFewerSteps(plan: Plan, { breaks, goOn }: ShrinkOptions): Promise<Plan> {
  let smallest = plan
  for (let piece = Math.ceil(plan.steps.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let at = 0; at < smallest.steps.length && goOn();) {
      const steps = [...smallest.steps.slice(0, at), ...smallest.steps.slice(at + piece)]
      const without = { ...smallest, steps }
      if (await breaks(without)) smallest = without
      else at += piece
    }
  }
  return smallest
}

/** Tries each simpler plan in turn, from the simplest one found so far. */
async function simplified(plan: Plan, { breaks, goOn }: ShrinkOptions): Promise<Plan> {
  let simplest = plan
  const take = async (simpler: Plan): Promise<void> => {
    if (sizeOf(simpler) < sizeOf(simplest) && goOn() && (await breaks(simpler))) simplest = simpler
  }
  for (const index of plan.steps.keys()) for (const less of lessOf(plan.steps[index])) await take(replaced(simplest, index, less))
  for (const index of plan.streams.keys())
    await take({ ...simplest, streams: simplest.streams.map((stream, i) => (i === index ? {} : stream)) })
  for (const name of Object.keys(plan.producer)) await take({ ...simplest, producer: without(simplest.producer, name) })
  await take({ ...simplest, cluster: without(simplest.cluster, 'versions') })
  return simplest
}

const replaced = (plan: Plan, index: number, step: Step): Plan => ({
  ...plan,
  steps: plan.steps.map((each, i) => (i === index ? step : each)),
})

const without = <T extends object>(options: T, name: string): T =>
  Object.fromEntries(Object.entries(options).filter(([key]) => key !== name)) as T

/** Fewer records, the fewest first. */
function lessOf(step: Step): readonly Step[] {
  if (step.do !== 'send') return []
  const { flaw: _flaw, ...sound } = step
  return [1, Math.floor(step.count / 2)].flatMap((count) => (count < step.count ? { ...step, count } : [])).concat(sound)
}
