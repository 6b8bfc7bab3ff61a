import { from, lastValueFrom, Subject, tap, timeout } from 'rxjs'
import { producer } from '../../lib/producer'
import type { Producer } from '../../lib/producer'
import type { ProducerEvent } from '../../lib/events'
import type { Delivery } from '../../lib/record'
import { codesOf, expectAllDelivered, expectEachSettledOnce, expectReadBack, sendAll, sendPlain } from './records'
import type { Plain } from './records'
import { describeWithKafka } from './support'
import { wireTap } from './wire-tap'

/** Far longer than anything takes here: what waits for it misses its limit. */
const LONG_LINGER = { linger: 20_000 }
const LIMIT_MS = 8000

const recordsFor = (topic: string, count = 100): Plain[] =>
  Array.from({ length: count }, (_, i) => ({ topic, key: `k${i}`, value: `${i}` }))

/** A source that is still open: `push` hands records over, `deliveries` fills. */
const openStream = (kafkarx: Producer) => {
  const source$ = new Subject<Plain>()
  const deliveries: Delivery<Plain>[] = []
  const subscription = source$.pipe(sendPlain(kafkarx)).subscribe((delivery) => deliveries.push(delivery))
  const push = (records: readonly Plain[]): void => records.forEach((record) => source$.next(record))
  return { push, deliveries, complete: () => source$.complete(), unsubscribe: () => subscription.unsubscribe() }
}

/** Flushing gives no value; it is over when it completes. */
const flushed = (kafkarx: Producer): Promise<void> => lastValueFrom(kafkarx.flush().pipe(timeout(LIMIT_MS)), { defaultValue: undefined })

describeWithKafka('flush', (kafka) => {
  it('completes when everything accepted so far is in the log, long before linger', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    await lastValueFrom(kafkarx.partitionsFor(topic))
    const stream = openStream(kafkarx)

    stream.push(records)
    await flushed(kafkarx)

    expectAllDelivered(records, stream.deliveries)
    await expectReadBack(kafka, topic, stream.deliveries)
    stream.complete()
  })

  it('hurries also the records that still waited for their topic when it was called', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    const stream = openStream(kafkarx)

    stream.push(records)
    await flushed(kafkarx)

    expectAllDelivered(records, stream.deliveries)
    await expectReadBack(kafka, topic, stream.deliveries)
    stream.complete()
  })

  it('does not wait for records that come after it', async () => {
    const topic = await kafka.topic(3)
    const later = `${topic}-later`
    const [before, after] = [recordsFor(topic), recordsFor(later)]
    await using kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    await lastValueFrom(kafkarx.partitionsFor(topic))
    const stream = openStream(kafkarx)

    stream.push(before)
    const over = flushed(kafkarx)
    stream.push(after)
    await over

    expectAllDelivered(before, stream.deliveries)
    await kafka.java.createTopic({ topic: later, partitions: 2 })
    await lastValueFrom(kafkarx.partitionsFor(later))
    await flushed(kafkarx)
    expectAllDelivered([...before, ...after], stream.deliveries)
    for (const each of [topic, later]) await expectReadBack(kafka, each, stream.deliveries)
    stream.complete()
  })

  it('completes at once when there is nothing to wait for', async () => {
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })
    await flushed(kafkarx)
    await flushed(kafkarx)
  })
})

describeWithKafka('a stream', (kafka) => {
  it('completes with its source, and does not wait for linger', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })

    const deliveries = await sendAll(kafkarx, records)

    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })

  it('that is left delivers what it had accepted, and reports it as events', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })
    const events: ProducerEvent[] = []
    kafkarx.events$.subscribe((event) => events.push(event))
    const stream = openStream(kafkarx)

    stream.push(records)
    stream.unsubscribe()
    await lastValueFrom(kafkarx.close())

    expect(stream.deliveries).toEqual([])
    const orphaned = events.flatMap((event) => (event.type === 'orphaned' ? [event.delivery as Delivery<Plain>] : []))
    expectAllDelivered(records, orphaned)
    await expectReadBack(kafka, topic, orphaned)
  })

  it('ends with the error of its source, after the deliveries of all records before it', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    const failure = new Error('of the source')
    await using kafkarx = producer({ brokers: [kafka.bootstrap] })
    const deliveries: Delivery<Plain>[] = []
    const source$ = new Subject<Plain>()

    const sent = lastValueFrom(
      source$.pipe(
        sendPlain(kafkarx),
        tap((delivery) => deliveries.push(delivery)),
      ),
    )
    records.forEach((record) => source$.next(record))
    source$.error(failure)

    await expect(sent).rejects.toBe(failure)
    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })
})

