// kafkajs: see scenario.mjs.
import { inPlace, load, main } from './scenario.mjs'

const { CompressionTypes, Kafka, logLevel, Partitioners } = load('kafkajs')

/** A record as text, and what no clock decides. */
const shown = ({ partition, message: { offset, key, value, headers } }) => ({
  partition,
  offset: Number(offset),
  key: key && String(key),
  value: value && String(value),
  headers: Object.entries(headers ?? {}).map(([name, content]) => [name, [content].flat().map(String)]),
})

const clientOf = (bootstrap, options = {}) =>
  new Kafka({ clientId: 'foreign', brokers: [bootstrap], logLevel: logLevel.NOTHING, ...options })

const withProducer = async (bootstrap, options, work) => {
  const producer = clientOf(bootstrap).producer({ createPartitioner: Partitioners.DefaultPartitioner, ...options })
  await producer.connect()
  try {
    return await work(producer)
  } finally {
    await producer.disconnect()
  }
}

/** Reads as the only member of the group until it has so many records; they are committed when it leaves. */
const consume = async ({ bootstrap, topic, group, count, isolated = false }) => {
  const consumer = clientOf(bootstrap).consumer({ groupId: group, readUncommitted: !isolated, maxWaitTimeInMs: 100 })
  const records = []
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error))
    const eachMessage = async (one) => {
      if (records.push(shown(one)) >= count) resolve()
    }
    consumer.run({ eachMessage }).catch(reject)
  })
  await consumer.disconnect()
  return inPlace(records)
}

const withAdmin = async (bootstrap, work) => {
  const admin = clientOf(bootstrap).admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

const committed = ({ bootstrap, topic, group }) =>
  withAdmin(bootstrap, async (admin) => {
    const [{ partitions }] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
    return inPlace(partitions.map(({ partition, offset }) => ({ partition, offset: Number(offset) })))
  })

const send = (producer, topic, messages, rest = {}) => producer.send({ topic, messages, ...rest })

await main({
  async records({ bootstrap, topic, group, messages, acks, gzip = false, idempotent = false }) {
    const compression = gzip ? CompressionTypes.GZIP : CompressionTypes.None
    const sent = await withProducer(bootstrap, { idempotent }, (producer) => send(producer, topic, messages, { acks, compression }))
    return {
      sent: inPlace(sent.map(({ partition, errorCode, baseOffset }) => ({ partition, errorCode, offset: Number(baseOffset) }))),
      read: await consume({ bootstrap, topic, group, count: messages.length }),
    }
  },

  async group({ bootstrap, topic, group, first, second }) {
    await withProducer(bootstrap, {}, (producer) => send(producer, topic, first))
    const before = await consume({ bootstrap, topic, group, count: first.length })
    const between = await committed({ bootstrap, topic, group })
    await withProducer(bootstrap, {}, (producer) => send(producer, topic, second))
    const after = await consume({ bootstrap, topic, group, count: second.length })
    const ends = await withAdmin(bootstrap, (admin) => admin.fetchTopicOffsets(topic))
    return { before, between, after, ends: inPlace(ends.map(({ partition, ...rest }) => ({ partition, offset: 0, ...rest }))) }
  },

  async transactions({ bootstrap, topic, group, transactions, visible }) {
    const options = { transactionalId: `${topic}-producer`, idempotent: true, maxInFlightRequests: 1 }
    await withProducer(bootstrap, options, async (producer) => {
      for (const { messages, offset, end } of transactions) {
        const transaction = await producer.transaction()
        await send(transaction, topic, messages)
        const topics = [{ topic, partitions: [{ partition: 0, offset }] }]
        if (offset !== undefined) await transaction.sendOffsets({ consumerGroupId: group, topics })
        await transaction[end]()
      }
    })
    return {
      committed: await committed({ bootstrap, topic, group }),
      read: await consume({ bootstrap, topic, group: `${group}-reader`, count: visible, isolated: true }),
    }
  },

  /** Whether it may come in, and what it can do then. */
  async login({ bootstrap, sasl }) {
    const admin = clientOf(bootstrap, { sasl, retry: { retries: 0 } }).admin()
    try {
      await admin.connect()
      return { topics: await admin.listTopics() }
    } catch ({ name, message }) {
      return { refused: name, message }
    } finally {
      await admin.disconnect()
    }
  },

  async admin({ bootstrap, topic }) {
    return withAdmin(bootstrap, async (admin) => {
      const created = await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] })
      const again = await admin.createTopics({ topics: [{ topic, numPartitions: 2 }] })
      await admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] })
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      await admin.deleteTopics({ topics: [topic] })
      const left = await admin.listTopics()
      return {
        ...{ created, again },
        partitions: topics[0].partitions.map(({ partitionId }) => partitionId).sort(),
        isLeft: left.includes(topic),
      }
    })
  },
})
