import { lastValueFrom, of, toArray } from 'rxjs'
import { producer } from '../../lib/producer'
import { startHarness } from '../../kafka/harness'
import { wireTap } from '../../spec/integration/wire-tap'

const TOPIC = 'versions-chosen'

/** The versions in which a producer speaks to this broker, by api, in the order in which it first asks for each. */
export const chosenVersions = async (bootstrap: string): Promise<Readonly<Record<string, number>>> => {
  const java = await startHarness(bootstrap)
  await java.createTopic({ topic: TOPIC, partitions: 1 }).finally(() => java.stop())
  const tap = wireTap()
  const chosen: Record<string, number> = {}
  // ApiVersions is asked for at the newest version first, whatever the broker speaks: the last counts.
  tap.requests$.subscribe(({ api, version }) => (chosen[api] = version))
  const kafka = producer({ brokers: [bootstrap], transport: tap.transport })
  const [delivery] = await lastValueFrom(of('a record').pipe(kafka.to(TOPIC), toArray()))
  await lastValueFrom(kafka.close())
  if (delivery?.type !== 'delivered') throw new Error(`the first record was not delivered: ${JSON.stringify(delivery)}`)
  return chosen
}
