/**
 * The history of a run, as plain data: drawn from a seed before anything runs, so that it can be printed, kept in a file, cut down and
 * played again.
 */
import type { ProducerConfig } from '../../lib/config'
import type { SendOptions } from '../../lib/pipeline/send-options'
import type { TestClusterOptions, TestTopic } from '../../lib/testing/settings'

export interface Plan {
  /** Of the clock: jitter, ids, and which bytes are corrupted. */
  readonly seed: number
  readonly cluster: ClusterPlan
  readonly producer: ProducerPlan
  readonly streams: readonly StreamPlan[]
  /** In the order of their times. */
  readonly steps: readonly Step[]
  /** From then on nothing is sent, and everything is well. */
  readonly quietAt: number
}

export interface ClusterPlan extends Pick<TestClusterOptions, 'latency' | 'sessionTimeout' | 'versions' | 'configs'> {
  readonly brokers: number
  readonly topics: Readonly<Record<string, TestTopic>>
}

export type ProducerPlan = Omit<ProducerConfig, 'brokers' | 'transport' | 'scheduler' | 'partitioner'>

/** A subscription to `send`, and how its subscriber behaves. */
export interface StreamPlan {
  /** It sends another record from within its first so many deliveries. */
  readonly echoes?: number
  /** It throws from within each delivery whose number can be divided by this. */
  readonly throwsAt?: number
  /** It unsubscribes from within the delivery of this number. */
  readonly leavesAt?: number
  /** Its serializer returns Promises. */
  readonly later?: boolean
  readonly options?: Pick<SendOptions, 'ordered' | 'maxInFlight' | 'overflow' | 'onUnsubscribe'>
}

export const isOrdered = ({ streams }: Plan, stream: number): boolean => streams[stream]?.options?.ordered === true

/** Where the records of a burst go: keys, nobody says, or a partition. */
export type Aim = 'keys' | 'anywhere' | number

/** What is wrong with the records of a burst, if anything is. */
export type Flaw = 'poison' | 'huge' | 'no topic' | 'no partition'

export type LoadAction =
  | {
      readonly do: 'send'
      readonly stream: number
      readonly topic: string
      readonly aim: Aim
      readonly count: number
      readonly size: number
      readonly flaw?: Flaw
    }
  | { readonly do: 'complete' | 'unsubscribe' | 'break'; readonly stream: number }
  | { readonly do: 'flush' }
  | { readonly do: 'close'; readonly timeout: number }

export type BrokerAct = 'stop' | 'kill' | 'start' | 'pause' | 'resume' | 'isolate' | 'disconnect' | 'refuse' | 'blackHole' | 'heal'

export type WholeKind = 'drop' | 'loseAnswer' | 'cutBefore' | 'cutAfter' | 'cutAfterAnswer'
export type MeasuredKind = 'delay' | 'hold' | 'throttle' | 'cutWithinRequest' | 'cutWithinAnswer' | 'truncate' | 'lengthOffBy' | 'corrupt'
export type Lie = 'staleMetadata' | 'emptyMetadata' | 'unreachableHosts'
export type Api = 'Produce' | 'Metadata' | 'ApiVersions' | 'InitProducerId' | 'any'

export type FaultAction =
  | { readonly do: 'broker'; readonly act: BrokerAct; readonly broker: number }
  | { readonly do: 'slow'; readonly broker: number; readonly latency: number; readonly rate: number; readonly chunk: number }
  | { readonly do: 'elect' | 'shrinkIsr' | 'restoreIsr'; readonly topic: string; readonly partition: number; readonly broker: number }
  | { readonly do: 'recreateTopic' | 'deleteTopic' | 'createTopic' | 'addPartitions'; readonly topic: string }
  | { readonly do: 'moveController'; readonly broker: number }
  /** The next requests: to one broker, or to any. */
  | {
      readonly do: 'disturb'
      readonly api: Api
      readonly kind: WholeKind | MeasuredKind
      readonly by: number
      readonly times: number
      readonly broker?: number
    }
  /** The api finds an error: the request is not carried out. */
  | {
      readonly do: 'fail'
      readonly api: Api
      readonly error: string
      readonly times: number
      readonly topic?: string
      readonly partition?: number
    }
  /** What was appended is answered with an error that a broker may give after the append. */
  | { readonly do: 'failAfter'; readonly error: string; readonly times: number }
  | { readonly do: 'lie'; readonly lie: Lie; readonly for: number }

export type Action = LoadAction | FaultAction
export type Step = Action & { readonly at: number }
