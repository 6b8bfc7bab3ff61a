import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(__dirname, '..', '..')

/** What a producer lives by: acknowledged, once, in order, whatever it holds, however it is compressed, and failures that say why. */
const SHORT = ['acknowledgement', 'cluster', 'compression', 'failures', 'idempotence', 'keyed-streams', 'record-content']

const PATTERNS = {
  integration: `spec/integration/(${SHORT.join('|')})\\.spec`,
  acknowledgement: 'spec/integration/acknowledgement\\.spec',
  unit: 'spec/',
} as const

const PROJECTS = { integration: 'integration', acknowledgement: 'integration', unit: 'unit' } as const

export interface SuitesReport {
  /** Passed specs of all, by suite. */
  readonly suites: Readonly<Record<string, string>>
  readonly passed: number
  readonly total: number
  readonly seconds: number
  readonly failures: readonly string[]
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

const FIRST_LINES = 3

const firstLines = (text: string): string => text.split('\n').slice(0, FIRST_LINES).join(' ')

const reportOf = ({ testResults }: JestReport, seconds: number): SuitesReport => {
  const specs = testResults.flatMap(({ assertionResults }) => assertionResults)
  const passed = (some: readonly (typeof specs)[number][]): number => some.filter(({ status }) => status === 'passed').length
  const suites = testResults.map(({ name, assertionResults: all }) => [
    name.slice(name.lastIndexOf('/spec/') + 1),
    `${String(passed(all))} of ${String(all.length)}`,
  ])
  const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ message }) => firstLines(message))
  const failed = specs.filter(({ status }) => status !== 'passed')
  const failures = failed.map(({ fullName, failureMessages }) => `${fullName}: ${firstLines(failureMessages[0] ?? 'skipped')}`)
  return {
    suites: Object.fromEntries(suites) as Record<string, string>,
    passed: passed(specs),
    total: specs.length,
    seconds,
    failures: [...broken, ...failures],
  }
}

/** Runs suites with jest, on this Node unless told, and reads what became of them. */
export const runSuites = (
  which: keyof typeof PATTERNS,
  environment: Readonly<Record<string, string>>,
  node: string = process.execPath,
): SuitesReport => {
  const folder = mkdtempSync(join(tmpdir(), 'kafkarx-suites-'))
  const file = join(folder, 'report.json')
  const began = performance.now()
  try {
    const jest = [join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--selectProjects', PROJECTS[which]]
    const words = [...jest, '--testPathPatterns', PATTERNS[which], '--json', `--outputFile=${file}`]
    spawnSync(node, words, { cwd: root, env: { ...process.env, ...environment }, stdio: 'ignore' })
    const seconds = Math.round((performance.now() - began) / 1000)
    return reportOf(JSON.parse(readFileSync(file, 'utf8')) as JestReport, seconds)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const isGreen = ({ failures }: SuitesReport): boolean => failures.length === 0

export const summaryOf = ({ passed, total, seconds }: SuitesReport): string =>
  `${String(passed)} of ${String(total)} passed (${String(seconds)} s)`
