/**
 * DeleteTopics 1–6, by name and (6) by id. Any broker takes it; the topics are gone, on all brokers, when it answers.
 *
 * - Whatever names a topic twice, by name, by id or by both, deletes nothing of it.
 * - Stricter: nothing. Laxer: no quota. Answers come in the order of the request, where Kafka shuffles them. The error messages are our own.
 */
import { DeleteTopicsRequest } from '../../generated/messages/DeleteTopicsRequest'
import { DeleteTopicsResponse } from '../../generated/messages/DeleteTopicsResponse'
import type { DeletableTopicResultInput } from '../../generated/messages/DeleteTopicsResponse'
import { handler } from '../broker/handler'
import type { Ask } from '../broker/handler'
import { brokerConfig } from '../state/configs/configs'
import { NOT_REFUSED, ordered, outOfTime, refusal } from '../state/refusal'
import type { Refusal } from '../state/refusal'
import type { Topic } from '../state/topic'
import { ZERO_UUID } from '../../wire/uuid'
import { duplicatesOf } from './duplicates'

interface Named {
  readonly name: string | null
  readonly topicId: string
}

export const deleteTopics = handler({ request: DeleteTopicsRequest, response: DeleteTopicsResponse }, (request, ask) => {
  const { throttleTimeMs } = ask
  const named: readonly Named[] = [...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })), ...request.topics]
  const all = brokerConfig(ask.cluster, 'delete.topic.enable') === 'false' ? switchedOff(ask) : lateFor(named, request.timeoutMs)
  if (all !== undefined) return { throttleTimeMs, responses: named.map(({ name, topicId }) => ({ name, topicId, ...all })) }
  const duplicates = duplicatesOf(named.filter(isWellNamed).map(keyOf))
  const each = named.filter((one, i) => !duplicates.has(keyOf(one)) || named.findIndex((other) => keyOf(other) === keyOf(one)) === i)
  const found = each.map((one) => ({ ...one, topic: isWellNamed(one) && !duplicates.has(keyOf(one)) ? topicOf(one, ask) : undefined }))
  const ids = new Set(named.filter(({ name }) => name === null).map(({ topicId }) => topicId))
  const twice = new Set(found.flatMap(({ name, topic }) => (name !== null && topic !== undefined && ids.has(topic.id) ? [topic] : [])))
  return { throttleTimeMs, responses: found.flatMap((one) => answer(one, { twice, duplicates, ask })) }
})

interface Found extends Named {
  readonly topic: Topic | undefined
}

interface Surroundings {
  readonly duplicates: ReadonlySet<string>
  /** Named both ways. */
  readonly twice: ReadonlySet<Topic>
  readonly ask: Ask
}

/** Whatever is named both ways is answered once, under its name. */
function answer({ topic, ...named }: Found, { twice, duplicates, ask }: Surroundings): readonly DeletableTopicResultInput[] {
  if (topic === undefined) return [{ ...named, ...refuse(named, duplicates) }]
  const known = { name: topic.name, topicId: topic.id }
  if (!twice.has(topic)) return [{ ...known, ...deleted(topic, ask) }]
  return named.name === null ? [] : [{ ...known, ...refusal('INVALID_REQUEST', 'The topic was named by its id too') }]
}

function refuse(named: Named, duplicates: ReadonlySet<string>): Refusal {
  if (!isWellNamed(named)) return refusal('INVALID_REQUEST', 'A topic is named by its name or by its id, not by both')
  if (duplicates.has(keyOf(named))) return refusal('INVALID_REQUEST', 'The topic was named more than once')
  if (named.name === null) return refusal('UNKNOWN_TOPIC_ID', `There is no topic with the id ${named.topicId}`)
  return refusal('UNKNOWN_TOPIC_OR_PARTITION', `There is no topic ${named.name}`)
}

function deleted(topic: Topic, { cluster, errorFor }: Ask): Refusal {
  const refused = ordered(errorFor(topic.name))
  if (refused === undefined) cluster.deleteTopic(topic.name)
  return refused ?? NOT_REFUSED
}

const topicOf = ({ name, topicId }: Named, { cluster }: Ask): Topic | undefined =>
  name === null ? cluster.topicById(topicId) : cluster.topics.get(name)

/** Versions before 3 lack the error for it. */
const switchedOff = ({ version }: Ask): Refusal => refusal(version < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED')

const lateFor = (named: readonly Named[], timeoutMs: number): Refusal | undefined =>
  named.some(isWellNamed) ? outOfTime(timeoutMs) : undefined

const isWellNamed = ({ name, topicId }: Named): boolean => (name === null) !== (topicId === ZERO_UUID)

const keyOf = ({ name, topicId }: Named): string => `${name === null ? 'id' : `name ${name}`} ${topicId}`
