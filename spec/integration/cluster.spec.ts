import { createServer } from 'node:net'
import { bufferCount, filter, firstValueFrom, from, lastValueFrom, share, skip, toArray } from 'rxjs'
import { freePorts } from '../../kafka/ports'
import { producer } from '../../lib/producer'
import type { ProducerEvent } from '../../lib/events'
import { expectAllDelivered, expectOrderKept, expectReadBack, sendAll, sendPlain } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'
import { wireTap } from './wire-tap'

const recordsFor = (topic: string, count = 200): Plain[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `k${i}`, value: `${i}` }))

/** An address at which something takes connections and never says a word. */
const silentServer = async (): Promise<AsyncDisposable & { readonly address: string }> => {
  const [port = 0] = await freePorts(1)
  const server = createServer((socket) => socket.resume())
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

describeWithKafka('the way to the cluster', (kafka) => {
  it('is found though the first address of several refuses, which is reported', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    const [dead = 0] = await freePorts(1)
    await using kafkarx = producer({ brokers: [`127.0.0.1:${dead}`, kafka.bootstrap] })
    const events: ProducerEvent[] = []
    kafkarx.events$.subscribe((event) => events.push(event))

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
    expect(events.filter(({ type }) => type === 'connection-failed')).toEqual([
      { type: 'connection-failed', host: '127.0.0.1', port: dead, error: expect.objectContaining({ code: 'CONNECT_FAILED' }) as unknown },
    ])
  })

  it('is found though those who listen at all other addresses never answer', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using one = await silentServer()
    await using two = await silentServer()
    await using three = await silentServer()
    // Rests that are short beside the time that silence takes, as by default: who is silent must not be asked again before the others.
    const patience = { connectionSetupTimeout: 200, reconnectBackoffMax: 50, maxBlock: 4000 }
    await using kafkarx = producer({ brokers: [one.address, kafka.bootstrap, two.address, three.address], ...patience })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })

  it('is one connection, for the metadata and all the records', async () => {
    const topic = await kafka.topic(3)
    const wire = wireTap()
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport: wire.transport })

    await sendAll(kafkarx, recordsFor(topic))
    await sendAll(kafkarx, recordsFor(topic))

    expect(wire.openConnections).toBe(1)
  })

  it('is not even looked for before somebody subscribes', async () => {
    const topic = await kafka.topic()
    const wire = wireTap()
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport: wire.transport })

    const deliveries$ = from(recordsFor(topic)).pipe(sendPlain(kafkarx), toArray())
    const partitions$ = kafkarx.partitionsFor(topic)
    expect(wire.openConnections).toBe(0)

    await lastValueFrom(partitions$)
    expect(wire.openConnections).toBe(1)
    expect(await lastValueFrom(deliveries$)).toHaveLength(200)
  })
})

describeWithKafka('the partitions of a topic', (kafka) => {
  it('are all given, with their leader and replicas', async () => {
    const topic = await kafka.topic(12)
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const answers = await lastValueFrom(kafkarx.partitionsFor(topic).pipe(toArray()))

    const expected = Array.from({ length: 12 }, (_, partition) => ({
      topic,
      partition,
      leader: 1,
      leaderEpoch: 0,
      replicas: [1],
      isr: [1],
    }))
    expect(answers).toEqual([expected])
  })

  it('are an error with the reason when the topic does not exist', async () => {
    const topic = `${await kafka.topic()}-unknown`
    await using kafkarx = producer({ brokers: [kafka.bootstrap], maxBlock: 300 })

    await expect(lastValueFrom(kafkarx.partitionsFor(topic))).rejects.toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })
})

describeWithKafka('a topic that is created while its records wait', (kafka) => {
  it('gets all of them, in order', async () => {
    const topic = `${await kafka.topic()}-later`
    const records = recordsFor(topic, 5000)
    const wire = wireTap()
    await using kafkarx = producer({ brokers: [kafka.bootstrap], transport: wire.transport })

    const sent = sendAll(kafkarx, records)
    // Asking for the second time says that the first answer was no.
    await firstValueFrom(
      wire.requests$.pipe(
        filter(({ api }) => api === 'Metadata'),
        skip(1),
      ),
    )
    await kafka.java.createTopic({ topic, partitions: 3 })
    const deliveries = await sent

    expectAllDelivered(records, deliveries)
    expectOrderKept(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })

  it('does not hold up the records of other topics', async () => {
    const known = await kafka.topic(3)
    const later = `${known}-later`
    const records = recordsFor(known).flatMap((record) => [{ ...record, topic: later }, record])
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })

    const deliveries$ = from(records).pipe(sendPlain(kafkarx), share())
    const all = lastValueFrom(deliveries$.pipe(toArray()))
    const ofKnown = await firstValueFrom(deliveries$.pipe(bufferCount(records.length / 2)))
    await kafka.java.createTopic({ topic: later, partitions: 2 })

    expect(new Set(ofKnown.map(({ context }) => context.topic))).toEqual(new Set([known]))
    expectAllDelivered(records, await all)
    await expectReadBack(kafka, known, await all)
    await expectReadBack(kafka, later, await all)
  })
})
