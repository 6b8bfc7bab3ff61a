import { resolveConfig } from '../../lib/config'
import { ConfigError } from '../../lib/errors'
import { fromProperties } from '../../lib/properties/from-properties'
import { RULES } from '../../lib/properties/keys'
import javaKeys from '../golden/java-producer-keys.json'

const problemsOf = (run: () => unknown): readonly string[] => {
  try {
    run()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

const rules = Object.entries(RULES)

describe('the table of keys', () => {
  it('has each key of Java’s producer, and no other', () => {
    expect(Object.keys(RULES).sort()).toEqual(javaKeys.map(({ name }) => name))
  })

  it('hides the values of those that are passwords', () => {
    const secret = rules.filter(([, rule]) => 'secret' in rule).map(([key]) => key)
    expect(secret.sort()).toEqual(javaKeys.filter(({ type }) => type === 'PASSWORD').map(({ name }) => name))
  })

  it('gives a reason that says something for each key that is refused or has no effect', () => {
    const reasons = rules.flatMap(([key, rule]) => ('why' in rule ? [{ key, words: rule.why.split(' ').length }] : []))
    expect(reasons.length).toBeGreaterThan(20)
    expect(reasons.filter(({ words }) => words < 4)).toEqual([])
  })

  it('names options that a producer has', () => {
    const named = rules.flatMap(([, rule]) => (rule.type === 'option' ? [rule.option] : rule.type === 'part' ? [rule.of] : []))
    const unset = Object.fromEntries([...new Set(named)].map((name) => [name, undefined]))
    expect(problemsOf(() => resolveConfig({ ...unset, brokers: ['a:1'] }))).toEqual([])
  })
})

describe('a file of all of Java’s defaults', () => {
  const defaults = Object.fromEntries(javaKeys.map(({ name, default: value }) => [name, value === 'required' ? null : value]))

  it('is taken, but for what is not done here', () => {
    const refused = problemsOf(() => fromProperties(defaults, { brokers: ['a:1'] })).map((problem) => problem.split(':')[0])
    expect(refused).toEqual(['enable.metrics.push'])
  })

  it('means for the rest what no file means', () => {
    const ignore = ['enable.metrics.push']
    const { sasl: _, transport: __, ...settings } = resolveConfig(fromProperties(defaults, { brokers: ['a:1'], ignore }))
    expect(resolveConfig({ brokers: ['a:1'] })).toMatchObject(settings)
  })
})
