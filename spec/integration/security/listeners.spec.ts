import { describeWithKafka } from '../support'
import { attempt, CASES, isQuick } from './cases'
import { startSecuredKafka } from './secured-kafka'
import type { SecuredKafka } from './secured-kafka'

describeWithKafka('listeners', () => {
  let kafka: SecuredKafka
  beforeAll(async () => {
    kafka = await startSecuredKafka()
  })
  afterAll(async () => kafka.stop())

  it.each(CASES.map((each) => [each.listener, each.what, each.outcome, each] as const))(
    '%s, %s: %s',
    async (_listener, _what, outcome, each) => {
      const seen = await attempt(kafka, each)
      expect(seen).toMatchObject({ outcome, message: expect.stringMatching(each.says ?? /^/) })
      expect(isQuick(seen)).toBe(true)
    },
  )
})
