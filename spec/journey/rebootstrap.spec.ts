import type { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import type { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import { journey } from '../support/journey'

const three = { brokers: 3, topics: { orders: { partitions: 1, assignment: [[2, 3]] } } }

/** What each broker was told of whom we mean, in order. */
function introductions({ cluster }: ReturnType<typeof journey>) {
  const told: string[] = []
  cluster.requests$.subscribe(({ api, request, node }) => {
    if (api !== 'ApiVersions') return
    const { clusterId, nodeId } = request as ApiVersionsRequest
    // That it is the right cluster the broker says by not refusing.
    told.push(`${String(node.id)}: ${clusterId === null ? 'anybody' : 'ours'} ${String(nodeId)}`)
  })
  return told
}

describe('a connection to a node', () => {
  it('says whom it means, and one to a bootstrap address does not', () => {
    const world = journey({ cluster: three })
    const told = introductions(world)
    world.send('a')
    world.time.advance(1000)
    expect([told, world.log]).toEqual([['2: ours 2'], ['a delivered']])
  })

  it('begins again with the bootstrap addresses when somebody else is there, and delivers', () => {
    const world = journey({ cluster: three })
    const told = introductions(world)
    world.cluster.next('ApiVersions', { node: 2 }).fail('REBOOTSTRAP_REQUIRED')
    world.send('a')
    world.time.advance(2000)
    expect(told[0]).toBe('2: ours 2')
    expect(told.slice(1).some((each) => each.includes('anybody'))).toBe(true)
    expect(world.log).toEqual(['a delivered'])
  })

  it('does neither when that is not wanted: it tries again', () => {
    const world = journey({ cluster: three, metadataRecovery: 'none' })
    const told = introductions(world)
    world.cluster.next('ApiVersions', { node: 2 }).fail('REBOOTSTRAP_REQUIRED')
    world.send('a')
    world.time.advance(2000)
    expect([told, world.log]).toEqual([['2: anybody -1', '2: anybody -1'], ['a delivered']])
  })
})

describe('nodes that cannot be reached', () => {
  const lost = (recovery: 'rebootstrap' | 'none') => {
    // Metadata goes on to name addresses that nobody has; the bootstrap addresses stay right.
    const world = journey({ cluster: { brokers: 1, topics: { orders: 1 } }, metadataRecovery: recovery, metadataMaxAge: 1000 })
    const fault = world.cluster.every('Metadata').change((answer: MetadataResponse) => ({
      ...answer,
      brokers: answer.brokers.map((broker) => ({ ...broker, host: 'gone.invalid' })),
    }))
    world.send('a')
    world.time.advance(2000)
    world.send('b')
    world.time.advance(5000)
    const during = [...world.log]
    fault.end()
    world.time.advance(5000)
    return { ...world, during }
  }

  it('are not all there is: the bootstrap addresses are asked', () => {
    const { during, log } = lost('rebootstrap')
    expect([during, log]).toEqual([['a delivered'], ['a delivered', 'b delivered']])
  })

  it('are all there is when that is wanted', () => {
    const { log } = lost('none')
    expect(log).toEqual(['a delivered'])
  })
})

describe('metadata that is asked for in vain', () => {
  it('ends the connections that are open after metadataRebootstrapTrigger, and is found where it begins again', () => {
    const options = { metadataRebootstrapTrigger: 10_000, requestTimeout: 2000, maxBlock: 60_000 }
    const { cluster, time, kafka, asked } = journey({ ...options, cluster: { brokers: 1, topics: { orders: 1 } } })
    const fault = cluster.every('Metadata').change((answer: MetadataResponse) => ({ ...answer, brokers: [] }))
    const counts: number[] = []
    kafka.partitionsFor('other').subscribe(({ length }) => counts.push(length))
    asked.length = 0
    time.advance(9000)
    expect(asked.filter((api) => api === 'ApiVersions')).toEqual([])
    time.advance(3000)
    expect(asked.filter((api) => api === 'ApiVersions')).toHaveLength(1)
    fault.end()
    time.advance(2000)
    expect([counts, fault.hits > 5]).toEqual([[1], true])
  })
})
