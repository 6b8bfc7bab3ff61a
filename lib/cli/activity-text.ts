/** What has arrived, in words: lines for a file, a picture for a terminal. */
import type { Activity, Change, Counted } from './activity'

const NOTHING: Counted = { records: 0, bytes: 0 }

const number = (value: number): string => Math.round(value).toLocaleString('en-US')

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1)
  return `${power === 0 ? number(bytes) : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power] ?? ''}`
}

/** What came to a topic between two looks. */
const grown = ({ before, now }: Change, topic: string): Counted => {
  const [then, since] = [before.topics.get(topic) ?? NOTHING, now.topics.get(topic) ?? NOTHING]
  return { records: since.records - then.records, bytes: since.bytes - then.bytes }
}

const timeOfDay = ({ at }: Activity): string => new Date(at).toISOString().slice(11, 19)

/** One line for what is worth it: new clients, and topics that grew. */
export function activityLine(change: Change): string | undefined {
  const { before, now } = change
  const clients = [...now.clients].filter((client) => !before.clients.has(client)).map((client) => `first request of ${client}`)
  const topics = [...now.topics].flatMap(([topic, { records: all }]) => {
    const { records, bytes } = grown(change, topic)
    return records === 0 ? [] : `${topic} +${number(records)} (${size(bytes)}), ${number(all)} in all`
  })
  const said = [...clients, ...topics]
  return said.length === 0 ? undefined : `${timeOfDay(now)}  ${said.join('; ')}`
}

const HEAD = ['topic', 'records', 'records/s', 'bytes', 'bytes/s']

/** Everything so far, and how fast it comes. */
export function activityPicture(change: Change): string {
  const { before, now, seconds } = change
  const rows = [...now.topics].map(([topic, { records, bytes }]) => {
    const growth = grown(change, topic)
    return [topic, number(records), number(growth.records / seconds), size(bytes), size(growth.bytes / seconds)]
  })
  const requests = `${number(now.requests)} requests, ${number((now.requests - before.requests) / seconds)}/s`
  const clients = now.clients.size === 0 ? 'no clients yet' : `clients: ${[...now.clients].join(', ')}`
  return [...aligned([HEAD, ...rows]), '', `${requests}; ${clients}`].join('\n')
}

/** The first column to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const cell = (text: string, column: number): string =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  '))
}

/** The last word. */
export function summary({ topics }: Activity): string {
  const counts = [...topics.values()].map(({ records }) => records).filter((records) => records > 0)
  const all = counts.reduce((sum, records) => sum + records, 0)
  return `ended; ${number(all)} record${all === 1 ? '' : 's'} had come to ${number(counts.length)} topic${counts.length === 1 ? '' : 's'}`
}
