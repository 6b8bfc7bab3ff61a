import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { on } from '../scale/grounds'
import type { Sample } from '../scale/load'
import { compileClient, runClient } from '../scale/program'
import { whole } from '../scale/report'
import { machineLine } from '../scale/results'
import { EXPLANATION, growing, renderSoak } from './report'

const HELP = `Full load on one real broker for as long as you like: does anything grow?

  npm run soak -- --minutes 30    what was seen goes to bench/results/soak.txt
  npm run soak                    2 minutes: shows that it runs; writes no file
  npm run soak -- --sample N      a sample each N seconds, 10 unless told

Ends with 1 when something grows, or a record failed.
`

const PARTITIONS = 6
const RECORD_BYTES = 100
const WARM_UP = 1_000_000
const RESULTS = join(__dirname, '..', 'results', 'soak.txt')

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const inFull = (name: string, text: string | undefined, otherwise: number): number => {
  const value = Number(text ?? otherwise)
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`--${name} takes a number above 0, and not ${text ?? ''}`)
}

const soak = async (seconds: number, sampleSeconds: number): Promise<readonly Sample[]> =>
  on('one real broker', async (ground) => {
    const samples: Sample[] = []
    const topics = [await ground.topic(PARTITIONS)]
    const load = { kind: 'endless', brokers: ground.brokers, topics, partitions: PARTITIONS, spread: 'sticky' } as const
    await runClient({ ...load, records: WARM_UP, recordBytes: RECORD_BYTES, streams: 1, seconds, sampleSeconds }, (told) => {
      if (told.type !== 'sample') return
      samples.push(told)
      say(`${whole(told.second)} s: ${whole(told.delivered)} records, RSS ${whole(told.rss / 1024 ** 2)} MiB`)
    })
    return samples
  })

const main = async (): Promise<void> => {
  const options = { minutes: { type: 'string' }, sample: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const
  const { values } = parseArgs({ options })
  if (values.help) return void process.stdout.write(HELP)
  const minutes = inFull('minutes', values.minutes, 2)
  const machine = machineLine()
  compileClient()
  const samples = await soak(minutes * 60, inFull('sample', values.sample, 10))
  const text = `npm run soak -- --minutes ${String(minutes)}\n${machine}\n\n${renderSoak(samples)}\n\n${EXPLANATION}\n`
  say(text)
  if (growing(samples).length > 0 || samples.some(({ failed }) => failed > 0)) process.exitCode = 1
  if (values.minutes === undefined) return
  await mkdir(dirname(RESULTS), { recursive: true })
  await writeFile(RESULTS, text)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
