import { parseArgs } from 'node:util'
import { DIMENSIONS } from './dimensions'
import type { Case, Dimension } from './dimensions'
import { on } from './grounds'
import type { Ground } from './grounds'
import type { Took } from './load'
import { benchMemory } from './memory'
import { compileClient, runClient } from './program'
import { EXPLANATION, renderDimension, whole } from './report'
import { keepSection, machineLine } from './results'

const HELP = `What a record costs as other things grow: partitions, brokers, streams on one producer, its own size; and what the producer holds.

  npm run bench:scale                     all of it; what was measured goes to bench/results/scale.txt and memory.txt
  npm run bench:scale -- partitions size  some: partitions, brokers, streams, size, memory
  npm run bench:scale -- --rounds N       3 unless told
  npm run bench:scale -- --quick          1 round of a twentieth of the records: shows that it runs; writes no file
`

const QUICK = 20
const ROUNDS = 3

interface Options {
  readonly rounds: number
  readonly quick: boolean
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const run = async (ground: Ground, { partitions, spread, streams, recordBytes, records }: Case, divisor: number): Promise<Took> =>
  runClient({
    ...{ kind: 'pull', brokers: ground.brokers, topics: [await ground.topic(partitions)], partitions },
    ...{ spread, records: Math.ceil(records / divisor), recordBytes, streams, seconds: 0, sampleSeconds: 10 },
  })

/** All cases of one ground in turns, a round that warms the broker before them. */
const runOn = async (cases: readonly Case[], { rounds, quick }: Options): Promise<ReadonlyMap<Case, readonly Took[]>> => {
  const [first] = cases
  if (first === undefined) return new Map()
  return on(first.ground, async (ground) => {
    const divisor = quick ? QUICK : 1
    const runs = new Map<Case, readonly Took[]>()
    for (const one of cases) await run(ground, one, divisor * QUICK)
    await run(ground, first, divisor)
    for (let round = 1; round <= rounds; round++) {
      for (const one of cases) {
        const took = await run(ground, one, divisor)
        runs.set(one, [...(runs.get(one) ?? []), took])
        say(`${one.line}, ${whole(one.of)}, round ${String(round)}: ${whole(took.delivered / took.seconds)} records/s`)
      }
    }
    return runs
  })
}

const benchDimension = async (dimension: Dimension, options: Options): Promise<void> => {
  const machine = machineLine()
  const runs = new Map<Case, readonly Took[]>()
  for (const ground of new Set(dimension.cases.map((one) => one.ground)))
    for (const [one, tooks] of await runOn(
      dimension.cases.filter((other) => other.ground === ground),
      options,
    ))
      runs.set(one, tooks)
  const measured = dimension.cases.map((of) => ({ of, runs: runs.get(of) ?? [] }))
  const text = `npm run bench:scale -- ${dimension.name}\n${machine}; ${String(options.rounds)} round(s)\n\n${renderDimension(dimension, measured)}\n${EXPLANATION}`
  say(`\n${text}\n`)
  if (!options.quick) await keepSection('scale.txt', dimension.name, text)
}

const NAMES = [...DIMENSIONS.map(({ name }) => name), 'memory']

const main = async (): Promise<void> => {
  const options = { quick: { type: 'boolean' }, rounds: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (values.help) return void process.stdout.write(HELP)
  const unknown = positionals.filter((name) => !NAMES.includes(name))
  if (unknown.length > 0) throw new Error(`no such part: ${unknown.join(', ')}; there are ${NAMES.join(', ')}`)
  const rounds = Number(values.rounds ?? (values.quick ? 1 : ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds takes a whole number from 1 on, not ${values.rounds ?? ''}`)
  const asked = (name: string): boolean => positionals.length === 0 || positionals.includes(name)
  compileClient()
  for (const dimension of DIMENSIONS) if (asked(dimension.name)) await benchDimension(dimension, { rounds, quick: values.quick ?? false })
  if (asked('memory')) await benchMemory({ quick: values.quick ?? false })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
