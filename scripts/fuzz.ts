/** `npm run fuzz`: throws random and tampered bytes at every decoder. */
import { parseArgs } from 'node:util'
import { mutated, randomBytes } from './fuzz/mutations'
import { chanceOf } from './fuzz/random'
import type { Chance } from './fuzz/random'
import { allTargets } from './fuzz/targets'
import type { Target } from './fuzz/targets'
import { tried } from './fuzz/trial'
import type { Outcome } from './fuzz/trial'

const HELP = `Random bytes and tampered messages for every decoder at every version, and for record batches.

  npm run fuzz                              60 seconds with a new seed
  npm run fuzz -- --seconds 300 --seed N    the same cases again, as far as the time goes
  npm run fuzz -- --case NAME:VERSION:HEX   one case that failed

A decoder must read the bytes or throw a ProtocolError (or an UnsupportedVersionError), within 100 ms and in memory of a small multiple
of the bytes.
`

interface Case {
  readonly kind: 'random' | 'tampered' | 'untouched'
  readonly target: Target
  readonly bytes: Uint8Array
}

const RANDOM = 0.25
const UNTOUCHED = 0.02

const caseOf = (targets: readonly Target[], chance: Chance): Case => {
  const target = chance.pick(targets)
  const turn = chance.next()
  if (turn < RANDOM) return { kind: 'random', target, bytes: randomBytes(chance) }
  const sample = target.sample(chance)
  if (turn < RANDOM + UNTOUCHED) return { kind: 'untouched', target, bytes: sample }
  const bytes = mutated(sample, chance)
  return { kind: 'tampered', target, bytes: chance.next() < 0.9 ? target.mended(bytes) : bytes }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const describe = ({ kind, target, bytes }: Case): string => `${target.name}, ${kind}, ${bytes.length} bytes`

const tally = () => {
  const counts = new Map<string, number>()
  let [slowest, thirstiest] = [
    { value: 0, what: 'nothing' },
    { value: 0, what: 'nothing' },
  ]
  const add = (one: Case, { result, milliseconds, allocated }: Outcome): void => {
    const key = `${one.kind}, ${result}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
    if (milliseconds > slowest.value) slowest = { value: milliseconds, what: describe(one) }
    // Short inputs are drowned by what the engine allocates by the page.
    const perByte = one.bytes.length < 4096 ? 0 : allocated / one.bytes.length
    if (perByte > thirstiest.value) thirstiest = { value: perByte, what: describe(one) }
  }
  const lines = (): readonly string[] => [
    ...[...counts].sort().map(([key, count]) => `${key}: ${count}`),
    `slowest: ${slowest.value.toFixed(2)} ms (${slowest.what})`,
    `most memory: ${thirstiest.value.toFixed(0)} bytes for a byte (${thirstiest.what})`,
  ]
  return { add, lines }
}

/** A case that fails is printed so that it can be had again by itself. */
const checked = (one: Case, index: number): Outcome => {
  try {
    const outcome = tried(one.target, one.bytes)
    if (one.kind === 'untouched' && outcome.result !== 'read') throw new Error('what was encoded cannot be decoded')
    return outcome
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
    throw new Error(`case ${index}: ${describe(one)}\n${reason}\nnpm run fuzz -- --case ${one.target.name}:${hex(one.bytes)}`, {
      cause: error,
    })
  }
}

const PROGRESS_MS = 60_000

const fuzz = (seconds: number, seed: number): void => {
  const targets = allTargets()
  const { add, lines } = tally()
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  say(`npm run fuzz -- --seconds ${seconds} --seed ${seed}`)
  say(`Node ${process.version}, ${new Set(targets.map(({ name }) => name)).size} decoders`)
  const started = performance.now()
  let [index, reported] = [0, started]
  for (let now = started; now - started < seconds * 1000; now = performance.now()) {
    const one = caseOf(targets, chanceOf(seed, index))
    add(one, checked(one, index))
    index++
    if (now - reported < PROGRESS_MS) continue
    reported = now
    say(`${((now - started) / 1000).toFixed(0)} s: ${index} cases`)
  }
  say([`${index} cases, none failed`, ...lines()].join('\n'))
  say(`peak of the process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`)
}

const again = (text: string): void => {
  const [name = '', version = '', bytes = ''] = text.split(':')
  const target = allTargets().find((one) => one.name === `${name}:${version}`)
  if (target === undefined) throw new Error(`there is no ${name}:${version}`)
  const outcome = checked({ kind: 'tampered', target, bytes: new Uint8Array(Buffer.from(bytes, 'hex')) }, 0)
  process.stdout.write(`${JSON.stringify(outcome)}\n`)
}

const wholeNumber = (name: string, text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}

const main = (): void => {
  const options = {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
    case: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  const { values } = parseArgs({ options })
  if (values.help) return void process.stdout.write(HELP)
  if (values.case !== undefined) return again(values.case)
  fuzz(wholeNumber('seconds', values.seconds), wholeNumber('seed', values.seed))
}

try {
  main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
