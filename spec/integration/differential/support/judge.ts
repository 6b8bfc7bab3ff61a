/** Decides about each pair of leaves, and keeps what was decided. */
import type { ApiName } from '../../../../lib/generated/apis'
import { bindings } from './bindings'
import { mapPair, same } from './pair'
import type { Pair } from './pair'
import type { BoundField, Rule, UnorderedField } from './rules'
import { asValue } from './walk'
import type { KeyOfElement, Leaf, Value } from './walk'

/** A difference that is known and meant. */
export interface AcceptedDifference extends Rule, Pair<Value> {
  /** The lowest and the highest. */
  readonly versions: readonly [number, number]
  readonly reason: string
}

/** A text that each writes in its own words: only whether there is one counts. */
export interface OwnWords extends Rule {
  readonly versions: readonly [number, number]
  readonly reason: string
}

export interface Rules {
  readonly bound: readonly BoundField[]
  readonly unordered: readonly UnorderedField[]
  readonly growing: readonly Rule[]
  readonly appendTimes: readonly Rule[]
  readonly ownWords: readonly OwnWords[]
  readonly accepted: readonly AcceptedDifference[]
}

/** What was asked. */
export interface Asked {
  readonly scenario: string
  readonly api: ApiName
  readonly version: number
  /** In short. */
  readonly request: string
}

export interface Difference extends Asked, Leaf {}

export interface Judge {
  readonly answers: number
  readonly fields: number
  readonly differences: readonly Difference[]
  /** Pairs of values that were bound to each other. */
  readonly bound: number
  /** Rows that no answer needed. */
  readonly unused: readonly (Rule & { readonly list: keyof Rules })[]
  /** Before other clusters are asked: what was bound is free again. */
  forget(): void
  /** How the elements of an array are told apart; undefined where the order counts. */
  keyOf(api: ApiName, path: string): KeyOfElement | undefined
  answered(asked: Asked, leaves: readonly Leaf[]): void
}

/** Between their moment of appending and ours may be a busy machine. */
const A_MOMENT_MS = 10_000

export function judge(rules: Rules, now: () => number): Judge {
  let bound = bindings()
  const used = new Set<Rule>()
  const differences: Difference[] = []
  const begun = now()
  let [answers, fields] = [0, 0]

  const find = <R extends Rule>(
    rows: readonly R[],
    { api, path, where }: Pick<Asked, 'api'> & Pick<Leaf, 'path' | 'where'>,
  ): R | undefined => rows.find((row) => row.api === api && (row.path === path || row.path === where))

  const use = (row: Rule): true => {
    used.add(row)
    return true
  }

  const isAccepted = (asked: Asked, leaf: Leaf): boolean => {
    const row = rules.accepted.find(
      (each) => isIn(each, asked) && [leaf.path, leaf.where].includes(each.path) && each.theirs === leaf.theirs && each.ours === leaf.ours,
    )
    if (row !== undefined) return use(row)
    const own = rules.ownWords.find((each) => isIn(each, asked) && [leaf.path, leaf.where].includes(each.path))
    return own !== undefined && typeof leaf.theirs === 'string' && typeof leaf.ours === 'string' && use(own)
  }

  const isAppendTime = (leaf: Leaf): boolean => {
    const [theirs, ours] = [Number(leaf.theirs), Number(leaf.ours)]
    const isWithin = (time: number): boolean => time >= begun && time <= now() + 1000
    return isWithin(theirs) && isWithin(ours) && Math.abs(theirs - ours) <= A_MOMENT_MS
  }

  const grown = new Map<Rule, Pair<number>>()
  const isGrowing = (rule: Rule, leaf: Leaf): boolean => {
    const [next, last] = [mapPair(leaf, Number), grown.get(rule) ?? same(0)]
    if (next.theirs < 0 || next.ours < 0) return next.theirs === next.ours
    grown.set(rule, next)
    return next.theirs >= last.theirs && next.ours >= last.ours
  }

  const agrees = (asked: Asked, leaf: Leaf): boolean => {
    const place = { ...asked, ...leaf }
    const binding = find(rules.bound, place)
    if (binding !== undefined) return use(binding) && bound.agree(binding.kind, leaf)
    const growing = find(rules.growing, place)
    if (growing !== undefined) return use(growing) && isGrowing(growing, leaf)
    if (leaf.theirs === leaf.ours) return true
    const time = find(rules.appendTimes, place)
    return time !== undefined && isAppendTime(leaf) && use(time)
  }

  const keyOf = (api: ApiName, path: string): KeyOfElement | undefined => {
    const row = find(rules.unordered, { api, path, where: path })
    if (row === undefined) return undefined
    use(row)
    const kinds = row.key.map((property) => find(rules.bound, { api, path: `${path}[].${property}`, where: '' })?.kind)
    return (element, side) => {
      const parts = row.key.map((property, i) => {
        const [value, kind] = [asValue(element[property]) ?? '', kinds[i]]
        return kind === undefined ? String(value) : bound.canonical(kind, side, value)
      })
      return parts.find((part) => part !== '') ?? ''
    }
  }

  let boundBefore = 0
  const forget = (): void => {
    boundBefore += bound.size
    bound = bindings()
    grown.clear()
  }

  const answered = (asked: Asked, leaves: readonly Leaf[]): void => {
    answers++
    fields += leaves.length
    for (const leaf of leaves) if (!agrees(asked, leaf) && !isAccepted(asked, leaf)) differences.push({ ...asked, ...leaf })
  }

  return {
    get answers() {
      return answers
    },
    get fields() {
      return fields
    },
    get unused() {
      return (Object.keys(rules) as (keyof Rules)[]).flatMap((list) =>
        rules[list].filter((row) => !used.has(row)).map((row) => ({ ...row, list })),
      )
    },
    get bound() {
      return boundBefore + bound.size
    },
    differences,
    forget,
    keyOf,
    answered,
  }
}

const isIn = ({ api, versions: [min, max] }: OwnWords, asked: Asked): boolean =>
  asked.api === api && asked.version >= min && asked.version <= max
