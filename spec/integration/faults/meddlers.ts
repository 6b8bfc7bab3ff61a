/** What a network may do to frames. */
import { messages, Reader, recordBatch } from '../../../lib/entries/protocol'
import type { Meddler, Passage, PassingRequest } from '../../../kafka/proxy'
import { idOf } from './load'

const PRODUCE = messages.ProduceRequest.apiKey
const PASS: Passage = { type: 'pass' }
const HOLD: Passage = { type: 'hold' }

/** Length and correlation id of an answer; length, API and version of a request. */
const HEAD_BYTES = 8
/** Behind the last record stand tags, and no more than these. */
const TAIL_BYTES = 10
/** Of the last record's value, with which a request all but ends: every load writes longer ones. */
const VALUE_BYTES = 80
/** throttleTimeMs and tags. */
const THROTTLE_BYTES = 5

const below = (bound: number): number => Math.floor(Math.random() * bound)

/** The top bit: in a number it makes much of little, in text it is no text. */
const damaged = (frame: Buffer, at: number): Passage => {
  const copy = Buffer.from(frame)
  copy.writeUInt8(copy.readUInt8(at) ^ 0x80, at)
  return { type: 'change', frame: copy }
}

/** Every so many frames something is done to one. */
const each = (nth: number, passage: (frame: Buffer) => Passage) => {
  let count = 0
  return (frame: Buffer): Passage => (++count % nth === 0 ? passage(frame) : PASS)
}

const isProduce = ({ apiKey }: PassingRequest): boolean => apiKey === PRODUCE

export const blackHole = { request: () => HOLD, answer: () => HOLD }

/** Whoever speaks first waits for so long; the connection itself stands. */
export const delays = (least: number, most: number): Meddler => ({ answer: () => ({ type: 'delay', ms: least + below(most - least) }) })

/** Requests that arrive by half, and answers that do not: what they answer for is done. */
export const resets = (nth: number): Meddler => {
  const request = each(2 * nth, (frame) => ({ type: 'cut', at: frame.length >> 1, by: 'reset' }))
  const answer = each(2 * nth, () => ({ type: 'cut', at: 0, by: 'reset' }))
  return { request: ({ frame }) => request(frame), answer: ({ frame }) => answer(frame) }
}

/** The first half of an answer, and then the end of the stream. */
export const truncated = (nth: number): Meddler => {
  const answer = each(nth, (frame) => ({ type: 'cut', at: frame.length >> 1, by: 'end' }))
  return { answer: ({ frame }) => answer(frame) }
}

/** A wrong length or a wrong correlation id, of any answer. */
export const answerHeads = (nth: number): Meddler => {
  const answer = each(nth, (frame) => damaged(frame, below(HEAD_BYTES)))
  return { answer: ({ frame }) => answer(frame) }
}

/**
 * A wrong byte anywhere behind that, in answers to Produce. `onDamage` is told of the records that it answers for: nothing guards an answer, and
 * a wrong offset or error code is believed. The time that a client is told to wait is spared: it would be believed, too, for hours.
 */
export const answerBodies = (nth: number, onDamage: (ids: readonly number[]) => void): Meddler => {
  const answer = each(nth, (frame) => damaged(frame, HEAD_BYTES + below(frame.length - HEAD_BYTES - THROTTLE_BYTES)))
  return {
    answer: ({ frame, request }) => {
      if (!isProduce(request)) return PASS
      const passage = answer(frame)
      if (passage.type === 'change') onDamage(idsIn(request.frame))
      return passage
    },
  }
}

/** A wrong length, API or version, of any request. */
export const requestHeads = (nth: number): Meddler => {
  const request = each(nth, (frame) => damaged(frame, below(HEAD_BYTES)))
  return { request: ({ frame }) => request(frame) }
}

/** A wrong byte within a record, where the checksum of its batch must show it. */
export const requestRecords = (nth: number): Meddler => {
  const request = each(nth, (frame) => damaged(frame, frame.length - TAIL_BYTES - below(VALUE_BYTES)))
  return { request: (passing) => (isProduce(passing) ? request(passing.frame) : PASS) }
}

const LENGTH_BYTES = 4

/** The numbers of the records in a Produce request. */
function idsIn(frame: Buffer): readonly number[] {
  const reader = new Reader(frame.subarray(LENGTH_BYTES))
  const version = frame.readInt16BE(LENGTH_BYTES + 2)
  messages.RequestHeader.read(reader, messages.ProduceRequest.headerVersion(version))
  const { topicData } = messages.ProduceRequest.read(reader, version)
  const batches = topicData.flatMap(({ partitionData }) =>
    partitionData.flatMap(({ records }) => (records ? [...recordBatch.decodeAll(records)] : [])),
  )
  return batches.flatMap(({ records }) => records.map(({ value }) => idOf(value)))
}
