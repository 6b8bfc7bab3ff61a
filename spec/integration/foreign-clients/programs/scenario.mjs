// What the programs of foreign clients share: node PROGRAM.mjs FOLDER SCENARIO INPUT, where FOLDER is where the client is installed and
// INPUT is JSON with the bootstrap address in it. What the scenario returns is printed as JSON.
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The package, from the folder in which it was installed. @param {string} name */
export const load = (name) => createRequire(join(process.argv[2], 'package.json'))(name)

/** @param {Record<string, (input: Record<string, unknown>) => Promise<unknown>>} scenarios */
export async function main(scenarios) {
  const [, , , name, input] = process.argv
  const outcome = await scenarios[name](JSON.parse(input))
  const text = JSON.stringify(outcome, (_, value) => (typeof value === 'bigint' ? Number(value) : value))
  // The client may keep sockets open: what matters is that it has said everything.
  process.stdout.write(`${text}\n`, () => process.exit(0))
}

/** Sorted by place. @param {readonly { partition: number, offset: number }[]} records */
export const inPlace = (records) => [...records].sort((a, b) => a.partition - b.partition || a.offset - b.offset)
