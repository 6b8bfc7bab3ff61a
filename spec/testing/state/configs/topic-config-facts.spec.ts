import { BROKER_CONFIGS } from '../../../../lib/testing/state/configs/broker-config-facts'
import { parseConfig } from '../../../../lib/testing/state/configs/config-facts'
import { TOPIC_CONFIGS } from '../../../../lib/testing/state/configs/topic-config-facts'

describe('the tables of settings', () => {
  it('hold defaults that they would take, in the form in which they tell them', () => {
    const facts = [...TOPIC_CONFIGS.values(), ...BROKER_CONFIGS.values()].filter((fact) => fact.default !== null)
    const told = facts.map((fact) => [fact.name, parseConfig(fact, fact.default ?? '')])

    expect(told).toEqual(facts.map((fact) => [fact.name, { value: fact.default }]))
  })

  it('know every broker setting that a topic falls back on', () => {
    const names = [...TOPIC_CONFIGS.values()].flatMap(({ fallbacks }) => fallbacks.map(({ name }) => name))

    expect(names.filter((name) => !BROKER_CONFIGS.has(name))).toEqual([])
    expect(TOPIC_CONFIGS.size).toBe(37)
  })

  it.each([
    ['', true],
    ['*', true],
    ['0:1', true],
    ['0:1,1:2', true],
    ['0:1,,1:2', true],
    ['0', false],
    ['*,0:1', false],
    ['a:b', false],
  ])('take %p for replicas that are throttled: %p', (value, isGood) => {
    const fact = TOPIC_CONFIGS.get('leader.replication.throttled.replicas')

    expect(fact?.check?.(value) === undefined).toBe(isGood)
  })
})
