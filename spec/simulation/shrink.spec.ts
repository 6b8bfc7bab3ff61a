import { planOf } from './draw'
import type { Plan } from './plan'
import { shrink } from './shrink'

const always = (): boolean => true

/** A plan with so many steps and more. */
const longPlan = (): Plan => {
  for (let seed = 1; ; seed++) {
    const plan = planOf(seed)
    if (plan.steps.length >= 20 && plan.steps.filter((step) => step.do === 'send' && step.count > 4).length > 2) return plan
  }
}

describe('shrink', () => {
  it('leaves the steps that it takes, and nothing else', async () => {
    const plan = longPlan()
    const [one, other] = [plan.steps[3], plan.steps[17]]
    const ats = [one, other].map(({ at, do: what }) => `${at} ${what}`)
    const breaks = ({ steps }: Plan) => Promise.resolve(ats.every((at) => steps.some((step) => `${step.at} ${step.do}` === at)))
    const { steps } = await shrink(plan, { breaks, goOn: always })
    expect(steps.map(({ at, do: what }) => `${at} ${what}`)).toEqual(ats)
  })

  it('makes bursts as small as they may be, and leaves settings at their defaults', async () => {
    const least = 4
    const breaks = ({ steps }: Plan) => Promise.resolve(steps.some((step) => step.do === 'send' && step.count >= least))
    const { steps, producer } = await shrink(longPlan(), { breaks, goOn: always })
    expect(steps.map((step) => step.do === 'send' && step.count >= least && step.count < 2 * least)).toEqual([true])
    expect(producer).toEqual({})
  })

  it('ends when it has no time left', async () => {
    const plan = longPlan()
    let trials = 0
    const breaks = () => Promise.resolve(++trials > 0)
    await shrink(plan, { breaks, goOn: () => trials < 3 })
    expect(trials).toBe(3)
  })
})
