/**
 * Produce 3–13. The way of a batch: is it one, may its transaction have it, does this broker lead the partition, are enough replicas
 * there, does it fit the rules of its topic, does its sequence number follow; then it is appended, and acks=all waits for the replicas.
 *
 * - One batch of format v2 a partition; a partition that is named twice counts once, with what is said last.
 * - acks 0 is never answered. An error ends the connection instead: nothing else could tell the client.
 * - acks other than −1, 0, 1: INVALID_REQUIRED_ACKS for every partition that could have been written.
 * - min.insync.replicas is looked at before the append (NOT_ENOUGH_REPLICAS). When replicas get lost afterwards the high watermark stands
 *   still, and the request times out, which leaves the batch in the log: NOT_ENOUGH_REPLICAS_AFTER_APPEND takes a race inside of Kafka
 *   4.4 that does not exist here. It can be ordered, as any error.
 * - A duplicate of one of the last five batches is answered with the place of the first. A gap, and what is older than those five, is
 *   OUT_OF_ORDER_SEQUENCE_NUMBER: Kafka 4.4 knows DUPLICATE_SEQUENCE_NUMBER and never says it; nor UNKNOWN_PRODUCER_ID (KIP-360).
 * - KIP-467 record errors from version 8 on, KIP-951 current leader from 10, KIP-890 from 12, topic ids from 13.
 * - Records that are null are never answered, nor is anything after them on that connection: Kafka has no answer to them.
 *
 * - Laxer: no quotas and no authorization. What else differs stands in batch-judge.ts, topic-batch-rules.ts and producer-states.ts.
 */
import { EMPTY, NEVER, map, of, switchMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProtocolError } from '../../errors'
import { ErrorCode } from '../../generated/error-codes'
import { ProduceRequest } from '../../generated/messages/ProduceRequest'
import { ProduceResponse } from '../../generated/messages/ProduceResponse'
import type {
  PartitionProduceResponseInput,
  ProduceResponseInput,
  TopicProduceResponseInput,
} from '../../generated/messages/ProduceResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { currentLeaderOf, endpointsOf } from './current-leader'
import type { CurrentLeader } from './current-leader'
import { whenReplicated } from './produce-acks'
import type { Placed } from './produce-acks'
import { admissions, hasSeveralProducers } from './produce-admission'
import type { Refusals } from './produce-admission'
import { ACKS_ALL, appendBatch } from './produce-append'
import { BY_ID, candidateOf, entriesOf, wholesaleRefusal } from './produce-entries'
import type { Candidate, Entry } from './produce-entries'
import { refusal } from './produce-outcome'
import type { Outcome } from './produce-outcome'

const VALID_ACKS: ReadonlySet<number> = new Set([ACKS_ALL, 0, 1])
const WITH_CURRENT_LEADER = 10

export const produce = handler({ request: ProduceRequest, response: ProduceResponse }, (request, ask) => {
  const { acks, transactionalId, timeoutMs } = request
  const entries = entriesOf(request, ask)
  const answered = (placed: readonly Placed[]): Observable<ProduceResponseInput> => answer(placed, acks, ask)
  const refuseAll = (outcome: Outcome) => answered(entries.map((entry) => ({ entry, outcome })))

  if (entries.some(({ records }) => records === null)) return NEVER
  const wholesale = wholesaleRefusal(entries, transactionalId)
  if (wholesale !== undefined) return refuseAll(wholesale)
  const checked = entries.map((entry) => ({ entry, each: candidateOf(entry, ask) }))
  const candidates = checked.flatMap(({ each }) => (isCandidate(each) ? each : []))
  if (hasSeveralProducers(candidates)) return refuseAll(refusal(ErrorCode.INVALID_PRODUCER_ID_MAPPING, { errorMessage: SEVERAL }))

  return admissions(candidates, transactionalId, ask).pipe(
    map((refusals) => checked.map(({ entry, each }) => ({ entry, outcome: outcomeOf(each, refusals, acks, ask) }))),
    switchMap((placed) => (acks === ACKS_ALL ? whenReplicated(placed, timeoutMs, ask) : of(placed))),
    switchMap(answered),
  )
})

const SEVERAL = 'The batches of a transaction in one request are of one producer'

const isCandidate = (each: Candidate | Outcome): each is Candidate => 'batch' in each

function outcomeOf(each: Candidate | Outcome, refusals: Refusals, acks: number, ask: Ask): Outcome {
  if (!isCandidate(each)) return each
  const refused = refusals.get(each)
  if (refused !== undefined) return refused
  return VALID_ACKS.has(acks) ? appendBatch(each, acks, ask) : refusal(ErrorCode.INVALID_REQUIRED_ACKS)
}

function answer(placed: readonly Placed[], acks: number, ask: Ask): Observable<ProduceResponseInput> {
  if (acks !== 0) return of(responseOf(placed, ask))
  const failed = placed.find(({ outcome }) => outcome.errorCode !== ErrorCode.NONE)
  return failed === undefined ? EMPTY : hangUp(`error ${String(failed.outcome.errorCode)}, and acks=0 is not answered`)
}

const hangUp = (reason: string): Observable<never> => throwError(() => new ProtocolError(`A Produce request is not answered: ${reason}`))

function responseOf(placed: readonly Placed[], ask: Ask): ProduceResponseInput {
  const leaders: CurrentLeader[] = []
  const topics = new Map<string, TopicProduceResponseInput & { partitionResponses: PartitionProduceResponseInput[] }>()
  for (const { entry, outcome } of placed) {
    const currentLeader = leaderFor(entry, outcome, ask)
    if (currentLeader !== undefined) leaders.push(currentLeader)
    const topic = topics.get(keyOf(entry)) ?? { ...nameOf(entry, ask), partitionResponses: [] }
    topics.set(keyOf(entry), topic)
    const { required: _required, ...response } = outcome
    topic.partitionResponses.push({ index: entry.index, ...response, ...(currentLeader && { currentLeader }) })
  }
  return { responses: [...topics.values()], nodeEndpoints: endpointsOf(leaders, ask) }
}

const keyOf = ({ name, topicId }: Entry): string => `${topicId} ${name}`

const nameOf = ({ name, topicId }: Entry, { version }: Ask) => (version >= BY_ID ? { topicId } : { name })

const leaderFor = ({ partition }: Entry, { errorCode }: Outcome, { version }: Ask): CurrentLeader | undefined =>
  version >= WITH_CURRENT_LEADER && errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER ? currentLeaderOf(partition) : undefined
