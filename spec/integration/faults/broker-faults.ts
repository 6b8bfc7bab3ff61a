/** Brokers that end, die, stand still and come back. */
import { BROKERS } from '../../../kafka/cluster'
import type { Scenario, Scene } from './scenario'

/** Every partition has a leader other than this one, which takes the controller as long as it takes to miss it. */
const othersLead = async ({ java, topic, lasts }: Scene, id: number): Promise<void> => {
  while ((await java.leaders(topic)).some(({ leader }) => leader === id || leader < 0)) await lasts(100)
}

const leaderKilled: Scenario = {
  name: 'leader killed, restarted',
  through: 'nothing',
  during: async (scene) => {
    const leader = await scene.leader()
    await leader.kill()
    await othersLead(scene, leader.id)
    await scene.deliveredMore(500)
    await leader.start()
    await scene.java.awaitWhole(BROKERS)
  },
}

const leaderPaused: Scenario = {
  name: 'leader paused for 10 s',
  through: 'nothing',
  during: async (scene) => {
    const leader = await scene.leader()
    await leader.pause()
    await scene.lasts(10_000)
    await leader.resume()
    await scene.java.awaitWhole(BROKERS)
  },
}

/** As above, and the producer does not wait for the one that stands still. */
const leaderPausedAndLeft: Scenario = {
  name: 'leader paused until it is given up',
  through: 'nothing',
  config: { requestTimeout: 3_000 },
  during: async (scene) => {
    const leader = await scene.leader()
    await leader.pause()
    await scene.until(() => scene.told('connection-failed') > 0)
    await othersLead(scene, leader.id)
    await scene.deliveredMore(500)
    await leader.resume()
    await scene.java.awaitWhole(BROKERS)
  },
}

const rollingRestart: Scenario = {
  name: 'rolling restart of all three',
  through: 'nothing',
  during: async ({ cluster, java, deliveredMore }) => {
    for (const broker of cluster.brokers) {
      await broker.stop()
      await deliveredMore(300)
      await broker.start()
      await java.awaitWhole(BROKERS)
    }
  },
}

const allDown: Scenario = {
  name: 'all three down for 10 s',
  through: 'nothing',
  during: async ({ cluster, java, lasts }) => {
    await Promise.all(cluster.brokers.map((broker) => broker.kill()))
    await lasts(10_000)
    await Promise.all(cluster.brokers.map((broker) => broker.start()))
    await java.awaitWhole(BROKERS)
  },
}

const minIsrLost: Scenario = {
  name: 'fewer in sync than min.insync.replicas, regained',
  through: 'nothing',
  // So long the leader waits for replicas with what it had appended before they left; then it refuses.
  config: { requestTimeout: 3_000 },
  during: async ({ cluster, java, until, told }) => {
    const leaving = cluster.brokers.slice(1)
    await Promise.all(leaving.map((broker) => broker.stop()))
    await until(() => told('retry', 'NOT_ENOUGH_REPLICAS') + told('retry', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND') > 0)
    await Promise.all(leaving.map((broker) => broker.start()))
    await java.awaitWhole(BROKERS)
  },
}

const eachKilled: Scenario = {
  name: 'each broker killed in turn',
  through: 'nothing',
  during: async (scene) => {
    for (const broker of scene.cluster.brokers) {
      await broker.kill()
      await othersLead(scene, broker.id)
      await scene.deliveredMore(300)
      await broker.start()
      await scene.java.awaitWhole(BROKERS)
    }
  },
}

/** Batches are given up, some with their answer outstanding, and the numbers of their partitions begin anew. */
const longerThanPatience: Scenario = {
  name: 'all three down for longer than deliveryTimeout',
  through: 'nothing',
  config: { requestTimeout: 3_000, deliveryTimeout: 5_000 },
  mayFail: ['DELIVERY_TIMEOUT', 'OUTCOME_UNKNOWN'],
  during: async ({ cluster, java, until, told }) => {
    await Promise.all(cluster.brokers.map((broker) => broker.kill()))
    await until(() => told('expired') >= 30)
    await Promise.all(cluster.brokers.map((broker) => broker.start()))
    await java.awaitWhole(BROKERS)
  },
}

export const brokerFaults: readonly Scenario[] = [
  leaderKilled,
  eachKilled,
  leaderPaused,
  leaderPausedAndLeft,
  rollingRestart,
  allDown,
  longerThanPatience,
  minIsrLost,
]
