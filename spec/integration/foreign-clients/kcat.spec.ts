import { describeOnBoth } from './both'
import { onPath, run, succeed } from './program'

const KCAT = onPath('kcat', '-V', 'on Debian: apt-get install kcat')

/** A record as kcat shows it, less what a clock or a broker's number decides. */
interface Shown {
  readonly partition: number
  readonly offset: number
  readonly tstype: string
  readonly headers?: readonly string[]
  readonly key: string | null
  readonly payload: string | null
}

const toShown = (line: string): Shown => {
  const { partition, offset, tstype, headers, key, payload } = JSON.parse(line) as Shown
  return { partition, offset, tstype, ...(headers && { headers }), key, payload }
}

const toRecords = (text: string): readonly Shown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(toShown)
    .sort((a, b) => a.partition - b.partition || a.offset - b.offset)

const payloads = (records: readonly Shown[]) => records.map(({ payload }) => payload)

const kcat = (bootstrap: string, args: readonly string[], input = ''): Promise<string> =>
  succeed('kcat', { args: ['-b', bootstrap, ...args], input })

const produce = (bootstrap: string, topic: string, lines: readonly string[], ...options: readonly string[]): Promise<string> =>
  kcat(bootstrap, ['-P', '-t', topic, '-K:', ...options], lines.map((line) => `${line}\n`).join(''))

/** Everything that is there. */
const consume = async (bootstrap: string, topic: string, ...options: readonly string[]): Promise<readonly Shown[]> =>
  toRecords(await kcat(bootstrap, ['-C', '-t', topic, '-J', '-e', '-q', '-o', 'beginning', ...options]))

/** What a member of a consumer group is given until it has read everything; it commits when it leaves. */
const consumeInGroup = async (bootstrap: string, topic: string, group: string): Promise<readonly Shown[]> =>
  toRecords(await kcat(bootstrap, ['-G', group, '-J', '-e', '-q', '-X', 'auto.offset.reset=earliest', topic]))

const keyed = (from: number, to: number): readonly string[] => Array.from({ length: to - from }, (_, i) => `key-${from + i}:${from + i}`)