describeWithKafka('close', (kafka) => {
  it('sends what lingers, and reports what became of it', async () => {
    const topic = await kafka.topic(3)
    const [before, lingering] = [recordsFor(topic), recordsFor(topic)]
    const kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    await sendAll(kafkarx, before)
    const stream = openStream(kafkarx)
    stream.push(lingering)

    const report = await lastValueFrom(kafkarx.close({ timeout: LIMIT_MS }))

    expect(report).toEqual({ delivered: lingering.length, failed: 0, purged: 0 })
    expectAllDelivered(lingering, stream.deliveries)
    expect(await lastValueFrom(kafkarx.close())).toEqual(report)
  })

  it('sends also what still waits for its topic', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    const kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    const stream = openStream(kafkarx)
    stream.push(records)

    const report = await lastValueFrom(kafkarx.close({ timeout: LIMIT_MS }))

    expect(report).toEqual({ delivered: records.length, failed: 0, purged: 0 })
    await expectReadBack(kafka, topic, stream.deliveries)
  })

  it('gives up after its timeout what has no topic, delivers the rest, and reports both', async () => {
    const topic = await kafka.topic(3)
    const healthy = recordsFor(topic)
    const waiting = recordsFor(`${topic}-unknown`, 10)
    const tooLarge = [{ topic, value: Buffer.alloc(2_000_000) }]
    const kafkarx = producer({ brokers: [kafka.bootstrap], ...LONG_LINGER })
    await lastValueFrom(kafkarx.partitionsFor(topic))
    const stream = openStream(kafkarx)
    const records = [...waiting, ...healthy]
    stream.push([...tooLarge, ...records])

    const report = await lastValueFrom(kafkarx.close({ timeout: 1000 }))

    expect(report).toEqual({ delivered: healthy.length, failed: 0, purged: waiting.length })
    expectEachSettledOnce([...tooLarge, ...records], stream.deliveries)
    expect(codesOf(stream.deliveries)).toEqual(['RECORD_TOO_LARGE', ...waiting.map(() => 'PRODUCER_CLOSED')])
    await expectReadBack(kafka, topic, stream.deliveries)
  })

  it('refuses every later record by PRODUCER_CLOSED', async () => {
    const topic = await kafka.topic(3)
    const [before, after] = [recordsFor(topic), recordsFor(topic)]
    const kafkarx = producer({ brokers: [kafka.bootstrap] })
    const accepted = await sendAll(kafkarx, before)
    await lastValueFrom(kafkarx.close())

    const refused = await sendAll(kafkarx, after)

    expectEachSettledOnce(after, refused)
    expect(codesOf(refused)).toEqual(after.map(() => 'PRODUCER_CLOSED'))
    await expectReadBack(kafka, topic, accepted)
  })

  it('leaves no connection open', async () => {
    const topic = await kafka.topic(3)
    const wire = wireTap()
    const kafkarx = producer({ brokers: [kafka.bootstrap], transport: wire.transport })
    await sendAll(kafkarx, recordsFor(topic))
    expect(wire.openConnections).toBe(1)

    await lastValueFrom(kafkarx.close())

    expect(wire.openConnections).toBe(0)
  })

  it('by the end of its scope waits for all of it', async () => {
    const topic = await kafka.topic(3)
    const records = recordsFor(topic)
    const deliveries: Delivery<Plain>[] = []
    {
      await using kafkarx = producer({ brokers: [kafka.bootstrap] })
      from(records)
        .pipe(sendPlain(kafkarx))
        .subscribe((delivery) => deliveries.push(delivery))
    }
    expectAllDelivered(records, deliveries)
    await expectReadBack(kafka, topic, deliveries)
  })
})
