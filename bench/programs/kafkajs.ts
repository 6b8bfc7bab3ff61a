/** kafkajs under measurement. */
import type { Job } from '../job'
import { arraySender } from './arrays'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'

/** What is used of kafkajs, and of the interface that @confluentinc/kafka-javascript has made after it. */
export interface KafkajsProducer {
  connect(): Promise<void>
  disconnect(): Promise<void>
  send(batch: { topic: string; messages: readonly { value: Buffer | null }[]; compression?: number }): Promise<unknown>
}

interface Library {
  readonly Kafka: new (options: object) => { producer(): KafkajsProducer }
  readonly CompressionTypes: Readonly<Record<string, number>>
  readonly logLevel: Readonly<Record<string, number>>
}

const open = async (job: Job, events: Events, values: Values): Promise<Sender> => {
  const { Kafka, CompressionTypes, logLevel } = (await import(process.argv[2] ?? '')) as Library
  const compression = CompressionTypes[job.codec === 'none' ? 'None' : job.codec.toUpperCase()]
  if (compression === undefined) throw new Error(`kafkajs has no ${job.codec}`)
  const producer = new Kafka({ brokers: [job.bootstrap], logLevel: logLevel['NOTHING'] }).producer()
  await producer.connect()
  const sendMany = (first: number, count: number) => {
    const messages = Array.from({ length: count }, (_, i) => ({ value: values[(first + i) % values.length] ?? null }))
    return producer.send({ topic: job.topic, messages, compression })
  }
  return arraySender(job, events, sendMany, () => producer.disconnect())
}

drive(open)
