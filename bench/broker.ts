import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from '../kafka/broker'
import { startHarness } from '../kafka/harness'
import type { Harness } from '../kafka/harness'
import { javaOnPath } from '../kafka/java'

/** In memory where the system offers it: a disk's moods are nobody's merit. */
const dataFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

const BROKER = {
  jvm: ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'],
  properties: { 'log.segment.delete.delay.ms': '1000', 'auto.create.topics.enable': 'false' },
}

export interface Grounds {
  readonly bootstrap: string
  readonly harness: Harness
  /** For what the clients read. */
  readonly folder: string
}

/** One real broker, for as long as `work` takes. */
export const withBroker = async <T>(work: (grounds: Grounds) => Promise<T>): Promise<T> => {
  const java = await javaOnPath()
  if (!java.ok) throw new Error(`the bench needs Java, for the broker: ${java.reason}`)
  const folder = await mkdtemp(join(tmpdir(), 'kafkarx-bench-'))
  const kafka = await startKafka({ ...BROKER, dataIn: dataFolder() })
  const harness = await startHarness(kafka.bootstrap)
  try {
    return await work({ bootstrap: kafka.bootstrap, harness, folder })
  } finally {
    await harness.stop()
    await kafka.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
