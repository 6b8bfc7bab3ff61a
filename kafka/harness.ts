import type { PartitionDigest } from './digest'
import { startJvm } from './jvm'
import { lineSplitter } from './lines'
import { operations } from './operations'
import type { Ask, Operations } from './operations'

export interface ReadHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record as Kafka's own consumer gave it. */
export interface ReadRecord {
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly ReadHeader[]
}

export interface JavaRecord {
  readonly key?: Uint8Array | null
  readonly value?: Uint8Array | null
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  readonly timestamp?: number
  readonly partition?: number
}

export interface JavaDelivery {
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
}

export interface TopicOptions {
  readonly topic: string
  readonly partitions: number
  /** Of each partition; one unless told. */
  readonly replicas?: number
  readonly configs?: Readonly<Record<string, string>>
}

/** Records of one transaction, what a group has read by it, and how it ends. */
export interface JavaTransaction {
  readonly records: readonly JavaRecord[]
  readonly offsets?: {
    readonly group: string
    readonly next: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[]
  }
  readonly end: 'commit' | 'abort'
}

export interface GroupOptions {
  readonly topic: string
  readonly group: string
  /** They go on until they have seen so many records between them. */
  readonly count: number
  /** One unless told. */
  readonly members?: number
  readonly config?: Readonly<Record<string, string>>
}

/** What the members of a group came to. */
export interface GroupRead {
  /** How many partitions each member had, the fewest first. */
  readonly shares: readonly number[]
  readonly values: readonly string[]
}

/** Kafka's own clients, in one Java process that takes one command after another. */
export interface Harness extends Operations {
  /** Resolves when the leader of each partition answers: not before can a new topic be sent to without losing the order of sequence numbers. */
  createTopic(options: TopicOptions): Promise<void>
  deleteTopic(topic: string): Promise<void>
  /** All records from the beginning to the end that holds when reading starts; in order within a partition. */
  readBack(topic: string, isolation?: 'read_committed' | 'read_uncommitted'): Promise<readonly ReadRecord[]>
  /** The same without holding them. Resolves with their number. */
  readEach(topic: string, onRecord: (record: ReadRecord) => void): Promise<number>
  /** What each partition holds, hashed in Java: see kafka/digest.ts. */
  digest(topic: string): Promise<readonly PartitionDigest[]>
  /** The partitions that Java's own producer chooses. */
  partitionsOfKeys(keys: readonly Uint8Array[], count: number): Promise<readonly number[]>
  /** Sends with Java's own producer; `config` holds Kafka's names. */
  javaSend(topic: string, records: readonly JavaRecord[], config?: Readonly<Record<string, string>>): Promise<readonly JavaDelivery[]>
  /** One transaction after another with Java's transactional producer; the offsets that the records of each were given. */
  transact(topic: string, transactionalId: string, transactions: readonly JavaTransaction[]): Promise<readonly (readonly bigint[])[]>
  /** Reads with Java's consumers as members of one group; they share the partitions, commit and leave. */
  consume(options: GroupOptions): Promise<GroupRead>
  /** What a group has committed for a topic, by partition. */
  committed(group: string, topic: string): Promise<Readonly<Record<string, number>>>
  stop(): Promise<void>
}

interface Waiting {
  readonly onPart: (part: string) => void
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

type Line = readonly [number, string, number, string | null, string | null, readonly (string | null)[]]
type Answer = { readonly result: unknown } | { readonly error: string }

const base64 = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString('base64'))
const bytes = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'base64'))

const toHeaders = (flat: readonly (string | null)[]): readonly ReadHeader[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => ({ key: flat[2 * i] ?? '', value: bytes(flat[2 * i + 1] ?? null) }))

const toRecord = (line: string): ReadRecord => {
  const [partition, offset, timestamp, key, value, headers] = JSON.parse(line) as Line
  return { partition, offset: BigInt(offset), timestamp, key: bytes(key), value: bytes(value), headers: toHeaders(headers) }
}

const toJava = ({ key = null, value = null, headers = [], ...rest }: JavaRecord) => ({
  ...rest,
  key: base64(key),
  value: base64(value),
  headers: headers.map((header) => ({ key: header.key, value: base64(header.value) })),
})

