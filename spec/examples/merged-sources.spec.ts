import { concat, of, throwError } from 'rxjs'
import { surveyAll } from '../../examples/merged-sources'
import { virtually } from './virtually'

const TOPICS = { temperatures: 1, pressures: 1 }
const readings$ = (...values: readonly number[]) => of(...values.map((value) => ({ device: 'boiler', value })))

describe('examples/merged-sources', () => {
  it('gives each source its own deliveries', async () => {
    const { time, kafka, cluster, recorded } = virtually(TOPICS)
    const seen = recorded(surveyAll({ temperatures: readings$(71, 72), pressures: readings$(2) }, kafka))
    await time.settle()
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(
      expect.arrayContaining([
        { topic: 'temperatures', delivered: 2, failed: 0 },
        { topic: 'pressures', delivered: 1, failed: 0 },
      ]),
    )
    expect(seen.at(-1)).toBe('|')
    expect([cluster.records('temperatures').length, cluster.records('pressures').length]).toEqual([2, 1])
  })

  it('goes on with the others when one breaks, after the deliveries of what it gave', async () => {
    const { time, kafka, recorded } = virtually(TOPICS)
    const broken$ = concat(
      readings$(71),
      throwError(() => new Error('cable cut')),
    )
    const seen = recorded(surveyAll({ temperatures: broken$, pressures: readings$(2, 3) }, kafka))
    await time.settle()
    expect(seen).toEqual(
      expect.arrayContaining([
        { topic: 'temperatures', delivered: 1, failed: 0, broke: 'Error: cable cut' },
        { topic: 'pressures', delivered: 2, failed: 0 },
        '|',
      ]),
    )
  })

  it('counts the failures of one source for that source', async () => {
    const { time, kafka, cluster, recorded } = virtually(TOPICS)
    cluster.every('Produce', { topic: 'pressures' }).fail('TOPIC_AUTHORIZATION_FAILED')
    const seen = recorded(surveyAll({ temperatures: readings$(71), pressures: readings$(2) }, kafka))
    await time.settle()
    expect(seen).toEqual(
      expect.arrayContaining([
        { topic: 'temperatures', delivered: 1, failed: 0 },
        { topic: 'pressures', delivered: 0, failed: 1 },
      ]),
    )
  })
})
