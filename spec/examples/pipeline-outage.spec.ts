import { alarmsOutliveTheDeathOfABroker, alarmsThatCloselyFollowTravelTogether } from '../../examples/pipeline-outage'
import { shownIn } from './shown-in'

describe('examples/pipeline-outage', () => {
  /** Compares as jest does, and knows how often. */
  const comparing = () => {
    let compared = 0
    const equal = (actual: unknown, expected: unknown): void => {
      compared++
      expect(actual).toEqual(expected)
    }
    return { equal, compared: () => compared }
  }

  it('shows that alarms that closely follow travel together', () => {
    const { equal, compared } = comparing()
    alarmsThatCloselyFollowTravelTogether(equal)
    expect(compared()).toBe(1)
  })

  it('shows that alarms outlive the death of a broker', async () => {
    const { equal, compared } = comparing()
    await alarmsOutliveTheDeathOfABroker(equal)
    expect(compared()).toBe(3)
  })

  it('fails when the pipeline does otherwise', () => {
    expect(() =>
      alarmsThatCloselyFollowTravelTogether((actual, expected) => expect(actual).toEqual([...(expected as unknown[]), 'more'])),
    ).toThrow()
  })

  it('is the program that docs/testing.md shows', () => {
    const { missing } = shownIn('testing.md', 'pipeline-outage.ts')
    expect(missing).toEqual([])
  })
})
