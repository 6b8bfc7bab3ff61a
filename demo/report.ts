import Table from 'cli-table3'
import type { PartitionDigest } from '../kafka/digest'
import type { Counts } from './tally'

export interface PartitionRow {
  readonly partition: number
  readonly sent: number
  readonly arrived: number
  readonly offsets: string
  readonly bytes: number
  readonly equal: boolean
}

const EMPTY: Omit<PartitionDigest, 'partition'> = { count: 0, first: -1n, last: -1n, bytes: 0, sha256: '' }

const offsets = ({ first, last }: Pick<PartitionDigest, 'first' | 'last'>): string => (first < 0n ? '-' : `${first}-${last}`)

/** Sent against read, partition by partition. */
export const compare = (expected: readonly PartitionDigest[], read: readonly PartitionDigest[]): readonly PartitionRow[] =>
  expected.map(({ partition, count, sha256, ...sent }) => {
    const there = read.find((one) => one.partition === partition) ?? { partition, ...EMPTY }
    const equal = there.sha256 === sha256 && there.count === count && there.first === sent.first && there.last === sent.last
    return { partition, sent: count, arrived: there.count, offsets: offsets(there), bytes: there.bytes, equal }
  })

const HEAD = ['partition', 'delivered', 'arrived', 'offsets', 'bytes', 'equal']

const number = (value: number): string => value.toLocaleString('en-US')
const sum = (rows: readonly PartitionRow[], of: (row: PartitionRow) => number): string =>
  number(rows.reduce((total, row) => total + of(row), 0))

export const allEqual = (rows: readonly PartitionRow[]): boolean => rows.every((row) => row.equal)

/** The table, without colours. */
export const renderTable = (rows: readonly PartitionRow[]): string => {
  const table = new Table({ head: HEAD, colAligns: HEAD.map(() => 'right'), style: { head: [], border: [], compact: true } })
  for (const { partition, sent, arrived, offsets: range, bytes, equal } of rows) {
    table.push([String(partition), number(sent), number(arrived), range, number(bytes), equal ? 'yes' : 'NO'])
  }
  const [sent, arrived, bytes] = [sum(rows, (row) => row.sent), sum(rows, (row) => row.arrived), sum(rows, (row) => row.bytes)]
  table.push(['all', sent, arrived, '', bytes, allEqual(rows) ? 'yes' : 'NO'])
  return table.toString()
}

/** The last line of a run. */
export const verdict = ({ sent, delivered }: Counts, rows: readonly PartitionRow[]): string => {
  const whole = sent === delivered && allEqual(rows)
  const said = whole ? 'everything arrived and equals what was sent' : 'NOT everything arrived as it was sent'
  return `${number(delivered)} of ${number(sent)} records delivered: ${said}`
}
