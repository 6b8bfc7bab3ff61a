import { renderAgainst, renderCase, renderTargets } from '../../../bench/report/terminal'
import { absent, measured, outcome, part } from '../outcomes'

/** The cells of each line. */
const cells = (table: string) => table.split('\n').map((line) => line.split('│').map((cell) => cell.trim()))

describe('what the bench prints', () => {
  it('is a line for each client of a case, with what failed in words', () => {
    const lines = cells(
      renderCase(measured('burst', part('kafkarx', outcome(1, { held: 12 }), outcome(2, { held: 10 })), absent('kafkajs', 'it hangs'))),
    )
    expect(lines[0]).toEqual(['200,000 single records of 100 B at once'])
    expect(lines).toContainEqual(['', 'kafkarx, Node 20', '1,000,000 (500,000)', '10.0 (12.0)', '100 (100)', ''])
    expect(lines).toContainEqual(['', 'kafkajs', '-', '-', '-', ''])
    expect(lines.at(-1)).toEqual(['kafkajs is absent: it hangs'])
  })

  it('is a line for each target, with what came of it on each Node', () => {
    const lines = cells(renderTargets([measured('burst', part('kafkarx', outcome(1)), part('kafkarx-24', outcome(2)))]))
    expect(lines).toContainEqual(['', 'burst', 'records/s, at least 1,000,000', '1,000,000: met', '500,000: missed', ''])
  })

  it('is a ratio for each figure, against another tree', () => {
    const lines = cells(renderAgainst([measured('burst', part('kafkarx', outcome(1)), part('other', outcome(2)))]))
    expect(lines).toContainEqual(['', 'burst', 'records/s', '2.00', '2.00–2.00', ''])
    expect(lines.map(([, , metric]) => metric)).not.toContain('loop held ms')
  })
})
