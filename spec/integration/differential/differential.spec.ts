import { describeWithKafka } from '../support'
import { RULES } from './rules'
import { SUITES } from './scenarios/all'
import { judge } from './support/judge'
import { describeDifferences, figures } from './support/report'
import { play } from './support/scenario'
import { startSides } from './support/sides'
import type { Sides } from './support/sides'

const SEED = Number(process.env['KAFKARX_SEED'] ?? 1)
/** Kafka beside itself: shows what of the scenarios is left to chance. */
const BESIDE = process.env['KAFKARX_BESIDE_ITSELF'] === undefined ? 'ours' : 'a second node'

describeWithKafka('the cluster in the process answers as Apache Kafka does', () => {
  const the = judge(RULES, Date.now)

  describe.each(SUITES)('$name', ({ sides, scenarios }) => {
    let running: Sides
    beforeAll(async () => {
      running = await startSides({ seed: SEED, ...sides }, BESIDE)
      the.forget()
    })
    afterAll(() => running[Symbol.asyncDispose]())

    it.each(scenarios)('$name', async (scenario) => {
      const before = { differences: the.differences.length, fields: the.fields }
      await play(scenario, { reach: running.reach, judge: the, seed: SEED }).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${describeDifferences(the.differences.slice(before.differences), SEED)}`, { cause: error })
      })
      const differences = the.differences.slice(before.differences)
      if (differences.length > 0) throw new Error(describeDifferences(differences, SEED))
      expect(the.fields).toBeGreaterThan(before.fields)
    })
  })

  describe('altogether', () => {
    const itOfOurs = BESIDE === 'ours' ? it : it.skip
    itOfOurs('needs every rule and every accepted difference', () => {
      expect(the.unused).toEqual([])
    })

    it('compares thousands of answers', () => {
      process.stdout.write(`\n${figures(the, SEED)}\n`)
      expect(the.answers).toBeGreaterThan(10_000)
    })
  })
})
