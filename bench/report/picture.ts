import type { Measured } from '../results'
import { METRICS, said } from '../metrics'
import { figure } from '../metrics'
import { OURS } from '../clients/all'
import { caseOf, titleOf } from './rows'

const METRIC = 'recordsPerSecond'

const WIDTH = 760
const LEFT = 190
const RIGHT = 110
const BAR = 16
const STEP = 24
const PANEL_HEAD = 44
const TOP = 16

interface Bar {
  readonly label: string
  readonly value: number
  readonly kind: 'ours' | 'theirs' | 'ceiling'
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

const kindOf = (client: Measured['parts'][number]['client']): Bar['kind'] => {
  if (client === 'ceiling') return 'ceiling'
  return OURS.includes(client) ? 'ours' : 'theirs'
}

/** The bars of a case, the longest first. */
const barsOf = ({ parts }: Measured): readonly Bar[] =>
  parts
    .flatMap(({ client, outcomes }) => {
      const found = figure(outcomes, METRIC)
      return found ? [{ label: titleOf(client), value: found.best, kind: kindOf(client) }] : []
    })
    .sort((a, b) => b.value - a.value)

const drawBar = ({ label, value, kind }: Bar, most: number, y: number): string => {
  const width = ((WIDTH - LEFT - RIGHT) * value) / most
  const middle = y + BAR - 4
  return [
    `<text class="label" x="${LEFT - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`,
    `<text class="value" x="${(LEFT + width + 6).toFixed(1)}" y="${middle}">${said(value, METRIC)}</text>`,
  ].join('\n')
}

const drawPanel = (measured: Measured, top: number): string => {
  const bars = barsOf(measured)
  const most = Math.max(...bars.map(({ value }) => value))
  const head = `<text class="head" x="16" y="${top + 20}">${escaped(caseOf(measured).title)}: ${METRICS[METRIC].head}</text>`
  return [head, ...bars.map((bar, i) => drawBar(bar, most, top + PANEL_HEAD - 10 + i * STEP))].join('\n')
}

const heightOf = (measured: Measured): number => PANEL_HEAD + barsOf(measured).length * STEP

const sentence = (measured: Measured): string =>
  `${caseOf(measured).title}: ${barsOf(measured)
    .map(({ label, value }) => `${label} ${said(value, METRIC)}`)
    .join(', ')}.`

/** Colours that stand out on white and on GitHub's dark page; the picture has no ground of its own. */
const STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.head { font-weight: 600; font-size: 14px }
.value { fill: #59636e }
.ours { fill: #b7178c }
.theirs { fill: #8c959f }
.ceiling { fill: none; stroke: #8c959f; stroke-dasharray: 3 3 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.value { fill: #9198a1 }
.ours { fill: #f06bc7 }
.theirs { fill: #656c76 }
.ceiling { stroke: #9198a1 }
}
`

/** Bars for each client, a panel for each case; readable without colours, and to who cannot see it. */
export const drawPicture = (all: readonly Measured[]): string => {
  const tops = all.map((_, i) => TOP + all.slice(0, i).reduce((sum, one) => sum + heightOf(one), 0))
  const height = TOP + all.reduce((sum, one) => sum + heightOf(one), 0)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">Records per second of Kafka producers on the same broker</title>',
    `<desc id="desc">${escaped(all.map(sentence).join(' '))}</desc>`,
    `<style>${STYLE}</style>`,
    ...all.map((measured, i) => drawPanel(measured, tops[i] ?? 0)),
    '</svg>',
    '',
  ].join('\n')
}
