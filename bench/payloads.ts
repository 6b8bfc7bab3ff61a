import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the values are: letters, which nothing compresses well, or JSON as services write it. */
export interface Payload {
  readonly recordBytes: number
  readonly content: 'letters' | 'json'
}

/** Chance that is the same each time: what is compressed must not differ from run to run. */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Below = ReturnType<typeof chance>

const letters = (below: Below, length: number): string => Array.from({ length }, () => String.fromCharCode(65 + below(26))).join('')

const NAMES = ['espresso', 'green tea', 'mineral water', 'sandwich', 'apple pie', 'salad', 'soup of the day']
const CITIES = ['Amsterdam', 'Berlin', 'Casablanca', 'Delhi', 'Edinburgh', 'Florence', 'Gdansk', 'Helsinki']

const pick = (below: Below, from: readonly string[]): string => from[below(from.length)] ?? ''

const line = (below: Below) => ({ sku: letters(below, 8), name: pick(below, NAMES), quantity: 1 + below(9), price: below(100_000) / 100 })

/** An order of some lines, filled up with a note of chance letters to the very length. */
const order = (below: Below, length: number): string => {
  const fixed = {
    id: `${letters(below, 8)}-${below(1_000_000)}`,
    customer: { id: below(1_000_000), city: pick(below, CITIES), loyal: below(2) === 1 },
    placedAt: new Date(1_700_000_000_000 + below(1_000_000_000)).toISOString(),
    status: pick(below, ['placed', 'paid', 'shipped', 'delivered']),
    lines: Array.from({ length: 9 }, () => line(below)),
    note: '',
  }
  const bare = JSON.stringify(fixed)
  return bare.length > length ? bare.slice(0, length) : JSON.stringify({ ...fixed, note: letters(below, length - bare.length) })
}

const CONTENTS = { letters, json: order }

/** So many different ones that no batch holds one of them often. */
const COUNT = { letters: 1_000, json: 10_000 }

/** One payload a line. */
export const payloadLines = ({ content, recordBytes }: Payload, count: number = COUNT[content]): readonly string[] => {
  const below = chance(recordBytes)
  return Array.from({ length: count }, () => CONTENTS[content](below, recordBytes))
}

/** Writes the file that all clients read, and resolves with its path. */
export const writePayloads = async (folder: string, payload: Payload): Promise<string> => {
  const file = join(folder, `${payload.content}-${payload.recordBytes}.txt`)
  await writeFile(file, payloadLines(payload).join('\n'))
  return file
}
