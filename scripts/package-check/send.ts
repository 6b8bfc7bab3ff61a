// A program of a stranger: sends records and ends with an error unless each was delivered. Compiled as an ES module in one
// project and as CommonJS in the other.
import { producer, string, json } from 'kafkarx'
import type { Delivery } from 'kafkarx'
import { messages, recordBatch } from 'kafkarx/protocol'
import { ProduceRequest } from 'kafkarx/protocol/messages/ProduceRequest'
import { range, toArray } from 'rxjs'

interface Order {
  readonly id: number
}

const [, , bootstrap = '', topic = '', count = ''] = process.argv
if (messages.ProduceRequest !== ProduceRequest) throw new Error('two copies of one message')
if (typeof recordBatch.encode !== 'function') throw new Error('kafkarx/protocol has no recordBatch')

const kafka = producer({ brokers: [bootstrap] })
const records = range(0, Number(count))

function report(deliveries: readonly Delivery<unknown>[]): void {
  const failed = deliveries.filter(({ type }) => type !== 'delivered')
  console.log(`${String(deliveries.length)} deliveries, ${String(failed.length)} failed`)
  if (deliveries.length !== Number(count) || failed.length > 0) process.exitCode = 1
}

records
  .pipe(kafka.to(topic, { key: (id) => string()(String(id), []) as Uint8Array, value: (id) => json<Order>()({ id }, []) }), toArray())
  .subscribe({
    next: report,
    complete: () => kafka.close({ timeout: 10_000 }).subscribe(),
  })
