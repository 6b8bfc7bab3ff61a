import { join } from 'node:path'
import { install } from '../../../kafka/peers'
import { describeOnBoth } from './both'
import { succeed } from './program'

const KAFKAJS = install('kafkajs')

const PROGRAM = join(__dirname, 'programs', 'kafkajs.mjs')

interface Message {
  readonly key: string | null
  readonly value: string | null
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
}

interface Shown {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, readonly string[]])[]
}

interface GroupOutcome {
  readonly before: readonly Shown[]
  readonly between: readonly { readonly offset: number }[]
  readonly after: readonly Shown[]
  readonly ends: readonly { readonly high: string }[]
}

/** What a scenario of the program comes to. */
const kafkajs = async <T>(scenario: string, input: Readonly<Record<string, unknown>>): Promise<T> => {
  const folder = KAFKAJS.ok ? KAFKAJS.folder : ''
  return JSON.parse(await succeed(process.execPath, { args: [PROGRAM, folder, scenario, JSON.stringify(input)] })) as T
}

const numbered = (from: number, to: number): readonly Message[] =>
  Array.from({ length: to - from }, (_, i) => ({ key: `key-${from + i}`, value: String(from + i) }))

const numbers = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)

const valuesOf = (records: readonly Shown[]): readonly number[] => records.map(({ value }) => Number(value)).sort((a, b) => a - b)

describeOnBoth('kafkajs', KAFKAJS, (both) => {
  it.each([
    ['acks all', { acks: -1 }],
    ['acks 1', { acks: 1 }],
    ['acks 0', { acks: 0 }],
    ['gzip', { gzip: true }],
    ['idempotence', { idempotent: true }],
  ])('reads back what it has sent with %s', async (_, options) => {
    const topic = await both.topic(3)
    const { read } = await both.same((bootstrap) =>
      kafkajs<{ read: readonly Shown[] }>('records', {
        bootstrap,
        topic,
        group: `${topic}-group`,
        messages: numbered(0, 1000),
        ...options,
      }),
    )
    expect(valuesOf(read)).toEqual(numbers(0, 1000))
  })

  it('keeps nulls, headers of many values, and UTF-8', async () => {
    const topic = await both.topic()
    const messages: readonly Message[] = [
      { key: 'a', value: 'häöü€😀', headers: { one: 'ü', many: ['1', '2'] } },
      { key: null, value: 'no key' },
      { key: 'tombstone', value: null },
      { key: '', value: '' },
    ]
    const { read } = await both.same((bootstrap) =>
      kafkajs<{ read: readonly Shown[] }>('records', { bootstrap, topic, group: `${topic}-group`, messages }),
    )
    expect(read.map(({ key, value }) => ({ key, value }))).toEqual(messages.map(({ key, value }) => ({ key, value })))
    expect(read[0]?.headers).toEqual([
      ['one', ['ü']],
      ['many', ['1', '2']],
    ])
  })

  it('goes on in a group where it has committed', async () => {
    const topic = await both.topic(3)
    const { before, between, after, ends } = await both.same((bootstrap) =>
      kafkajs<GroupOutcome>('group', {
        ...{ bootstrap, topic, group: `${topic}-group` },
        ...{ first: numbered(0, 300), second: numbered(300, 400) },
      }),
    )
    expect(valuesOf(before)).toEqual(numbers(0, 300))
    expect(between.reduce((sum, { offset }) => sum + offset, 0)).toBe(300)
    expect(valuesOf(after)).toEqual(numbers(300, 400))
    expect(ends.reduce((sum, { high }) => sum + Number(high), 0)).toBe(400)
  })

  it('commits and aborts transactions with offsets of a group', async () => {
    const topic = await both.topic()
    const transactions = [
      { messages: numbered(0, 3), offset: '1', end: 'commit' },
      { messages: numbered(100, 102), offset: '7', end: 'abort' },
      { messages: numbered(3, 5), end: 'commit' },
    ]
    const { committed, read } = await both.same((bootstrap) =>
      kafkajs<{ committed: unknown; read: readonly Shown[] }>('transactions', {
        ...{ bootstrap, topic, group: `${topic}-group` },
        ...{ transactions, visible: 5 },
      }),
    )
    expect(committed).toEqual([{ partition: 0, offset: 1 }])
    expect(read.map(({ offset, value }) => [offset, Number(value)])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [7, 3],
      [8, 4],
    ])
  })

  it('creates a topic, adds partitions and deletes it', async () => {
    const topic = await both.topic()
    const outcome = await both.same((bootstrap) => kafkajs('admin', { bootstrap, topic: `${topic}-made` }))
    expect(outcome).toEqual({ created: true, again: false, partitions: [0, 1, 2, 3], isLeft: false })
  })
})
