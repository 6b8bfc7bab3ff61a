/** Changes of settings, one name at a time (KIP-339). */
import { itemsOf } from './config-facts'
import type { ConfigFact } from './config-facts'
import { refusal } from '../refusal'
import type { Refusal } from '../refusal'

export interface ConfigChange {
  readonly name: string
  /** Kafka's number: 0 set, 1 delete, 2 append, 3 subtract. */
  readonly configOperation: number
  readonly value: string | null
}

const SET = 0
export const DELETE = 1
const APPEND = 2
const SUBTRACT = 3

/** What is set when all changes are done; undefined: nothing of its own. */
export function changed(
  own: ReadonlyMap<string, string>,
  changes: readonly ConfigChange[],
  factOf: (name: string) => ConfigFact | undefined,
): ReadonlyMap<string, string> | Refusal {
  const values = new Map(own)
  for (const change of changes) {
    const value = changedValue(own.get(change.name), change, factOf(change.name))
    if (value !== undefined && typeof value !== 'string') return value
    if (value === undefined) values.delete(change.name)
    else values.set(change.name, value)
  }
  return values
}

function changedValue(
  own: string | undefined,
  { name, configOperation, value }: ConfigChange,
  fact?: ConfigFact,
): string | undefined | Refusal {
  if (configOperation === SET) return value ?? ''
  if (configOperation === DELETE) return undefined
  if (configOperation !== APPEND && configOperation !== SUBTRACT) return refusal('UNKNOWN_SERVER_ERROR')
  if (fact?.type !== 'list') return refusal('INVALID_CONFIG', `${name} is no list: nothing can be added to it or taken from it`)
  const before = itemsOf(own ?? fact.default ?? '').filter((item) => item !== '')
  const items = (value ?? '').split(',')
  return (configOperation === APPEND ? [...new Set([...before, ...items])] : before.filter((item) => !items.includes(item))).join(',')
}

/** What Kafka refuses before it looks at what the changes are about. */
export function refuseChanges(changes: readonly ConfigChange[], twice: ReadonlySet<string>): Refusal | undefined {
  if (twice.size > 0) return refusal('INVALID_REQUEST', `Named more than once: ${[...twice].join(', ')}`)
  const empty = changes.filter(({ configOperation, value }) => configOperation !== DELETE && value === null).map(({ name }) => name)
  return empty.length === 0 ? undefined : refusal('INVALID_REQUEST', `Nothing is set to null: ${empty.join(', ')}`)
}
