import { toolsClassPath } from '../../../kafka/jars'
import { describeOnBoth } from './both'
import { succeed } from './program'

const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xmx256m', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']

const tool = async (main: string, args: readonly string[], input = ''): Promise<string> =>
  succeed('java', { args: [...JVM, '-cp', await toolsClassPath(), `org.apache.kafka.tools.${main}`, ...args], input })

const properties = (kind: 'reader' | 'formatter' | 'command', values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => [`--${kind}-property`, `${name}=${value}`])

/** Unless told, it lingers for a second. */
const AT_ONCE = ['--timeout', '5']

const READER = properties('reader', { 'parse.key': 'true', 'parse.headers': 'true', 'null.marker': 'NULL' })

const produce = (bootstrap: string, topic: string, lines: readonly string[], ...options: readonly string[]): Promise<string> =>
  tool(
    'ConsoleProducer',
    ['--bootstrap-server', bootstrap, '--topic', topic, ...AT_ONCE, ...READER, ...options],
    lines.map((line) => `${line}\n`).join(''),
  )

const SHOWN = ['key', 'value', 'headers', 'partition', 'offset'].map((name) => [`print.${name}`, 'true'] as const)
const FORMATTER = properties('formatter', Object.fromEntries(SHOWN))

/** Partition, offset, headers, key and value of so many records, by place. */
const consume = async (bootstrap: string, topic: string, count: number, ...options: readonly string[]): Promise<readonly string[]> => {
  const limits = ['--max-messages', String(count), '--timeout-ms', '20000']
  const said = await tool('consumer.ConsoleConsumer', [
    '--bootstrap-server',
    bootstrap,
    '--topic',
    topic,
    ...limits,
    ...FORMATTER,
    ...options,
  ])
  return said
    .split('\n')
    .filter((line) => line !== '')
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

const numbered = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, i) => `h:${i % 3}\tkey-${from + i}\tvalue-${from + i}`)

const valuesOf = (lines: readonly string[]): readonly string[] => lines.map((line) => line.split('\t').at(-1) ?? '')

describeOnBoth("Java's console producer and consumer", { ok: true }, (both) => {
  it('read back what they have sent: keys, values, headers, nulls', async () => {
    const topic = await both.topic()
    const lines = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, ['a:1,b:2,a:3\tkey\tvalue', 'NULL\tNULL\tno key', 'h:NULL\ttombstone\tNULL', 'h:ü\t€\t😀'])
      return consume(bootstrap, topic, 4, '--from-beginning')
    })
    expect(lines).toEqual([
      'Partition:0\tOffset:0\ta:1,b:2,a:3\tkey\tvalue',
      'Partition:0\tOffset:1\tNO_HEADERS\tnull\tno key',
      'Partition:0\tOffset:2\th:null\ttombstone\tnull',
      'Partition:0\tOffset:3\th:ü\t€\t😀',
    ])
  })

  it('compress, and go on in a group where they have committed', async () => {
    const topic = await both.topic(3)
    const [first, second] = await both.same(async (bootstrap) => {
      const inGroup = (count: number) => consume(bootstrap, topic, count, '--group', `${topic}-group`, '--from-beginning')
      await produce(bootstrap, topic, numbered(0, 300), '--compression-codec', 'zstd')
      const before = await inGroup(300)
      await produce(bootstrap, topic, numbered(300, 400), '--compression-codec', 'lz4')
      return [before, await inGroup(100)] as const
    })
    expect(new Set(valuesOf(first))).toEqual(new Set(valuesOf(numbered(0, 300))))
    expect(new Set(valuesOf(second))).toEqual(new Set(valuesOf(numbered(300, 400))))
  })

  it('are acknowledged by the leader alone, and read one partition from an offset on', async () => {
    const topic = await both.topic(2)
    const lines = await both.same(async (bootstrap) => {
      await produce(bootstrap, topic, numbered(0, 100), ...properties('command', { acks: '1' }))
      return consume(bootstrap, topic, 10, '--partition', '1', '--offset', '5', '--isolation-level', 'read_committed')
    })
    expect(lines).toHaveLength(10)
    expect(lines[0]).toMatch(/^Partition:1\tOffset:5\t/)
  })
})
