// A program of a user of the built package, for any runtime: sends through the cluster in memory, in virtual time, over sockets, and to a real
// Kafka with every compression. A line of JSON for each step; see journey.ts.
import { createRequire } from 'node:module'
import process from 'node:process'
import { from, lastValueFrom, map, toArray } from 'rxjs'
import { producer } from '../../dist/esm/index.mjs'
import { testCluster, virtualTime } from '../../dist/esm/testing.mjs'

const [, , bootstrap = '', topic = '', count = ''] = process.argv
const numbers = Array.from({ length: Number(count) }, (_, i) => i)

/** @param {boolean} holds @param {string} otherwise */
const check = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise)
}

/**
 * @param {string} step
 * @param {() => Promise<void>} work
 */
const tried = async (step, work) => {
  try {
    await work()
    console.log(JSON.stringify({ step, ok: true }))
  } catch (error) {
    console.log(JSON.stringify({ step, ok: false, detail: String(error) }))
  }
}

/**
 * @param {import('../../dist/esm/index.mjs').ProducerConfig} config
 * @param {string} topic
 * @param {string} name
 */
const send = async (config, topic, name) => {
  const kafka = producer(config)
  const records$ = from(numbers).pipe(map((i) => ({ topic, key: `key ${i % 7}`, value: `${name} ${i}`, headers: { i: String(i) } })))
  const deliveries = await lastValueFrom(records$.pipe(kafka.send(), toArray()))
  const failed = deliveries.filter(({ type }) => type !== 'delivered')
  check(failed.length === 0, `${failed.length} failed: ${String(failed[0]?.error)}`)
  check(deliveries.length === numbers.length, `${deliveries.length} deliveries`)
  const { failed: unsettled, purged } = await lastValueFrom(kafka.close({ timeout: 10_000 }))
  check(unsettled + purged === 0, `close counted ${unsettled} failed, ${purged} purged`)
}

await tried('both module worlds share their classes', async () => {
  const required = createRequire(import.meta.url)('../../dist/cjs/index.js')
  check(required.producer === producer, 'two copies')
})

await tried('test cluster in memory', async () => {
  const cluster = testCluster({ brokers: 3, topics: { orders: 3 } })
  await send({ brokers: cluster.brokers, transport: cluster.transport }, 'orders', 'memory')
  check(cluster.records('orders').length === numbers.length, 'records are missing')
  await cluster.close()
})

await tried('an hour of virtual time', async () => {
  const time = virtualTime(1)
  const cluster = testCluster({ topics: { orders: 1 }, scheduler: time.scheduler })
  const kafka = producer({
    brokers: cluster.brokers,
    transport: cluster.transport,
    scheduler: time.scheduler,
    linger: 3_600_000,
    deliveryTimeout: 7_200_000,
  })
  const seen = []
  from(['a', 'b'])
    .pipe(kafka.to('orders'))
    .subscribe(({ type }) => seen.push(type))
  await time.settle()
  check(seen.join() === 'delivered,delivered', seen.join())
})

await tried('test cluster over sockets', async () => {
  const cluster = testCluster({ brokers: 3, topics: { orders: 3 } })
  await send({ brokers: await cluster.listen() }, 'orders', 'sockets')
  check(cluster.records('orders').length === numbers.length, 'records are missing')
  await cluster.close()
})

for (const compression of /** @type {const} */ (['none', 'gzip', 'snappy', 'lz4', 'zstd'])) {
  await tried(`real Kafka, ${compression}`, () => send({ brokers: [bootstrap], compression }, topic, compression))
}
