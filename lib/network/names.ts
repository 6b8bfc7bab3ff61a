/** The addresses behind a name, one after another: a broker may have several, and not all of them need be reachable from here (KIP-302). */
import { lookup } from 'node:dns'
import { isIP } from 'node:net'
import { map, Observable, of } from 'rxjs'

/** Every address of a name, in the order in which they are to be tried. Cold; emits once, or errors when there are none. */
export type Lookup = (name: string) => Observable<readonly string[]>

/** As the system resolves names, in the order that Node is set to (by default the system's). */
export const systemLookup: Lookup = (name) =>
  new Observable((subscriber) => {
    lookup(name, { all: true }, (error, found) => {
      if (error !== null) return subscriber.error(error)
      subscriber.next(found.map(({ address }) => address))
      subscriber.complete()
    })
  })

export interface Names {
  /** The next address to try. When all have been tried, or one was reached before, the name is looked up anew. */
  next(name: string): Observable<string>
  /** There are addresses of the name that have not been tried since it was looked up. */
  hasMore(name: string): boolean
  /** The last one that was given is reachable: if it is lost one day, it may be because the name has others by then. */
  reached(name: string): void
}

interface Walk {
  readonly untried: readonly string[]
  readonly last: string | undefined
}

const START: Walk = { untried: [], last: undefined }

export function createNames(find: Lookup = systemLookup): Names {
  const walks = new Map<string, Walk>()
  const walkOf = (name: string): Walk => walks.get(name) ?? START

  const take = (name: string, [first = name, ...untried]: readonly string[]): string => {
    walks.set(name, { untried, last: first })
    return first
  }
  return {
    next: (name) => {
      if (isIP(name) !== 0) return of(name)
      const { untried, last } = walkOf(name)
      if (untried.length > 0) return of(take(name, untried))
      return find(name).pipe(map((found) => take(name, lastOfAll(found, last))))
    },
    hasMore: (name) => walkOf(name).untried.length > 0,
    reached: (name) => {
      if (walks.has(name)) walks.set(name, { ...walkOf(name), untried: [] })
    },
  }
}

/** What was tried last is tried last: another may be better now (KAFKA-12193). */
const lastOfAll = (found: readonly string[], last: string | undefined): readonly string[] =>
  found[0] === last ? [...found.slice(1), ...found.slice(0, 1)] : found
