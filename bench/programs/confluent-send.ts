/** `send()` of @confluentinc/kafka-javascript under measurement: the interface that it has made after that of kafkajs. */
import type { Job } from '../job'
import { arraySender } from './arrays'
import { drive } from './drive'
import type { Events, Sender, Values } from './drive'

interface Producer {
  connect(): Promise<void>
  disconnect(): Promise<void>
  send(batch: { topic: string; messages: readonly { value: Buffer | null }[] }): Promise<unknown>
}

interface Library {
  readonly KafkaJS: { readonly Kafka: new (options: object) => { producer(options: object): Producer } }
}

const open = async (job: Job, events: Events, values: Values): Promise<Sender> => {
  const { default: library } = (await import(process.argv[2] ?? '')) as { readonly default: Library }
  const kafka = new library.KafkaJS.Kafka({ kafkaJS: { brokers: [job.bootstrap] }, log_level: 0 })
  const producer = kafka.producer({ ...(job.linger !== 'default' && { 'linger.ms': job.linger }), 'compression.codec': job.codec })
  await producer.connect()
  const sendMany = (first: number, count: number) =>
    producer.send({
      topic: job.topic,
      messages: Array.from({ length: count }, (_, i) => ({ value: values[(first + i) % values.length] ?? null })),
    })
  return arraySender(job, events, sendMany, () => producer.disconnect())
}

drive(open)
