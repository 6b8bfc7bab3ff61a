import { describeWhereKafkaRuns } from '../support'
import { run } from './run'
import { SCENARIOS, SHORT } from './scenarios'
import { startStage } from './stage'
import type { Stage } from './stage'

/** Three brokers on a busy machine take their time, and a fault ends when it was seen to bite. */
const PATIENCE_MS = 300_000

describeWhereKafkaRuns('a steady load on three brokers keeps what the README promises through', () => {
  let stage: Stage
  beforeAll(async () => void (stage = await startStage()), PATIENCE_MS)
  afterAll(async () => stage.stop(), PATIENCE_MS)

  const scenarios = SCENARIOS.filter(({ name }) => SHORT.includes(name))
  it.each(scenarios)(
    '$name',
    async (scenario) => {
      const { problems, sent, delivered } = await run(scenario, stage)
      expect(problems).toEqual([])
      expect(sent).toBeGreaterThan(1000)
      expect(delivered).toBeGreaterThan(1000)
    },
    PATIENCE_MS,
  )
})

describe('the short set of faults', () => {
  it('names faults that there are', () => {
    expect(SHORT.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name))).toEqual([])
  })
})

describe('all faults', () => {
  it('have names of their own', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length)
  })
})
