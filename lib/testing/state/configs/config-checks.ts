/** Whether topics and brokers may be set to something. */
import type { ConfigFact } from './config-facts'
import { parseConfig } from './config-facts'
import { TOPIC_CONFIGS } from './topic-config-facts'

export interface Checked {
  /** As Kafka prints them. */
  readonly values: ReadonlyMap<string, string>
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[]
}

export type Configs = Iterable<readonly [name: string, value: string]>

/** Looks at each value by itself. */
export function checkConfigs(facts: ReadonlyMap<string, ConfigFact>, configs: Configs): Checked {
  const values = new Map<string, string>()
  const problems: string[] = []
  for (const [name, value] of configs) {
    const fact = facts.get(name)
    const parsed = fact === undefined ? { problem: `There is no setting ${name} here` } : parseConfig(fact, value)
    if ('problem' in parsed) problems.push(parsed.problem)
    else values.set(name, parsed.value)
  }
  return { values, problems }
}

/** Looks at all that a topic is to be set to; `inherited` says what holds for a setting that it leaves open: default, Kafka's default. */
export function checkTopicConfigs(configs: Configs, inherited: (name: string) => string = kafkasDefault): Checked {
  const { values, problems } = checkConfigs(TOPIC_CONFIGS, configs)
  const value = (name: string): string => values.get(name) ?? inherited(name)
  return { values, problems: [...problems, ...contradictions(value)] }
}

const kafkasDefault = (name: string): string => TOPIC_CONFIGS.get(name)?.default ?? ''

function contradictions(value: (name: string) => string): readonly string[] {
  const [least, most] = [value('min.compaction.lag.ms'), value('max.compaction.lag.ms')]
  return [
    ...(BigInt(least) > BigInt(most) ? [`min.compaction.lag.ms (${least}) is greater than max.compaction.lag.ms (${most})`] : []),
    ...(value('remote.storage.enable') === 'true' ? ['remote.storage.enable: the brokers have no tiered storage'] : []),
  ]
}
