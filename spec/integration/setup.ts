import { startKafka } from '../../kafka/broker'
import { javaOnPath } from '../../kafka/java'
import { BOOTSTRAP, keepBroker, WITHOUT_KAFKA } from './shared-broker'

const withoutKafka = (reason: string): void => {
  if (process.env['KAFKARX_REQUIRE_JAVA']) throw new Error(`integration specs cannot run: ${reason}`)
  process.env[WITHOUT_KAFKA] = reason
  process.stderr.write(`\nintegration specs are SKIPPED: ${reason}\n`)
}

/** host:port of a Kafka that runs already, and makes no topics by itself: the specs take it as it is, and nobody ends it. */
const GIVEN = 'KAFKARX_KAFKA'

// Jest takes the default export and nothing else.
export default async function startOneBroker(): Promise<void> {
  const java = await javaOnPath()
  if (!java.ok) return withoutKafka(java.reason)
  const given = process.env[GIVEN]
  if (given !== undefined) return void (process.env[BOOTSTRAP] = given)
  // Nothing is deleted or compacted behind our back, be its timestamps of long ago: when that happens depends on how long the specs take.
  const untouched = { 'log.retention.hours': '-1', 'log.cleaner.backoff.ms': '86400000' }
  const kafka = await startKafka({ properties: { 'auto.create.topics.enable': 'false', ...untouched } })
  keepBroker(kafka)
  process.env[BOOTSTRAP] = kafka.bootstrap
}
