import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { saysLine, startJvm } from './jvm'
import type { Jvm } from './jvm'

/** One process of a Kafka cluster: a broker, a controller, or both. */
export interface NodeOptions {
  /** What its server.properties holds; `log.dirs` is added. */
  readonly properties: Readonly<Record<string, string>>
  /** Everything that it writes. Its disk is formatted when that has not been done. */
  readonly folder: string
  readonly clusterId: string
  /** SCRAM credentials that are there from the beginning, as Kafka's `format --add-scram` takes them. */
  readonly scram?: readonly string[]
  readonly jvm?: readonly string[]
  /** What it warns of, a line at a time. */
  readonly onLine?: (line: string) => void
}

const lines = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** As Kafka writes one. Its tools take what begins with a dash for an option. */
export const newClusterId = (): string => {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? newClusterId() : id
}

/** Resolves when it answers, and with undefined when another program took one of its ports first. */
export const startNode = async ({ properties, folder, clusterId, scram = [], jvm, onLine }: NodeOptions): Promise<Jvm | undefined> => {
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'server.properties')
  await writeFile(file, lines({ 'log.dirs': join(folder, 'log'), ...properties }))
  const format = ['--cluster-id', clusterId, ...scram.flatMap((one) => ['--add-scram', one])]
  const options = { ...(jvm && { jvm }), ...(onLine && { onError: onLine }) }
  const node = await startJvm({ main: 'Broker', programArguments: [file, folder, ...format], ...options })
  if (await saysLine(node, 'READY')) return node
  await node.stop()
  if (/BindException|Address already in use/.test(node.complaint())) return undefined
  throw new Error(`Kafka did not start:\n${node.complaint()}`)
}
