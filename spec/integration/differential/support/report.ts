/** Differences and figures as text. */
import type { Difference, Judge } from './judge'

const MOST = 15
const MOST_OF_A_VALUE = 300

const short = (value: unknown): string => {
  const text = String(value)
  return text.length <= MOST_OF_A_VALUE ? text : `${text.slice(0, MOST_OF_A_VALUE)}…`
}

/** Everything that it takes to look into it. */
export const describeDifference = ({ api, version, request, where, theirs, ours }: Difference): string =>
  [`${api} ${version}, ${where}`, `  Kafka: ${short(theirs)}`, `  ours:  ${short(ours)}`, `  asked: ${request}`].join('\n')

/** Those that come first: what follows a first difference often follows from it. */
export function describeDifferences(differences: readonly Difference[], seed: number): string {
  const more = differences.length > MOST ? [`… and ${differences.length - MOST} more`] : []
  const heading = `${differences.length} differences; again with KAFKARX_SEED=${seed}`
  return [heading, ...differences.slice(0, MOST).map(describeDifference), ...more].join('\n')
}

export const figures = ({ answers, fields, bound }: Judge, seed: number): string =>
  `Compared with Apache Kafka: ${answers} answers, ${fields} fields; ${bound} values bound one to one; seed ${seed}`