describeOnBoth('kcat', KCAT, (both) => {
  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('reads back what it has sent with compression %s', async (compression) => {
    const topic = await both.topic(3)
    const records = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, keyed(0, 2000), '-z', compression)
      return consume(bootstrap, topic)
    })
    expect(records.map(({ key, payload }) => `${key}:${payload}`).sort()).toEqual([...keyed(0, 2000)].sort())
  })

  it('keeps nulls, empty keys, headers in order, and UTF-8', async () => {
    const topic = await both.topic()
    const records = await both.same(async (bootstrap) => {
      await produce(
        bootstrap,
        topic,
        ['a:1', 'tombstone:', ':no key', 'ü€😀:häöü'],
        '-Z',
        '-H',
        'h=1',
        '-H',
        'empty=',
        '-H',
        'null',
        '-H',
        'h=2',
      )
      return consume(bootstrap, topic)
    })
    expect(records.map(({ offset, key, payload }) => [offset, key, payload])).toEqual([
      [0, 'a', '1'],
      [1, 'tombstone', null],
      [2, null, 'no key'],
      [3, 'ü€😀', 'häöü'],
    ])
    expect(records[0]?.headers).toEqual(['h', '1', 'empty', '', 'null', null, 'h', '2'])
  })

  it.each(['0', '1', 'all'])('is acknowledged with acks %s', async (acks) => {
    const topic = await both.topic()
    const records = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, keyed(0, 500), '-X', `acks=${acks}`)
      return consume(bootstrap, topic)
    })
    expect(records).toHaveLength(500)
  })

  it('sends as an idempotent producer', async () => {
    const topic = await both.topic(3)
    const records = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, keyed(0, 5000), '-X', 'enable.idempotence=true', '-X', 'batch.num.messages=100')
      return consume(bootstrap, topic)
    })
    expect(records).toHaveLength(5000)
  })

  it('goes on in a consumer group where it has committed', async () => {
    const topic = await both.topic(3)
    const [first, nothing, second] = await both.same(async (bootstrap) => {
      const group = `${topic}-group`
      await produce(bootstrap, topic, keyed(0, 100))
      const before = await consumeInGroup(bootstrap, topic, group)
      const between = await consumeInGroup(bootstrap, topic, group)
      await produce(bootstrap, topic, keyed(100, 150))
      return [before, between, await consumeInGroup(bootstrap, topic, group)] as const
    })
    expect([first.length, nothing.length, second.length]).toEqual([100, 0, 50])
    expect(
      payloads(second)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 50 }, (_, i) => 100 + i))
  })

  it('sends in transactions, whose markers take an offset each', async () => {
    const topic = await both.topic()
    const [committed, all] = await both.same(async (bootstrap) => {
      const transactional = ['-X', `transactional.id=${topic}`]
      await produce(bootstrap, topic, ['a:1', 'b:2'], ...transactional)
      await produce(bootstrap, topic, ['c:3'], ...transactional)
      const consumed = (isolation: string) => consume(bootstrap, topic, '-X', `isolation.level=read_${isolation}`)
      return [await consumed('committed'), await consumed('uncommitted')] as const
    })
    expect(committed.map(({ offset, payload }) => [offset, payload])).toEqual([
      [0, '1'],
      [1, '2'],
      [3, '3'],
    ])
    expect(all).toEqual(committed)
  })

  it('asks for offsets by time, and for the ends', async () => {
    const topic = await both.topic()
    const offsets = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, keyed(0, 10))
      const at = (time: string): Promise<string> => kcat(bootstrap, ['-Q', '-t', `${topic}:0:${time}`])
      const found = [await at('-2'), await at('-1'), await at('0'), await at('9999999999999')]
      return found.map((line) => line.replace(topic, 'topic').trim())
    })
    expect(offsets).toEqual(['topic [0] offset 0', 'topic [0] offset 10', 'topic [0] offset 0', expect.stringMatching(/offset (-1|10)$/)])
  })

  it('reads from the middle and from the end backwards', async () => {
    const topic = await both.topic()
    const [middle, last] = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, keyed(0, 10))
      const from = async (offset: string) => toRecords(await kcat(bootstrap, ['-C', '-t', topic, '-J', '-e', '-q', '-o', offset]))
      return [await from('7'), await from('-2')] as const
    })
    expect([payloads(middle), payloads(last)]).toEqual([
      ['7', '8', '9'],
      ['8', '9'],
    ])
  })

  it('lists the topic with its partitions and leaders', async () => {
    const topic = await both.topic(3)
    const listed = await both.same(async (bootstrap) => {
      const metadata = JSON.parse(await kcat(bootstrap, ['-L', '-J', '-t', topic])) as Listed
      const brokers = new Set(metadata.brokers.map(({ id }) => id))
      return metadata.topics.map(({ partitions, ...rest }) => ({
        ...rest,
        partitions: partitions.map(({ partition, leader }) => ({ partition, led: brokers.has(leader) })),
      }))
    })
    expect(listed).toEqual([{ topic, partitions: [0, 1, 2].map((partition) => ({ partition, led: true })) }])
  })

  it('is told that a topic does not exist', async () => {
    const said = await both.same(async (bootstrap) => {
      const { code, stderr } = await run('kcat', { args: ['-b', bootstrap, '-C', '-t', 'nowhere', '-e', '-q'] })
      return { code, unknown: /Unknown topic or partition/.test(stderr) }
    })
    expect(said).toEqual({ code: 1, unknown: true })
  })
})

interface Listed {
  readonly brokers: readonly { readonly id: number }[]
  readonly topics: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly leader: number }[]
  }[]
}
