import { drawPicture } from '../../../bench/report/picture'
import { absent, measured, outcome, part } from '../outcomes'

const of = (...parts: Parameters<typeof measured> extends [unknown, ...infer P] ? P : never) =>
  drawPicture([measured('bulk-100', ...parts)])
const widths = (svg: string) =>
  [...svg.matchAll(/<rect class="(\w+)"[^>]* width="([\d.]+)"/g)].map(([, kind, width]) => [kind, Number(width)])

describe('the picture of the benchmarks', () => {
  it('draws a bar for each client that was measured, as long as its rate, the longest first, ours apart', () => {
    const bars = widths(
      of(part('librdkafka', outcome(2)), part('kafkarx', outcome(1)), part('ceiling', outcome(0.5)), absent('kafkajs', 'gone')),
    )
    expect(bars.map(([kind]) => kind)).toEqual(['ceiling', 'ours', 'theirs'])
    const [most = 0, ours, theirs] = bars.map(([, width]) => Number(width))
    expect([ours, theirs]).toEqual([most / 2, most / 4])
  })

  it('writes out each figure, for who cannot tell colours apart', () => {
    expect(of(part('kafkarx', outcome(1)))).toContain('>1,000,000</text>')
  })

  it('says in its title and description what it shows, for who cannot see it', () => {
    const svg = of(part('kafkarx', outcome(1)), part('librdkafka', outcome(2)))
    expect(svg).toContain('role="img" aria-labelledby="title desc"')
    expect(svg).toContain('kafkarx, Node 20 1,000,000, C librdkafka 500,000.</desc>')
  })

  it('has colours for a dark page', () => {
    expect(of(part('kafkarx', outcome(1)))).toContain('@media (prefers-color-scheme: dark)')
  })

  it('is well-formed whatever names hold', () => {
    expect(of(part('librdkafka-debian', outcome(1)))).not.toMatch(/&(?!amp;|lt;|quot;)/)
  })

  it('draws one panel below the other', () => {
    const one = measured('bulk-100', part('kafkarx', outcome(1)))
    const both = drawPicture([one, measured('bulk-1k', part('kafkarx', outcome(1)))])
    const heightOf = (svg: string) => Number(/viewBox="0 0 \d+ (\d+)"/.exec(svg)?.[1])
    expect(heightOf(both)).toBeGreaterThan(heightOf(drawPicture([one])))
    expect(both).toContain('1 KB, as fast as it goes: records/s')
  })
})
