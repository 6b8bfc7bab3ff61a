/** One fault that was ordered: for which requests, for how many of them, and what it does. */
import type { Effect } from './effects'
import type { FaultyApi, Where } from './where'

export interface RuleOptions {
  readonly api: FaultyApi
  readonly where: Where
  /** For how many requests; Infinity: until it is ended. */
  readonly times: number
}

export class Rule {
  readonly api: FaultyApi
  readonly where: Where
  /** Requests on which it acted. */
  hits = 0
  /** What it does, in a word; empty while nothing was ordered. */
  kind = ''
  effect: Effect | undefined
  #left: number
  readonly #label: string
  #over: (() => void) | undefined

  constructor({ api, where, times }: RuleOptions) {
    this.api = api
    this.where = where
    this.#left = times
    const limits = Object.entries({ ...where, times }).filter(([, limit]) => limit !== undefined && limit !== Infinity && limit !== 1)
    const named = limits.map(([name, limit]) => (typeof limit === 'function' ? name : `${name} ${String(limit)}`)).join(', ')
    this.#label = `${times === Infinity ? 'every' : 'next'} ${api}${named === '' ? '' : ` (${named})`}`
  }

  get isForEvery(): boolean {
    return this.#left === Infinity
  }

  get isOver(): boolean {
    return this.#left <= 0
  }

  get isActive(): boolean {
    return !this.isOver && this.effect !== undefined
  }

  get label(): string {
    return `${this.#label}: ${this.kind === '' ? 'nothing was ordered' : this.kind}`
  }

  /** To be said once. `over` is called when it ends. */
  does(kind: string, effect: Effect, over?: () => void): void {
    if (this.effect !== undefined) throw new Error(`${this.label}: it cannot do ${kind} as well, order a fault of its own for that`)
    this.kind = kind
    this.effect = effect
    this.#over = over
  }

  hit(): void {
    this.hits++
    this.#left--
  }

  over(): void {
    this.#left = 0
    this.#over?.()
  }
}
