/** A program that knows nothing of tests, against a cluster on real sockets, in jest: npx jest spec/examples/service-over-sockets */
import { from, lastValueFrom, toArray } from 'rxjs'
import { producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

/** What is to be tested: it could be any program with any Kafka client that is told where its brokers are. */
async function importLines(brokers: readonly string[], lines: readonly string[]): Promise<readonly string[]> {
  const kafka = producer({ brokers, retryBackoff: 10 })
  const deliveries = await lastValueFrom(from(lines).pipe(kafka.to('lines'), toArray()))
  await lastValueFrom(kafka.close())
  return deliveries.filter(({ type }) => type === 'failed').map(({ context }) => context)
}

describe('importLines', () => {
  const cluster = testCluster({ brokers: 3, topics: { lines: 3 } })
  let brokers: readonly string[]

  beforeAll(async () => {
    brokers = await cluster.listen() // 127.0.0.1, free ports
  })
  afterEach(() => {
    expect(cluster.unused()).toEqual([]) // every fault that a test has ordered came about
    cluster.recreateTopic('lines')
    cluster.heal()
  })
  afterAll(() => cluster.close())

  const imported = () => cluster.records('lines').map(({ value }) => Buffer.from(value ?? []).toString())

  it('imports every line', async () => {
    expect(await importLines(brokers, ['one', 'two', 'three'])).toEqual([])
    expect(imported().sort()).toEqual(['one', 'three', 'two'])
  })

  it('tries again when its connection breaks in the middle of a request, and when a leader has moved', async () => {
    cluster.next('Produce').cutWithinRequest(40)
    cluster.next('Produce', { topic: 'lines' }).fail('NOT_LEADER_OR_FOLLOWER')
    expect(await importLines(brokers, ['one'])).toEqual([])
    expect(imported()).toEqual(['one'])
  })

  it('names the lines that were refused', async () => {
    cluster.every('Produce', { topic: 'lines' }).fail('TOPIC_AUTHORIZATION_FAILED')
    expect(await importLines(brokers, ['one'])).toEqual(['one'])
  })
})
