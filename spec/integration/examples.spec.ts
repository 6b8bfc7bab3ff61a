import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concat, from, interval, lastValueFrom, mergeAll, mergeMap, NEVER, of, take, toArray } from 'rxjs'
import type { Observable } from 'rxjs'
import { batchesPerFile, intoFile, readClicks } from '../../examples/batches-to-file'
import { changesAfter, replicate } from '../../examples/change-feed'
import { invoice } from '../../examples/consume-transform-produce'
import { withDeadLetters } from '../../examples/dead-letter'
import { followLatest } from '../../examples/latest-wins'
import { listTopics } from '../../examples/list-topics'
import { surveyAll } from '../../examples/merged-sources'
import { fastFeed, sendPaced } from '../../examples/paced-by-demand'
import { perTenant } from '../../examples/tenants'
import { recordBatch } from '../../lib/entries/protocol'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import { producer } from '../../lib/index'
import type { Producer } from '../../lib/index'
import { openRaw } from './raw-connection'
import { describeWithKafka } from './support'

/** The topics are named by the examples; nobody else uses them on the broker of one run. */
const TOPICS = {
  ...{ orders: 3, 'orders.dead': 1, 'events.acme': 3, 'events.globex': 3, temperatures: 3, pressures: 3 },
  ...{ quotes: 1, lines: 3, changes: 3, invoices: 3 },
}

const PRODUCE = { request: ProduceRequest, response: ProduceResponse }
/** By topic name: later versions take ids. */
const PRODUCE_VERSION = 9

const all = <T>(source$: Observable<T>): Promise<T[]> => lastValueFrom(source$.pipe(toArray()))