type RawDigest = Omit<PartitionDigest, 'first' | 'last'> & { readonly first: number; readonly last: number }

const toDigest = (raw: RawDigest): PartitionDigest => ({ ...raw, first: BigInt(raw.first), last: BigInt(raw.last) })

/** Commands are answered strictly in order, so a queue is all the bookkeeping. */
const connect = async (bootstrap: string): Promise<{ readonly ask: Ask; readonly stop: () => Promise<void> }> => {
  const jvm = await startJvm({ main: 'Harness', programArguments: [bootstrap] })
  const waiting: Waiting[] = []
  const settle = ({ resolve, reject }: Waiting, answer: Answer) =>
    'error' in answer ? reject(new Error(answer.error)) : resolve(answer.result)
  const lines = lineSplitter((line) => {
    if (line.startsWith('[')) return waiting[0]?.onPart(line)
    const first = waiting.shift()
    if (first) settle(first, JSON.parse(line) as Answer)
  })
  jvm.child.stdout.on('data', (chunk: Buffer) => lines.write(chunk))
  let gone = false
  void jvm.ended.then(() => {
    gone = true
    for (const one of waiting.splice(0)) one.reject(new Error(`the Java harness has ended\n${jvm.complaint()}`))
  })
  const ask: Ask = (command, onPart = () => undefined) =>
    new Promise((resolve, reject) => {
      if (gone) return reject(new Error('the Java harness has ended'))
      waiting.push({ onPart, resolve, reject })
      jvm.child.stdin.write(`${JSON.stringify(command)}\n`)
    })
  return { ask, stop: () => jvm.stop() }
}

export const startHarness = async (bootstrap: string): Promise<Harness> => {
  const { ask, stop } = await connect(bootstrap)
  const read = async (onRecord: (record: ReadRecord) => void, command: Readonly<Record<string, unknown>>) =>
    (await ask({ command: 'readBack', ...command }, (part) => onRecord(toRecord(part)))) as number
  return {
    readEach: (topic, onRecord) => read(onRecord, { topic }),
    readBack: async (topic, isolation = 'read_uncommitted') => {
      const records: ReadRecord[] = []
      await read((record) => records.push(record), { topic, isolation })
      return records
    },
    createTopic: async (options) => void (await ask({ command: 'createTopic', ...options })),
    deleteTopic: async (topic) => void (await ask({ command: 'deleteTopic', topic })),
    digest: async (topic) => ((await ask({ command: 'digest', topic })) as readonly RawDigest[]).map(toDigest),
    partitionsOfKeys: async (keys, count) =>
      (await ask({ command: 'partitionsOfKeys', keys: keys.map(base64), count })) as readonly number[],
    javaSend: async (topic, records, config = {}) => {
      const sent = await ask({ command: 'send', topic, config, records: records.map(toJava) })
      return (sent as readonly (readonly [number, number, number])[]).map(([partition, offset, timestamp]) => ({
        partition,
        offset: BigInt(offset),
        timestamp,
      }))
    },
    ...transactionsAndGroups(ask),
    ...operations(ask),
    stop,
  }
}

const transactionsAndGroups = (ask: Ask): Pick<Harness, 'transact' | 'consume' | 'committed'> => ({
  transact: async (topic, transactionalId, transactions) => {
    const asked = transactions.map(({ records, ...rest }) => ({ ...rest, records: records.map(toJava) }))
    const sent = await ask({ command: 'transact', topic, transactionalId, transactions: asked })
    return (sent as readonly (readonly (readonly [number, number])[])[]).map((one) => one.map(([, offset]) => BigInt(offset)))
  },
  consume: async (options) => {
    const { shares, records } = (await ask({ command: 'consume', ...options })) as RawGroupRead
    return { shares, values: Object.values(records).map((value) => String(bytes(value))) }
  },
  committed: async (group, topic) => (await ask({ command: 'committed', group, topic })) as Readonly<Record<string, number>>,
})

interface RawGroupRead {
  readonly shares: readonly number[]
  readonly records: Readonly<Record<string, string>>
}
