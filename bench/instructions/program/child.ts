/**
 * One step in a process of its own, counted by the valgrind around it: see ../counting.ts. Prints what it allocated as the last line. It runs
 * as well without valgrind, and then nobody counts.
 */
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { libraryIn } from './library'
import type { Order, Told } from './order'
import type { Step, Work } from './step'

/** A count may meet the engine at something that it does once in a while: the least of several did not. */
const COUNTS = 5

/** Valgrind writes down what was counted whenever this enters a function of the binary by which it knows it; it changes nothing. */
const mark = (): void => void getPriority()

const heapUsed = (): number => process.memoryUsage().heapUsed

/** The bytes of one count. What a step does at once is not awaited: a Promise would be counted too. */
async function count(work: Work, units: number): Promise<number> {
  const before = heapUsed()
  mark()
  const later = work(units)
  if (later !== undefined) await later
  mark()
  return heapUsed() - before
}

async function main({ step: name, library }: Order): Promise<Told> {
  const { step } = libraryIn(join(__dirname, 'steps')).load<{ readonly step: Step }>(name)
  const work = step.open(libraryIn(library), step.warmUp + COUNTS * step.each)
  await work(step.warmUp)
  const bytes: number[] = []
  for (let i = 0; i < COUNTS; i++) bytes.push(await count(work, step.each))
  return { unit: step.unit, each: step.each, bytes }
}

main(JSON.parse(process.argv[2] ?? '') as Order).then(
  (told) => {
    process.stdout.write(`${JSON.stringify(told)}\n`)
    process.exit()
  },
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
