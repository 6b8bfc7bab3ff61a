import { planOf } from './draw'
import { run } from './run'

const SEEDS = Array.from({ length: 25 }, (_, i) => i + 1100)

describe('a run', () => {
  it.each(SEEDS)('keeps all promises with the history of seed %i', async (seed) => {
    const { problems, counts } = await run(planOf(seed))
    expect(problems).toEqual([])
    expect(counts.get('records')).toBeGreaterThan(0)
  })

  it('is the same for the same plan, to the last count', async () => {
    const play = async () => [...(await run(planOf(7))).counts].sort()
    expect(await play()).toEqual(await play())
  })

  it('goes as its plan does, also when that was kept as text', async () => {
    const plan = planOf(8)
    const [first, again] = [await run(plan), await run(JSON.parse(JSON.stringify(plan)))]
    expect([...again.counts].sort()).toEqual([...first.counts].sort())
  })
})
