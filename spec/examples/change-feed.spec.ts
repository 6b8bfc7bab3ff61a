import { changesAfter, replicate } from '../../examples/change-feed'
import type { Change } from '../../examples/change-feed'
import { virtually } from './virtually'

const ROWS = 10
const PAGE = 3

describe('examples/change-feed', () => {
  const start = () => {
    const here = virtually({ changes: 1 })
    const table: readonly Change[] = Array.from({ length: ROWS }, (_, i) => ({
      position: i + 1,
      id: `row-${String(i % 2)}`,
      row: { n: i + 1 },
    }))
    const asked: number[] = []
    const saved: number[] = [0]
    const bookmark = { load: () => saved.at(-1) ?? 0, save: (position: number) => void saved.push(position) }
    const pageAfter = (after: number) => {
      asked.push(after)
      return Promise.resolve(table.filter(({ position }) => position > after).slice(0, PAGE))
    }
    const positions$ = replicate((after) => changesAfter(after, pageAfter), bookmark, here.kafka)
    const inLog = () => here.valuesIn('changes').map((text) => (JSON.parse(text) as { n: number }).n)
    return { ...here, asked, saved, positions$, inLog }
  }
  const all = Array.from({ length: ROWS }, (_, i) => i + 1)

  it('sends every change in order, and saves each position', async () => {
    const { time, recorded, positions$, saved, asked, inLog } = start()
    expect(asked).toEqual([])
    const seen = recorded(positions$)
    await time.settle()
    expect(seen).toEqual([...all, '|'])
    expect(saved).toEqual([0, ...all])
    expect(inLog()).toEqual(all)
  })

  it('begins where the last run came to', async () => {
    const { time, recorded, positions$, saved, asked } = start()
    saved.push(7)
    const seen = recorded(positions$)
    await time.settle()
    expect(asked[0]).toBe(7)
    expect(seen).toEqual([8, 9, 10, '|'])
  })

  it('saves nothing behind a change that failed, and the next run loses none', async () => {
    const { time, cluster, recorded, positions$, saved, inLog } = start()
    const refused = cluster.every('Produce').fail('TOPIC_AUTHORIZATION_FAILED')
    const first = recorded(positions$)
    await time.settle()
    expect(first).toEqual([expect.stringContaining('TOPIC_AUTHORIZATION_FAILED')])
    expect(saved).toEqual([0])
    refused.end()
    const second = recorded(positions$)
    await time.settle()
    expect(second).toEqual([...all, '|'])
    expect(inLog()).toEqual(all)
  })
})
