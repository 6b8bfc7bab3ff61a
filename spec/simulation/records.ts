/** What is handed to the producer for a record of a plan, and how a record in a log is known again. */
import { map, pipe } from 'rxjs'
import type { OperatorFunction } from 'rxjs'
import type { Producer } from '../../lib/producer'
import type { Delivery, ProducerRecord } from '../../lib/record'
import type { Serializer } from '../../lib/serializers/serializer'
import type { Sent } from './fates'
import type { StreamPlan } from './plan'

const KEYS = 7
/** More than any request takes. */
const HUGE = 2 * 1024 * 1024
/** Of a topic that no cluster would make. */
const IMPOSSIBLE = 'no such topic'
const FAR_PARTITION = 1000

/** Ends the id within a value. */
const END = '|'

export class Poison extends Error {}

export const recordsIn = (kafka: Producer, { later, options = {} }: StreamPlan): OperatorFunction<Sent, Delivery<Sent>> =>
  pipe(map(recordOf), kafka.send<Sent, Sent>({ value: later === true ? laterBytesOf : bytesOf }, options))

function recordOf(sent: Sent): ProducerRecord<string, Sent, Sent> {
  const { aim, flaw, index } = sent
  const partition = flaw === 'no partition' ? FAR_PARTITION : typeof aim === 'number' ? aim : undefined
  return {
    topic: flaw === 'no topic' ? IMPOSSIBLE : sent.topic,
    value: sent,
    context: sent,
    ...(aim === 'keys' && { key: `k${index % KEYS}` }),
    ...(partition !== undefined && { partition }),
  }
}

/** Its id, and as many bytes behind it as it was to have, of which no two records have the same. */
const bytesOf: Serializer<Sent> = ({ id, index, size, flaw }) => {
  if (flaw === 'poison') throw new Poison(id)
  const bytes = Buffer.alloc(Math.max(id.length + END.length, flaw === 'huge' ? HUGE : size), 97 + (index % 26))
  bytes.write(id + END)
  return bytes
}

const laterBytesOf: Serializer<Sent> = async (sent, headers) => {
  await Promise.resolve()
  return bytesOf(sent, headers)
}

export const idIn = (value: Uint8Array | null): string => {
  const text = Buffer.from(value ?? []).toString('latin1')
  return text.slice(0, Math.max(0, text.indexOf(END)))
}
