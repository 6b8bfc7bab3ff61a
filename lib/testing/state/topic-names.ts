/** What a topic may be called. */
import { INTERNAL_TOPICS } from './internal-topics'

const LONGEST = 249
const LEGAL = /^[a-zA-Z0-9._-]+$/

const INTERNAL: ReadonlySet<string> = new Set([...Object.values(INTERNAL_TOPICS).map(({ name }) => name), '__share_group_state'])

/** The log of the controllers, which nobody else makes or sees. */
export const CLUSTER_METADATA = '__cluster_metadata'

export const isInternal = (name: string): boolean => INTERNAL.has(name)

/** What is wrong with the name; undefined when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return `${JSON.stringify(name)} is no name for a topic`
  if (name.length > LONGEST) return `A topic's name may have ${String(LONGEST)} characters, this one has ${String(name.length)}`
  if (!LEGAL.test(name)) return `A topic's name may have the letters a to z and A to Z, digits, '.', '_' and '-': ${JSON.stringify(name)}`
  return undefined
}

/** A topic whose metrics would have the same name: there '.' and '_' are one. */
export function collision(topics: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const unified = unify(name)
  for (const other of topics.keys()) {
    if (other.length === name.length && other !== name && unify(other) === unified) return other
  }
  return undefined
}

const unify = (name: string): string => name.replaceAll('.', '_')
