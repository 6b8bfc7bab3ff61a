/** Network and brokers at once: what each fault does alone, none may do together. */
import { BROKERS } from '../../../kafka/cluster'
import type { ClusterBroker } from '../../../kafka/cluster'
import type { Meddler } from '../../../kafka/proxy'
import { answerHeads, blackHole, delays, requestHeads, requestRecords, resets, truncated } from './meddlers'
import type { Scenario, Scene } from './scenario'

const MINUTE = 60_000
const SELDOM = 25

const NETWORKS: readonly (() => Meddler)[] = [
  () => ({}),
  () => blackHole,
  () => delays(20, 300),
  () => resets(SELDOM),
  () => truncated(SELDOM),
  () => answerHeads(SELDOM),
  () => requestHeads(SELDOM),
  () => requestRecords(SELDOM),
]

/** What happens to a broker, and what ends it. */
const LIVES: readonly ((broker: ClusterBroker) => readonly [Promise<void>, () => Promise<void>])[] = [
  (broker) => [broker.kill(), broker.start],
  (broker) => [broker.stop(), broker.start],
  (broker) => [broker.pause(), broker.resume],
]

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]

const networks = async ({ proxies, lasts }: Scene, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    for (const proxy of proxies) proxy.meddle(oneOf(NETWORKS)())
    await lasts(500 + Math.random() * 1500)
  }
  for (const proxy of proxies) proxy.meddle(undefined)
}

const brokers = async ({ cluster, java, lasts }: Scene, isOver: () => boolean): Promise<void> => {
  while (!isOver()) {
    const [away, back] = oneOf(LIVES)(oneOf(cluster.brokers))
    await away
    await lasts(Math.random() * 8000)
    await back()
    await java.awaitWhole(BROKERS)
  }
}

export const chaos: Scenario = {
  name: 'network and brokers at once, for a minute',
  through: 'proxies',
  config: { requestTimeout: 3_000 },
  during: async (scene) => {
    const end = performance.now() + MINUTE
    const isOver = (): boolean => performance.now() > end
    await Promise.all([networks(scene, isOver), brokers(scene, isOver)])
  },
}
