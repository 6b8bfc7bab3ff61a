/** Whether the specs that docs/parity.md names ran, and passed, by jest's own report (`jest --json --outputFile=FILE`). */
import { STEP } from './table'
import type { NamedSpec, Row } from './table'

export interface JestReport {
  readonly testResults: readonly {
    /** The file. */
    readonly name: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** A line for each spec that did not run, or did not pass. */
export function faultsOfRun(rows: readonly Row[], report: JestReport): readonly string[] {
  const specs = rows.flatMap(({ here }) => (here.type === 'covered' ? here.specs : []))
  const distinct = new Map(specs.map((spec) => [`${spec.file}: ${spec.path.join(STEP)}`, spec]))
  return [...distinct].flatMap(([label, spec]) => {
    const statuses = statusesOf(spec, report)
    const bad = statuses.filter((status) => status !== 'passed')
    if (statuses.length === 0) return [`${label}: did not run`]
    return bad.length > 0 ? [`${label}: ${bad.join(', ')}`] : []
  })
}

function statusesOf({ file, path }: NamedSpec, { testResults }: JestReport): readonly string[] {
  const wanted = path.map(patternOf)
  return testResults
    .filter(({ name }) => name.replaceAll('\\', '/').endsWith(`/${file}`))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ ancestorTitles, title }) => {
      const titles = [...ancestorTitles, title]
      return titles.length === wanted.length && titles.every((each, i) => wanted[i].test(each))
    })
    .map(({ status }) => status)
}

/** A name as jest prints it: `%s` and `$name` of a table of cases stand for anything. */
function patternOf(name: string): RegExp {
  const parts = name.split(/%[psdifjo#$]|\$\w+(?:\.\w+)*/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`)
}