describeWithKafka('examples on a real Kafka', (kafka) => {
  let sending: Producer

  beforeAll(async () => {
    for (const [topic, partitions] of Object.entries(TOPICS)) await kafka.java.createTopic({ topic, partitions })
    // maxBlock: how long it takes until a topic that there is not is given up.
    sending = producer({ brokers: [kafka.bootstrap], maxBlock: 2_000, bufferMemory: 1_000_000 })
  })
  afterAll(() => lastValueFrom(sending.close()))

  const textsIn = async (topic: string): Promise<readonly string[]> =>
    (await kafka.java.readBack(topic)).map(({ value }) => value?.toString() ?? '')

  const jsonIn = async (topic: string): Promise<readonly unknown[]> => (await textsIn(topic)).map((text) => JSON.parse(text) as unknown)

  it('list-topics names the topics that are there', async () => {
    const made = [await kafka.topic(), await kafka.topic(3)]
    const [host = '', port] = kafka.bootstrap.split(':')
    expect(await listTopics(host, Number(port))).toEqual(expect.arrayContaining(made))
  })

  it('dead-letter sends each order once, or its dead letter', async () => {
    const outcomes = await all(withDeadLetters(of({ id: 'a', amount: 1 }, { id: 'b', amount: 2n }), sending))
    expect(outcomes.map(({ type }) => type)).toEqual(['delivered', 'delivered'])
    expect(await jsonIn('orders')).toEqual([{ id: 'a', amount: 1 }])
    expect(await textsIn('orders.dead')).toEqual(['order b, amount 2'])
  })

  it('tenants fails those of the tenant that has no topic, and nobody else', async () => {
    const events = ['acme', 'hooli', 'globex', 'acme'].map((tenant, i) => ({ tenant, user: 'ann', action: String(i) }))
    const lines = await all(perTenant(from(events), sending))
    expect([...lines].sort()).toEqual([
      'acme: ann 0: delivered',
      'acme: ann 3: delivered',
      'globex: ann 2: delivered',
      'hooli: ann 1: failed',
    ])
    expect(await jsonIn('events.acme')).toEqual([events[0], events[3]])
    expect(await jsonIn('events.globex')).toEqual([events[2]])
  })

  it('merged-sources reports each source', async () => {
    const reading = (value: number) => ({ device: 'boiler', value })
    const reports = await all(surveyAll({ temperatures: of(reading(71), reading(72)), pressures: of(reading(2)) }, sending))
    expect(reports).toEqual(
      expect.arrayContaining([
        { topic: 'temperatures', delivered: 2, failed: 0 },
        { topic: 'pressures', delivered: 1, failed: 0 },
      ]),
    )
    expect(await jsonIn('temperatures')).toEqual([reading(71), reading(72)])
    expect(await jsonIn('pressures')).toEqual([reading(2)])
  })

  it('latest-wins with detach delivers what was accepted of every choice', async () => {
    const quotesOf = (symbol: string) => concat(of({ symbol, price: 100 }), NEVER)
    const latest$ = followLatest(concat(of('ACME', 'GLOBEX'), NEVER), quotesOf, sending, 'detach')
    expect(await all(latest$.pipe(take(1)))).toEqual(['GLOBEX at 100 delivered'])
    expect(await jsonIn('quotes')).toEqual([
      { symbol: 'ACME', price: 100 },
      { symbol: 'GLOBEX', price: 100 },
    ])
  })

  it('paced-by-demand delivers every line of a feed that is faster than its memory is large', async () => {
    const feed = fastFeed(10_000, (work) => interval(1).subscribe(work))
    const deliveries = await all(sendPaced(feed, sending, 250_000))
    expect(deliveries.filter(({ type }) => type !== 'delivered')).toEqual([])
    expect(new Set(await textsIn('lines'))).toEqual(new Set(deliveries.map(({ context }) => context)))
    expect(deliveries).toHaveLength(10_000)
  })

  it('change-feed goes on where it came to', async () => {
    const table = Array.from({ length: 10 }, (_, i) => ({ position: i + 1, id: `row-${String(i % 2)}`, row: { n: i + 1 } }))
    const pageAfter = (after: number) => Promise.resolve(table.filter(({ position }) => position > after).slice(0, 3))
    let saved = 0
    const bookmark = { load: () => saved, save: (position: number) => void (saved = position) }
    const positions$ = replicate((after) => changesAfter(after, pageAfter), bookmark, sending)
    await all(positions$.pipe(take(4)))
    expect(saved).toBe(4)
    expect(await all(positions$)).toEqual([5, 6, 7, 8, 9, 10])
    // What was on its way when the first run was left is there twice, and nothing is missing.
    expect(new Set((await jsonIn('changes')).map((row) => (row as { n: number }).n))).toEqual(
      new Set(table.map(({ position }) => position)),
    )
  })

  it('consume-transform-produce commits everything that is in Kafka, or was not worth it', async () => {
    const consumed = [70, 0, 30].map((amount, i) => ({ partition: 0, offset: BigInt(i), order: { customer: `c${String(i)}`, amount } }))
    const commits: bigint[] = []
    const commit = (_partition: number, next: bigint) => void commits.push(next)
    await all(invoice({ orders$: from(consumed), commit }, sending))
    expect(commits).toEqual([1n, 2n, 3n])
    expect(new Set((await jsonIn('invoices')).map((order) => (order as { customer: string }).customer))).toEqual(new Set(['c0', 'c2']))
  })

  it('batches-to-file writes files whose batches the broker takes as they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kafkarx-example-'))
    const path = join(folder, 'clicks-2.batches')
    const clicks = Array.from({ length: 300 }, (_, i) => ({ user: 'ann', page: `/page/${String(i)}` }))
    await all(batchesPerFile(from(clicks)).pipe(mergeMap((batches$) => batches$.pipe(mergeAll(), intoFile(path)))))
    expect(readClicks(path)).toEqual(clicks)

    const topic = await kafka.topic()
    using raw = await openRaw(kafka)
    for (const records of batchesIn(readFileSync(path))) {
      const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }]
      const { responses } = await raw.ask(PRODUCE, { acks: -1, timeoutMs: 10_000, topicData }, PRODUCE_VERSION)
      expect(responses[0]?.partitionResponses).toMatchObject([{ errorCode: 0 }])
    }
    expect(await jsonIn(topic)).toEqual(clicks)
    rmSync(folder, { recursive: true })
  })
})

function batchesIn(file: Uint8Array): readonly Uint8Array[] {
  let at = 0
  return [...recordBatch.decodeAll(file)].map(({ size }) => file.subarray(at, (at += size)))
}
