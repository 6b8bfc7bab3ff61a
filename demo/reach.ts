import { startKafka } from '../kafka/broker'
import { javaOnPath } from '../kafka/java'
import { testCluster } from '../lib/entries/testing'
import type { Target } from './arguments'
import type { Reader } from './read-back'

/** A Kafka that takes requests, and who can read it back. */
export interface Reached {
  readonly brokers: readonly string[]
  readonly reader: Reader
  /** Ends it, where it was started here. */
  stop(): Promise<void>
}

type Say = (line: string) => void

const BROKERS = 3

/** Everything must be there when it is read back: nothing goes before the cluster does. */
const KEEP_ALL = Number.MAX_SAFE_INTEGER

const inProcess = async (say: Say): Promise<Reached> => {
  const cluster = testCluster({ brokers: BROKERS, retentionBytes: KEEP_ALL })
  const brokers = await cluster.listen()
  say(`a Kafka within this process, ${BROKERS} brokers on ${brokers.join(', ')} (npm start -- --kafka: a real one)`)
  const stop = (): Promise<void> => {
    cluster.close()
    return Promise.resolve()
  }
  return { brokers, reader: 'own Fetch', stop }
}

const startedHere = async (say: Say): Promise<Reached> => {
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`no Kafka can be started here: ${java.reason}; without --kafka, none is needed`)
  say('starting Apache Kafka 4.4.0 (the first time, Maven fetches it)')
  const { bootstrap, stop } = await startKafka()
  return { brokers: [bootstrap], reader: "Kafka's consumer", stop }
}

const runningAlready = async (brokers: readonly string[]): Promise<Reached> => {
  const java = await javaOnPath()
  return { brokers, reader: java.ok ? "Kafka's consumer" : 'own Fetch', stop: () => Promise.resolve() }
}

export const reach = (target: Target, say: Say): Promise<Reached> => {
  if (target.type === 'brokers') return runningAlready(target.addresses)
  return target.type === 'kafka' ? startedHere(say) : inProcess(say)
}
