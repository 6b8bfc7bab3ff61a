import { dealt, lanesInWords, lanesTold } from '../../../bench/programs/lanes'

describe('what a program is told of its lanes', () => {
  it('comes through the environment as it was said', () => {
    const lanes = { lanes: 3, batchBytes: 65_536, onLoop: true } as const
    expect(lanesTold({ ...lanesInWords(lanes) })).toEqual(lanes)
  })

  it('is nothing where nobody says it', () => {
    expect(lanesTold({})).toEqual({})
  })
})

describe('partitions dealt out to lanes', () => {
  it.each([1, 2, 3])('each go to one of %d, and all lanes have as many', (lanes) => {
    const all = Array.from({ length: lanes }, (_, lane) => dealt(6, lanes, lane))
    expect(all.flat().sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(new Set(all.map(({ length }) => length))).toEqual(new Set([6 / lanes]))
  })
})
