/** What a reader sees of a run that broke a promise, and of many that did not. */
import type { Plan, Step } from './plan'
import type { Counts, Problem } from './seen'

/** Problems shown of each promise. */
const SHOWN = 3

export function problemLines(problems: readonly Problem[]): readonly string[] {
  const promises = [...new Set(problems.map(({ promise }) => promise))]
  return promises.flatMap((promise) => {
    const cases = problems.filter((each) => each.promise === promise)
    const more = cases.length > SHOWN ? [`    and ${cases.length - SHOWN} more`] : []
    return [`  broken: ${promise}`, ...cases.slice(0, SHOWN).map(({ detail }) => `    ${detail}`), ...more]
  })
}

export const planLines = ({ cluster, producer, streams, steps, quietAt }: Plan): readonly string[] => [
  `  cluster   ${JSON.stringify(cluster)}`,
  `  producer  ${JSON.stringify(producer)}`,
  ...streams.map((stream, index) => `  stream ${index}  ${JSON.stringify(stream)}`),
  ...steps.map(stepLine),
  `  ${timeOf(quietAt)}  all is well, and nothing more is sent`,
]

const timeOf = (at: number): string => `${at.toFixed(0).padStart(6)} ms`

function stepLine({ at, do: what, ...details }: Step): string {
  const words = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`)
  return `  ${timeOf(at)}  ${[what, ...words].join(', ')}`
}

/** A name and its count a line, by name. */
export const countLines = (counts: Counts): readonly string[] => {
  const sorted = [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  const width = Math.max(0, ...sorted.map(([name]) => name.length))
  return sorted.map(([name, count]) => `  ${name.padEnd(width)}  ${count}`)
}
