/** A network between the producer and the brokers that does what networks do. */
import type { Proxy, Meddler } from '../../../kafka/proxy'
import { answerBodies, answerHeads, blackHole, delays, requestHeads, requestRecords, resets, truncated } from './meddlers'
import type { Scenario, Scene } from './scenario'

/** Every so many frames, which are some fifty a second at each broker. */
const SELDOM = 25
/** So often it must have happened before it ends. */
const OFTEN = 20

/** A connection that lost its place in the stream is waited for until then. */
const IMPATIENT = { requestTimeout: 3_000 }

const sum = (proxies: readonly Proxy[], count: (proxy: Proxy) => number): number => proxies.reduce((all, proxy) => all + count(proxy), 0)

/** All proxies do this until it was done often enough. */
const meddled = async ({ proxies, until }: Scene, meddler: () => Meddler, often = OFTEN): Promise<void> => {
  for (const proxy of proxies) proxy.meddle(meddler())
  await until(() => sum(proxies, (proxy) => proxy.meddled) >= often)
  for (const proxy of proxies) proxy.meddle(undefined)
}

const network = (name: string, meddler: () => Meddler, rest: Partial<Scenario> = {}): Scenario => ({
  name,
  through: 'proxies',
  during: (scene) => meddled(scene, meddler),
  ...rest,
})

const allReset: Scenario = {
  name: 'all connections reset, ten times',
  through: 'proxies',
  during: async ({ proxies, deliveredMore }) => {
    for (let i = 0; i < 10; i++) {
      for (const proxy of proxies) proxy.resetAll()
      await deliveredMore(200)
    }
  },
}

const delayed = network('answers delayed by 50 to 400 ms', () => delays(50, 400), {
  during: (scene) => meddled(scene, () => delays(50, 400), 150),
})

const late: Scenario = {
  name: 'answers later than requestTimeout',
  through: 'proxies',
  config: IMPATIENT,
  during: async ({ proxies, until }) => {
    for (const proxy of proxies) proxy.meddle(delays(3_500, 4_000))
    await until(() => sum(proxies, ({ hangUps }) => hangUps) >= 3)
    for (const proxy of proxies) proxy.meddle(undefined)
  },
}

/** Until the producer has given up what leads there. */
const swallowed = (name: string, which: (proxies: readonly Proxy[]) => readonly Proxy[]): Scenario => ({
  name,
  through: 'proxies',
  config: IMPATIENT,
  during: async ({ proxies, until }) => {
    for (const proxy of which(proxies)) proxy.meddle(blackHole)
    await until(() => which(proxies).every(({ hangUps }) => hangUps > 0))
    for (const proxy of proxies) proxy.meddle(undefined)
  },
})

/** Memory runs full, and what comes after must stand in line. */
const swallowedAtLength: Scenario = {
  name: 'black hole until memory is full and records wait for room',
  through: 'proxies',
  config: { ...IMPATIENT, bufferMemory: 262_144 },
  during: async ({ proxies, load, until }) => {
    for (const proxy of proxies) proxy.meddle(blackHole)
    // More bytes of values alone than may be buffered.
    await until(() => load.fates.length - load.settled > 6_000)
    for (const proxy of proxies) proxy.meddle(undefined)
  },
}

/** What was written may be in the log: it must not be said that it is not. */
const closedWithoutAnswers: Scenario = {
  name: 'producer closed while nobody answers',
  through: 'proxies',
  mayFail: ['OUTCOME_UNKNOWN', 'PRODUCER_CLOSED'],
  during: async ({ proxies, load, until, close }) => {
    for (const proxy of proxies) proxy.meddle({ answer: blackHole.answer })
    await until(() => load.fates.length - load.settled > 1_000)
    const { purged } = await close(1_000)
    if (purged === 0) throw new Error('nothing was left when the producer was closed')
    return 'closed'
  },
}

const answersCorrupted: Scenario = {
  name: 'answers to Produce corrupted',
  through: 'proxies',
  config: IMPATIENT,
  excused: 'records whose answer was damaged: no checksum guards one, and a wrong offset or error code is believed',
  during: (scene) => meddled(scene, () => answerBodies(SELDOM, scene.excuse)),
}

export const networkFaults: readonly Scenario[] = [
  network('resets in mid-request and before answers', () => resets(SELDOM)),
  network('control: the same without idempotence must double records', () => resets(SELDOM), {
    config: { idempotence: false },
    mustBreak: 'duplicated',
  }),
  allReset,
  delayed,
  late,
  swallowed('black hole before one broker', (proxies) => proxies.slice(0, 1)),
  swallowed('black hole before all brokers', (proxies) => proxies),
  swallowedAtLength,
  closedWithoutAnswers,
  network('answers truncated', () => truncated(SELDOM)),
  network('lengths and correlation ids of answers corrupted', () => answerHeads(SELDOM), { config: IMPATIENT }),
  answersCorrupted,
  network('lengths, APIs and versions of requests corrupted', () => requestHeads(SELDOM), { config: IMPATIENT }),
  network('records corrupted on their way', () => requestRecords(SELDOM)),
]
