import { join } from 'node:path'
import { install, nodeIn } from '../../../kafka/peers'
import type { Installed } from '../../../kafka/peers'
import { describeOnBoth } from './both'
import { succeed } from './program'

/** It wants a Node that is newer than the oldest of ours. */
const NODE = install('node')
const INSTALLED = install('platformatic')
const PRESENT: Installed = NODE.ok ? INSTALLED : NODE

const PROGRAM = join(__dirname, 'programs', 'platformatic.mjs')

interface Message {
  readonly key?: string
  readonly value?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Shown {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string])[]
}

interface Consumed {
  readonly records: readonly Shown[]
  readonly committed: readonly { readonly partition: number; readonly offset: number }[]
}

/** What a scenario of the program comes to. */
const platformatic = async <T>(scenario: string, input: Readonly<Record<string, unknown>>): Promise<T> => {
  const [node, folder] = [NODE.ok ? nodeIn(NODE.folder) : '', INSTALLED.ok ? INSTALLED.folder : '']
  return JSON.parse(await succeed(node, { args: [PROGRAM, folder, scenario, JSON.stringify(input)] })) as T
}

const numbered = (from: number, to: number): readonly Message[] =>
  Array.from({ length: to - from }, (_, i) => ({ key: `key-${from + i}`, value: String(from + i) }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

const valuesOf = (records: readonly Shown[]): readonly number[] => records.map(({ value }) => Number(value)).sort((a, b) => a - b)

describeOnBoth('@platformatic/kafka', PRESENT, (both) => {
  it.each([
    ['acks all', { acks: -1 }],
    ['acks 1', { acks: 1 }],
    ['acks 0', { acks: 0 }],
    ['gzip', { compression: 'gzip' }],
    ['snappy', { compression: 'snappy' }],
    ['lz4', { compression: 'lz4' }],
    ['zstd', { compression: 'zstd' }],
    ['idempotence', { idempotent: true }],
  ])('reads back what it has sent with %s', async (_, options) => {
    const topic = await both.topic(3)
    const { read } = await both.same((bootstrap) =>
      platformatic<{ read: readonly Shown[] }>('records', {
        ...{ bootstrap, topic, group: `${topic}-group` },
        ...{ messages: numbered(0, 1000), ...options },
      }),
    )
    expect(valuesOf(read)).toEqual(numbers(0, 1000))
  })

  it('keeps nulls, headers and UTF-8', async () => {
    const topic = await both.topic()
    const messages: readonly Message[] = [
      { key: 'a', value: 'häöü€😀', headers: { one: 'ü', two: '' } },
      { value: 'no key' },
      { key: 'tombstone' },
    ]
    const { read } = await both.same((bootstrap) =>
      platformatic<{ read: readonly Shown[] }>('records', { bootstrap, topic, group: `${topic}-group`, messages }),
    )
    expect(read.map(({ key, value }) => [key, value])).toEqual([
      ['a', 'häöü€😀'],
      [null, 'no key'],
      ['tombstone', null],
    ])
    expect(read[0]?.headers).toEqual([
      ['one', 'ü'],
      ['two', ''],
    ])
  })

  it('goes on in a group where it has committed', async () => {
    const topic = await both.topic(3)
    const { before, after } = await both.same((bootstrap) =>
      platformatic<{ before: Consumed; after: Consumed }>('group', {
        ...{ bootstrap, topic, group: `${topic}-group` },
        ...{ first: numbered(0, 300), second: numbered(300, 400) },
      }),
    )
    expect(valuesOf(before.records)).toEqual(numbers(0, 300))
    expect(valuesOf(after.records)).toEqual(numbers(300, 400))
    expect(after.committed.reduce((sum, { offset }) => sum + offset, 0)).toBe(400)
  })

  it('commits and aborts transactions', async () => {
    const topic = await both.topic()
    const transactions = [
      { messages: numbered(0, 3), end: 'commit' },
      { messages: numbered(100, 102), end: 'abort' },
      { messages: numbered(3, 5), end: 'commit' },
    ]
    const read = await both.same((bootstrap) =>
      platformatic<readonly Shown[]>('transactions', { bootstrap, topic, group: `${topic}-group`, transactions, visible: 5 }),
    )
    expect(read.map(({ value }) => Number(value))).toEqual(numbers(0, 5))
  })

  it('creates a topic and deletes it', async () => {
    const topic = `${await both.topic()}-made`
    const outcome = await both.same((bootstrap) => platformatic('admin', { bootstrap, topic }))
    expect(outcome).toEqual({ created: [{ name: topic, partitions: 2, replicas: 1 }], partitions: 2, isLeft: false })
  })
})
