import type { Java } from './java'
import { ourVectors } from './our-vectors'
import { eachInTurns, Tally } from './tally'
import { codecNamed, codecs, difference, differenceFromJava, lineOf, pairOf, refusedOr, vectorOf, versionsOf } from './vector'
import type { Difference, Vector } from './vector'

export interface Amount {
  readonly seed: number
  /** How many vectors of each (message, version) are made wholly by chance, besides those that each has. */
  readonly values: number
}

/** What Java does instead; `impossible`: its classes cannot hold the value. */
type Verdict = null | { readonly what: 'bytes' | 'read' | 'impossible'; readonly java: string | null }

const count = (tally: Tally, vector: Vector): void => {
  if (vector.bytes === null) tally.refused++
  else tally.pairs.add(pairOf(vector))
}

/** Java writes: we read the same and write the same. */
export const checkTheirs = async (java: Java, { seed, values }: Amount): Promise<Tally> => {
  const tally = new Tally('messages: Java writes, we read and write')
  for (const message of codecs.keys()) {
    await java.ask({ command: 'vectors', message, seed, values }, (line) => {
      const vector = vectorOf(line)
      count(tally, vector)
      tally.add(differenceFromJava(vector))
    })
  }
  return tally
}

/** We write: Java reads the same and writes the same. */
export const checkOurs = async (java: Java, { seed, values }: Amount): Promise<Tally> => {
  const tally = new Tally('messages: we write, Java reads and writes')
  const check = async (vector: Vector): Promise<void> => {
    const verdict = (await java.ask({ command: 'check', vector: lineOf(vector) })) as Verdict
    if (verdict?.what === 'impossible') return
    count(tally, vector)
    tally.add(verdict === null && vector.crash === undefined ? undefined : contradiction(vector, verdict))
  }
  for (const message of codecs.keys()) await eachInTurns(ourVectors(message, seed, values), check)
  return tally
}

const contradiction = (vector: Vector, verdict: Verdict): Difference => {
  if (vector.crash !== undefined) return difference(vector, vector.crash, verdict === null ? 'refused' : refusedOr(verdict.java))
  if (verdict?.what === 'read') return difference(vector, `writes ${refusedOr(vector.bytes)}`, `reads ${String(verdict.java)}`)
  return difference(vector, refusedOr(vector.bytes), refusedOr(verdict?.java ?? null))
}

export interface Pairs {
  /** All (message, version) pairs that Java has. */
  readonly all: ReadonlySet<string>
  readonly tally: Tally
}

/** Both sides have the same messages at the same versions, with headers of the same version. */
export const checkPairs = async (java: Java): Promise<Pairs> => {
  const theirs = new Map<string, number | null>()
  await java.ask({ command: 'pairs' }, (line) => {
    const [message, version, header] = JSON.parse(line) as readonly [string, number, number | null]
    theirs.set(pairOf({ message, version }), header)
  })
  const ours = ourPairs()
  const tally = new Tally('versions of messages and their headers')
  for (const pair of new Set([...theirs.keys(), ...ours.keys()])) {
    tally.pairs.add(pair)
    tally.add(pairDifference(pair, ours.get(pair), theirs.get(pair)))
  }
  return { all: new Set(theirs.keys()), tally }
}

const pairDifference = (pair: string, ours: number | null | undefined, java: number | null | undefined) =>
  ours === java ? undefined : { where: pair, value: 'version of its header', ours: headerText(ours), java: headerText(java) }

const headerText = (header: number | null | undefined): string => (header === undefined ? 'not there' : String(header ?? 'none'))

const ourPairs = (): ReadonlyMap<string, number | null> =>
  new Map(
    [...codecs.keys()].flatMap((message) => {
      const codec = codecNamed(message)
      const hasHeader = codec.type === 'request' || codec.type === 'response'
      return versionsOf(codec).map((version) => [pairOf({ message, version }), hasHeader ? codec.headerVersion(version) : null] as const)
    }),
  )
