import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Harness } from '../../kafka/harness'
import { RUNTIMES } from './install'
import type { RuntimeName } from './install'

/** One thing that was tried, and how it ended. */
export interface Step {
  readonly step: string
  readonly ok: boolean
  readonly detail?: string
}

interface RealKafka {
  readonly bootstrap: string
  readonly java: Harness
}

const PROGRAM = join(__dirname, 'journey.mjs')
const COUNT = 2000
const PATIENCE_MS = 120_000

/** What a program needs to be allowed to open sockets. */
const WORDS = { node: [], bun: ['run'], deno: ['run', '--allow-all'] } as const

const isStep = (line: string): boolean => line.startsWith('{"step"')

/** Sends with the built package in this runtime, and lets Kafka's own consumer count what has arrived, each value once. */
export const journeyOn = async (name: RuntimeName, program: string, { bootstrap, java }: RealKafka): Promise<readonly Step[]> => {
  const topic = `runtime-${name.replace('@', '-')}`
  await java.createTopic({ topic, partitions: 3 })
  const words = [...WORDS[RUNTIMES[name].kind], PROGRAM, bootstrap, topic, String(COUNT)]
  const { stdout, stderr, status } = spawnSync(program, words, { encoding: 'utf8', timeout: PATIENCE_MS })
  const steps = stdout
    .split('\n')
    .filter(isStep)
    .map((line) => JSON.parse(line) as Step)
  const ended: Step = { step: 'ends by itself, with code 0', ok: status === 0, ...(status !== 0 && { detail: stderr.slice(-500) }) }
  const sent = steps.filter(({ step, ok }) => ok && step.startsWith('real Kafka')).length * COUNT
  const read = await java.readBack(topic)
  const different = new Set(read.map(({ value }) => String(value))).size
  const arrived: Step = {
    step: `Kafka's own consumer reads ${String(sent)} records, each once`,
    ok: sent > 0 && read.length === sent && different === sent,
    detail: `${String(read.length)} records, ${String(different)} of them different`,
  }
  return [...steps, ended, arrived]
}

export const journeySummary = (steps: readonly Step[]): string => {
  const wrong = steps.filter(({ ok }) => !ok).map(({ step }) => step)
  const passed = `${String(steps.length - wrong.length)} of ${String(steps.length)} steps`
  return wrong.length === 0 ? passed : `${passed}; not: ${wrong.join('; ')}`
}
