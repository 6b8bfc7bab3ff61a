/** Every key of Java's ProducerConfig, as of Kafka 4.4, and what becomes of it here. docs/options.md is this table as a page. */
import { ownKeys } from './own-keys'
import type { Rule, Rules } from './rule'
import { saslKeys } from './sasl-keys'
import { sslKeys } from './ssl-keys'

export const RULES: Rules = { ...ownKeys, ...sslKeys, ...saslKeys }

export const ruleOf = (key: string): Rule | undefined => (Object.hasOwn(RULES, key) ? RULES[key] : undefined)
