// @platformatic/kafka: see scenario.mjs.
import { inPlace, load, main } from './scenario.mjs'

const { Admin, Consumer, MessagesStreamFallbackModes, MessagesStreamModes, Producer, stringDeserializers, stringSerializers } =
  load('@platformatic/kafka')

const base = (bootstrap) => ({ clientId: 'foreign', bootstrapBrokers: [bootstrap] })

/** A record, and what no clock decides. */
const shown = ({ partition, offset, key, value, headers }) => ({
  partition,
  offset: Number(offset),
  key: key ?? null,
  value: value ?? null,
  headers: [...headers],
})

const withProducer = async (bootstrap, options, work) => {
  const producer = new Producer({ ...base(bootstrap), serializers: stringSerializers, ...options })
  try {
    return await work(producer)
  } finally {
    await producer.close()
  }
}

/** Reads as the only member of the group until it has so many records, and commits the last of each partition. */
const consume = async ({ bootstrap, topic, group, count, isolated = false }) => {
  const consumer = new Consumer({ ...base(bootstrap), groupId: group, deserializers: stringDeserializers })
  const stream = await consumer.consume({
    ...{ topics: [topic], mode: MessagesStreamModes.COMMITTED, fallbackMode: MessagesStreamFallbackModes.EARLIEST },
    ...{ autocommit: false, maxWaitTime: 100, isolationLevel: isolated ? 1 : 0, sessionTimeout: 10_000, heartbeatInterval: 500 },
  })
  const records = []
  const last = new Map()
  for await (const message of stream) {
    records.push(shown(message))
    last.set(message.partition, message)
    if (records.length >= count) break
  }
  for (const message of last.values()) await message.commit()
  const partitions = [...last.keys()].sort()
  const offsets = await consumer.listCommittedOffsets({ topics: [{ topic, partitions }] })
  await consumer.close(true)
  return { records: inPlace(records), committed: partitions.map((partition, i) => ({ partition, offset: offsets.get(topic)[i] })) }
}

const inTopic = (topic, messages) => messages.map((message) => ({ topic, ...message }))

await main({
  async records({ bootstrap, topic, group, messages, acks, compression, idempotent = false }) {
    const { offsets } = await withProducer(bootstrap, { acks, compression, idempotent }, (producer) =>
      producer.send({ messages: inTopic(topic, messages) }),
    )
    return {
      sent: inPlace((offsets ?? []).map(({ partition, offset }) => ({ partition, offset: Number(offset) }))),
      read: (await consume({ bootstrap, topic, group, count: messages.length })).records,
    }
  },

  async group({ bootstrap, topic, group, first, second }) {
    const sendAll = (messages) => withProducer(bootstrap, {}, (producer) => producer.send({ messages: inTopic(topic, messages) }))
    await sendAll(first)
    const before = await consume({ bootstrap, topic, group, count: first.length })
    await sendAll(second)
    return { before, after: await consume({ bootstrap, topic, group, count: second.length }) }
  },

  async transactions({ bootstrap, topic, group, transactions, visible }) {
    const options = { transactionalId: `${topic}-producer`, idempotent: true }
    await withProducer(bootstrap, options, async (producer) => {
      for (const { messages, end } of transactions) {
        const transaction = await producer.beginTransaction()
        await transaction.send({ messages: inTopic(topic, messages) })
        await transaction[end]()
      }
    })
    return (await consume({ bootstrap, topic, group, count: visible, isolated: true })).records
  },

  async admin({ bootstrap, topic }) {
    const admin = new Admin(base(bootstrap))
    const created = await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 })
    const metadata = await admin.metadata({ topics: [topic], forceUpdate: true })
    await admin.deleteTopics({ topics: [topic] })
    const left = await admin.listTopics()
    await admin.close()
    return {
      created: created.map(({ name, partitions, replicas }) => ({ name, partitions, replicas })),
      partitions: metadata.topics.get(topic).partitionsCount,
      isLeft: left.includes(topic),
    }
  },
})
