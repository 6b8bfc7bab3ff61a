/** What a thousand runs must have met, so that they have tested something. */
import type { Counts } from './seen'
import { ROWS } from './verdict-rows'

const BROKERS = ['stop', 'kill', 'pause', 'isolate', 'disconnect', 'refuse', 'blackHole', 'slow']
const TOPICS = ['elect', 'shrinkIsr', 'restoreIsr', 'recreateTopic', 'deleteTopic', 'createTopic', 'addPartitions', 'moveController']
const CONNECTIONS = ['drop', 'loseAnswer', 'cutBefore', 'cutAfter', 'cutAfterAnswer', 'cutWithinRequest', 'cutWithinAnswer']
const ANSWERS = ['delay', 'hold', 'throttle', 'truncate', 'lengthOffBy', 'corrupt', 'fail after append']
const REFUSALS = ['fail Produce', 'fail Metadata', 'fail InitProducerId']
const LIES = ['staleMetadata', 'emptyMetadata', 'unreachableHosts']

/** Names of counts. */
export const REQUIRED: readonly string[] = [
  ...[...BROKERS, ...TOPICS, ...CONNECTIONS, ...ANSWERS, ...REFUSALS, ...LIES].map((kind) => `fault ${kind}`),
  ...ROWS.map((name) => `row ${name}`),
  ...['event retry', 'event split', 'event orphaned', 'event connection-failed'],
  ...['event producer-id', 'event epoch-bumped', 'event expired', 'event fatal', 'expired in flight'],
  ...['waited for memory', 'failed DELIVERY_TIMEOUT', 'failed OUTCOME_UNKNOWN', 'failed UNSUBSCRIBED', 'skipped'],
  ...['unsubscribed while records were unsettled', 'flushed while records were unsettled', 'closed while records were unsettled'],
]

/** Chance has its say in fewer. */
const ENOUGH_RUNS = 1000
const LEAST_PER_RUN = 100 / 1000

/** What came up too seldom, in words. */
export function gapsIn(counts: Counts, runs: number): readonly string[] {
  if (runs < ENOUGH_RUNS) return []
  const least = Math.ceil(runs * LEAST_PER_RUN)
  return REQUIRED.flatMap((name) => {
    const count = counts.get(name) ?? 0
    return count >= least ? [] : `${name}: ${count} times in ${runs} runs, at least ${least} are wanted`
  })
}

export function addCounts(to: Counts, counts: Iterable<readonly [string, number]>): void {
  for (const [name, count] of counts) to.set(name, (to.get(name) ?? 0) + count)
}
