/** What operators do to a topic while it is written to. */
import type { Scenario, Scene } from './scenario'

const MOVES = 6

const leadersMoved: Scenario = {
  name: `leaders of all partitions moved ${MOVES} times`,
  through: 'nothing',
  during: async ({ java, topic, deliveredMore }) => {
    for (let i = 0; i < MOVES; i++) {
      await java.moveLeaders(topic)
      await deliveredMore(300)
    }
  },
}

/** They become known when metadata ages; keys then move, each with its order kept where it is. */
const partitionsAdded: Scenario = {
  name: 'partitions added, from 6 to 9',
  through: 'nothing',
  config: { metadataMaxAge: 1_000 },
  during: async ({ java, topic, load, until }) => {
    await java.addPartitions(topic, 9)
    await until(() => load.fates.some(({ delivered }) => delivered !== undefined && delivered.partition >= 6))
  },
}

const acknowledged = ({ load }: Scene): readonly number[] => load.fates.flatMap(({ delivered }, id) => (delivered ? [id] : []))

const topicMadeAnew: Scenario = {
  name: 'topic deleted and made anew',
  through: 'nothing',
  excused: 'what was acknowledged before the last broker had deleted its log is gone with the topic',
  during: async (scene) => {
    const { java, topic, deliveredMore, load } = scene
    await java.deleteTopic(topic)
    await java.awaitNoLogs(topic)
    scene.excuse(acknowledged(scene))
    const sent = load.fates.length
    await scene.createTopic()
    await scene.until(() => load.fates.slice(sent).some(({ delivered }) => delivered !== undefined))
    await deliveredMore(1000)
  },
}

const throttled: Scenario = {
  name: 'throttled by a quota of 10 kB/s',
  through: 'nothing',
  during: async ({ java, clientId, told, until }) => {
    await java.limitProducer(clientId, 10_000)
    await until(() => told('throttled') >= 15)
    await java.limitProducer(clientId, undefined)
  },
}

export const operatorFaults: readonly Scenario[] = [leadersMoved, partitionsAdded, topicMadeAnew, throttled]
