/** @platformatic/kafka under measurement. */
import type { Job } from '../job'
import { arraySender } from './arrays'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'

interface Message {
  readonly topic: string
  readonly value: Buffer | undefined
}

interface Library {
  readonly Producer: new (options: object) => {
    send(batch: { messages: readonly Message[] }): Promise<unknown>
    close(): Promise<void>
  }
}

const open = async (job: Job, events: Events, values: Values): Promise<Sender> => {
  const { Producer } = (await import(process.argv[2] ?? '')) as Library
  const { bootstrap, topic, codec } = job
  const producer = new Producer({ clientId: 'bench', bootstrapBrokers: [bootstrap], acks: -1, compression: codec })
  const sendMany = (first: number, count: number) =>
    producer.send({ messages: Array.from({ length: count }, (_, i) => ({ topic, value: values[(first + i) % values.length] })) })
  return arraySender(job, events, sendMany, () => producer.close())
}

drive(open)
