/** The tables: what each step costs a record, and which functions it is. */
import { basename, dirname } from 'node:path'
import { STEPS, stepOf } from './steps'
import type { Step } from './steps'
import type { Cost, CpuCosts, Place } from './profiles'
import type { Told } from './order'

/** Of one size of records. */
export interface CaseCosts {
  readonly name: string
  readonly records: number
  /** Without a profiler. */
  readonly told: Told
  readonly cpu: CpuCosts
  readonly allocations: readonly Cost[]
  readonly ceiling: { readonly told: Told; readonly cpu: CpuCosts }
}

const sumOf = (costs: readonly Cost[]): number => costs.reduce((sum, { amount }) => sum + amount, 0)

const ofStep = (costs: readonly Cost[], step: Step): number => sumOf(costs.filter((cost) => stepOf(cost) === step))

const each = (amount: number, records: number): string => {
  const value = amount / records
  return value === 0 ? '' : value.toFixed(value < 10 ? 1 : 0)
}

type Row = readonly string[]

/** Markdown; prettier aligns it where it is kept. */
const table = ([head = [], ...rows]: readonly Row[]): string => {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`
  const ruler = head.map((_, i) => (i === 0 ? '---' : '--:'))
  return [line(head), line(ruler), ...rows.map(line)].join('\n')
}

const COLUMNS = ['ns', 'ns of the ceiling', 'bytes'] as const

const head = (cases: readonly CaseCosts[]): Row => [
  'a record',
  ...cases.flatMap(({ name }) => COLUMNS.map((column) => `${name}: ${column}`)),
]

const cells = ({ records, cpu, ceiling, allocations }: CaseCosts, of: (costs: readonly Cost[]) => number): Row =>
  [cpu.busy, ceiling.cpu.busy, allocations].map((costs) => each(of(costs), records))

const stepRow = (cases: readonly CaseCosts[], step: Step): Row => [
  step,
  ...cases.flatMap((one) => cells(one, (costs) => ofStep(costs, step))),
]

const TOLD: readonly (readonly [string, (told: Told) => number])[] = [
  ['CPU, no profiler: own code', ({ userSeconds }) => userSeconds],
  ['CPU, no profiler: in the kernel', ({ kernelSeconds }) => kernelSeconds],
  ['wall, no profiler', ({ seconds }) => seconds],
]

const toldRow = (cases: readonly CaseCosts[], [name, of]: (typeof TOLD)[number]): Row => [
  name,
  ...cases.flatMap(({ records, told, ceiling }) => [each(of(told) * 1e9, records), each(of(ceiling.told) * 1e9, records), '']),
]

const totals = (cases: readonly CaseCosts[]): readonly Row[] => [
  ['**main thread at work**', ...cases.flatMap((one) => cells(one, sumOf))],
  [
    'main thread in `epoll`',
    ...cases.flatMap(({ records, cpu, ceiling }) => [each(cpu.idle, records), each(ceiling.cpu.idle, records), '']),
  ],
  ...TOLD.map((row) => toldRow(cases, row)),
]

const isThere = ([, ...values]: Row): boolean => values.some((value) => value !== '')

export const stepTable = (cases: readonly CaseCosts[]): string =>
  table([head(cases), ...STEPS.map((step) => stepRow(cases, step)).filter(isThere), ...totals(cases)])

const nameOf = ({ functionName, url, line }: Place): string => {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name} ${basename(dirname(url))}/${basename(url)}:${line}`
}

const placeOf = (cost: Cost): string => (cost.caller === undefined ? nameOf(cost) : `${nameOf(cost)} < ${nameOf(cost.caller)}`)

interface Top {
  readonly records: number
  readonly unit: string
  readonly most: number
}

export const topTable = (costs: readonly Cost[], { records, unit, most }: Top): string => {
  const all = sumOf(costs)
  const rows = costs
    .slice(0, most)
    .map((cost) => [`\`${placeOf(cost)}\``, stepOf(cost), each(cost.amount, records), `${((cost.amount / all) * 100).toFixed(1)} %`])
  return table([['function', 'step', `${unit} a record`, 'share'], ...rows])
}
