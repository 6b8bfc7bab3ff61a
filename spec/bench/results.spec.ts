import { fromLines, merged, toLines } from '../../bench/results'
import { absent, measured, outcome, part } from './outcomes'

const bulk = measured('bulk-100', part('kafkarx', outcome(1), outcome(2)), absent('kafkajs', 'there is no network'))
const burst = measured('burst', part('kafkarx', outcome(3)))

describe('results as lines of JSON', () => {
  it('are a line for each client of each case, and come back as they were', () => {
    const lines = toLines([bulk, burst])
    expect(lines.split('\n')).toHaveLength(4)
    expect(fromLines(lines)).toEqual([bulk, burst])
  })

  it('are none in an empty file', () => {
    expect(fromLines('')).toEqual([])
  })
})

describe('results that are kept', () => {
  it('are taken over by newer ones of the same case, whole, and stand in the order of the cases', () => {
    const newer = measured('burst', part('librdkafka', outcome(1)))
    expect(merged([burst, bulk], [newer], ['bulk-100', 'bulk-1k', 'burst'])).toEqual([bulk, newer])
  })
})
