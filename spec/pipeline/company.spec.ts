import { company } from '../../lib/pipeline/company'

const after = (...counts: readonly number[]): boolean => {
  const others = company()
  for (const count of counts) {
    for (let i = 0; i < count; i++) others.came()
    others.seen()
  }
  return others.isExpected()
}

describe('company', () => {
  it.each([
    ['not by who has never come', [], false],
    ['not by who came alone', [1], false],
    ['by who came with others', [2], true],
    ['no more by who came alone since', [5, 1], false],
    ['still though nobody came meanwhile', [3, 0, 0], true],
  ])('is expected %s: %j', (_who, counts, expected) => {
    expect(after(...counts)).toBe(expected)
  })
})
