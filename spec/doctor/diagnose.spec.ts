import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { lastValueFrom, of, throwError, toArray } from 'rxjs'
import type { ProducerConfig } from '../../lib/config'
import { diagnose } from '../../lib/doctor/diagnose'
import type { DiagnoseOptions } from '../../lib/doctor/diagnose'
import type { Finding } from '../../lib/doctor/finding'
import { ConfigError, ConnectError } from '../../lib/errors'
import { testCluster } from '../../lib/testing/test-cluster'
import type { TestCluster } from '../../lib/testing/test-cluster'
import { virtualTime } from '../../lib/testing/virtual-time'
import { authority } from '../support/certificates'

const closers: (() => void)[] = []
afterEach(() => closers.splice(0).forEach((close) => close()))

const findings = (config: ProducerConfig, options?: DiagnoseOptions): Promise<readonly Finding[]> =>
  lastValueFrom(diagnose(() => config, options).pipe(toArray()))

/** `step target`, and the code of what failed. */
const outline = (found: readonly Finding[]): readonly string[] =>
  found.map((finding) => `${finding.step} ${finding.target}${finding.type === 'failed' ? ` ${finding.error.code}` : ''}`)

const hintOf = (found: readonly Finding[]): string =>
  found.flatMap((finding) => (finding.type === 'failed' ? [finding.hint] : [])).join('\n')

const clusterOf = (options: Parameters<typeof testCluster>[0]): TestCluster => {
  const cluster = testCluster(options)
  closers.push(() => cluster.close())
  return cluster
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('the doctor, of a cluster on sockets', () => {
  it('finds a healthy one healthy, and leaves it as it was', async () => {
    const cluster = clusterOf({ brokers: 2, topics: { orders: 3 } })
    const [first = '', second = ''] = await cluster.listen()
    const apis = new Set<string>()
    cluster.requests$.subscribe(({ api }) => apis.add(api))
    const found = await findings({ brokers: [first] }, { topic: 'orders' })
    const steps = [`name ${first}`, `TCP ${first}`, `protocol ${first}`, `metadata ${first}`]
    expect(outline(found)).toEqual([
      'configuration options',
      ...steps,
      `listener broker 1 at ${first}`,
      `listener broker 2 at ${second}`,
      'topic orders',
    ])
    expect(found.at(-1)).toMatchObject({ type: 'passed', says: '3 partitions, each with a leader that was reached' })
    expect([...apis].sort()).toEqual(['ApiVersions', 'Metadata'])
  })

  it('says that nobody listens on a port', async () => {
    const broker = `127.0.0.1:${await freePort()}`
    const found = await findings({ brokers: [broker] })
    expect(outline(found)).toEqual(['configuration options', `name ${broker}`, `TCP ${broker} CONNECT_FAILED`])
    expect(hintOf(found)).toMatch(/nobody listens on port/)
  })

  it('goes on from another address when one does not work', async () => {
    const [works = ''] = await clusterOf({}).listen()
    const refuses = `127.0.0.1:${await freePort()}`
    expect(outline(await findings({ brokers: [refuses, works] }))).toEqual([
      'configuration options',
      ...[`name ${refuses}`, `TCP ${refuses} CONNECT_FAILED`],
      ...[`name ${works}`, `TCP ${works}`, `protocol ${works}`, `metadata ${works}`, `listener broker 1 at ${works}`],
    ])
  })

  it('says that a listener speaks no Kafka, and leaves out what needs it', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    const broker = `127.0.0.1:${await listening(server)}`
    const found = await findings({ brokers: [broker] }, { topic: 'orders' })
    expect(outline(found)).toEqual(['configuration options', `name ${broker}`, `TCP ${broker}`, `protocol ${broker} PROTOCOL_ERROR`])
    expect(hintOf(found)).toMatch(/Which listener has this port/)
  })

  it('says that a listener never answers', async () => {
    const broker = `127.0.0.1:${await listening(createServer((socket) => socket.on('error', () => undefined).resume()))}`
    const found = await findings({ brokers: [broker], connectionSetupTimeout: 50 })
    expect(outline(found).at(-1)).toBe(`protocol ${broker} CONNECT_FAILED`)
  })

  it('says that a broker advertises an address that cannot be reached, and whose records go there', async () => {
    const cluster = clusterOf({ brokers: 2, topics: { orders: { partitions: 2, assignment: [[1], [2]] } } })
    const [first = ''] = await cluster.listen()
    const nowhere = await freePort()
    cluster.every('Metadata').change((answer) => ({
      ...answer,
      brokers: answer.brokers.map((broker) => (broker.nodeId === 2 ? { ...broker, port: nowhere } : broker)),
    }))
    const found = await findings({ brokers: [first] }, { topic: 'orders' })
    expect(outline(found).slice(-3)).toEqual([
      `listener broker 1 at ${first}`,
      `listener broker 2 at 127.0.0.1:${nowhere} CONNECT_FAILED`,
      'topic orders CONNECT_FAILED',
    ])
    expect(hintOf(found)).toMatch(/advertised\.listeners.*\n.*See above/s)
    expect(found.at(-1)).toMatchObject({ error: { message: 'orders, partition 1: the leader cannot be reached' } })
  })

  it('says that a broker advertises a name that is not known here', async () => {
    const [broker = ''] = await clusterOf({}).listen({ advertisedHost: 'kafka.internal' })
    const port = broker.split(':')[1]
    const lookup = (host: string) =>
      host === 'kafka.internal' ? throwError(() => new ConnectError('The name kafka.internal is not known here')) : of([host])
    const found = await findings({ brokers: [`127.0.0.1:${port}`] }, { lookup })
    expect(outline(found).at(-1)).toBe(`listener broker 1 at kafka.internal:${port} CONNECT_FAILED`)
    expect(hintOf(found)).toMatch(/advertised\.listeners.*getent hosts kafka\.internal/s)
  })

  it('says that another broker answers where one says that it is', async () => {
    const cluster = clusterOf({ brokers: 2 })
    const [first = ''] = await cluster.listen()
    const port = Number(first.split(':')[1])
    cluster.every('Metadata').change((answer) => ({ ...answer, brokers: answer.brokers.map((broker) => ({ ...broker, port })) }))
    const found = await findings({ brokers: [first] })
    expect(outline(found).slice(-2)).toEqual([`listener broker 1 at ${first}`, `listener broker 2 at ${first} REBOOTSTRAP_REQUIRED`])
    expect(hintOf(found)).toMatch(/^Another broker answers there/)
  })

  it('asks the resolver of the machine when it is given no other', async () => {
    const [broker = ''] = await clusterOf({}).listen()
    const found = await findings({ brokers: [broker.replace('127.0.0.1', 'localhost'), 'nowhere.invalid:9092'] })
    expect(found[1]).toMatchObject({ step: 'name', says: expect.stringContaining('127.0.0.1') })
    expect(outline(found)).toContain('name nowhere.invalid:9092 CONNECT_FAILED')
  })
})

describe('the doctor, of TLS', () => {
  const ours = authority('Our authority')
  const tls = { ca: ours.cert }

  /** TLS in front of a listener. */
  async function terminator(broker: string, hosts: readonly string[]): Promise<number> {
    const port = Number(broker.split(':')[1])
    const server = createTlsServer(ours.issue('broker', { hosts }), (socket) => {
      const behind = connect(port, '127.0.0.1')
      for (const end of [socket, behind] as readonly Socket[]) end.on('error', () => undefined)
      socket.pipe(behind).pipe(socket)
    })
    server.on('tlsClientError', () => undefined)
    return listening(server)
  }

  it('finds a healthy cluster healthy', async () => {
    const cluster = clusterOf({})
    const port = await terminator((await cluster.listen())[0] ?? '', ['localhost'])
    cluster.every('Metadata').change((answer) => ({
      ...answer,
      brokers: answer.brokers.map((broker) => ({ ...broker, host: 'localhost', port })),
    }))
    const found = await findings({ brokers: [`localhost:${port}`], tls })
    const steps = ['configuration', 'name', 'TCP', 'TLS', 'protocol', 'metadata', 'listener']
    expect(found.map(({ type, step }) => `${step} ${type}`)).toEqual(steps.map((step) => `${step} passed`))
  })

  it('says that the port of a listener with TLS was spoken to without', async () => {
    const port = await terminator((await clusterOf({}).listen())[0] ?? '', ['localhost'])
    const found = await findings({ brokers: [`localhost:${port}`] })
    // Whether a listener says so in TLS before it hangs up is its own affair: Node's does not.
    expect(outline(found).at(-1)).toBe(`protocol localhost:${port} NETWORK_EXCEPTION`)
    expect(hintOf(found)).toMatch(/^This listener speaks TLS, .* security\.protocol=SSL/)
  })

  it('says that a listener has none', async () => {
    const [broker = ''] = await clusterOf({}).listen()
    const found = await findings({ brokers: [broker], tls })
    expect(outline(found).at(-1)).toMatch(/^TLS .* (TLS_NOT_SPOKEN|CONNECT_FAILED)$/)
  })

  it('says that the certificate is for another name, and how to see it', async () => {
    const port = await terminator((await clusterOf({}).listen())[0] ?? '', ['kafka.internal'])
    const found = await findings({ brokers: [`localhost:${port}`], tls })
    expect(outline(found).at(-1)).toBe(`TLS localhost:${port} TLS_WRONG_HOST`)
    expect(hintOf(found)).toContain(`openssl s_client -connect localhost:${port} -servername localhost`)
  })
})

describe('the doctor, of a cluster in memory', () => {
  const setting = (options: Parameters<typeof testCluster>[0] = {}) => {
    const time = virtualTime()
    const cluster = clusterOf({ ...options, scheduler: time.scheduler })
    const config = { brokers: cluster.brokers, transport: cluster.transport, scheduler: time.scheduler }
    const examine = async (topic?: string): Promise<readonly Finding[]> => {
      const found: Finding[] = []
      diagnose(() => config, topic === undefined ? {} : { topic }).subscribe((finding) => found.push(finding))
      await time.settle()
      return found
    }
    return { cluster, examine }
  }

  it('has neither names nor TCP', async () => {
    const { examine, cluster } = setting()
    const [broker] = cluster.brokers
    expect(outline(await examine())).toEqual([
      'configuration options',
      `protocol ${broker}`,
      `metadata ${broker}`,
      `listener broker 1 at ${broker}`,
    ])
  })

  it('says that there is no such topic, and makes none', async () => {
    const { examine, cluster } = setting({ topics: { orders: 1 } })
    expect(outline(await examine('oders')).at(-1)).toBe('topic oders UNKNOWN_TOPIC_OR_PARTITION')
    expect(() => cluster.leaderOf('oders', 0)).toThrow("no topic 'oders'")
  })

  it('says that partitions have no leader', async () => {
    const { examine, cluster } = setting({ brokers: 2, topics: { orders: { partitions: 2, assignment: [[1], [2]] } } })
    cluster.broker(2).stop()
    const found = await examine('orders')
    expect(outline(found).at(-1)).toBe('topic orders LEADER_NOT_AVAILABLE')
    expect(found.at(-1)).toMatchObject({
      error: { message: expect.stringContaining('orders, partition 1') },
      hint: expect.stringContaining('replicas alive'),
    })
  })

  it('says that a principal may not see the topic', async () => {
    const { examine, cluster } = setting({ topics: { orders: 1 } })
    cluster.every('Metadata').change((answer) => ({
      ...answer,
      topics: answer.topics.map((topic) => ({ ...topic, errorCode: 29, partitions: [] })),
    }))
    const found = await examine('orders')
    expect(outline(found).at(-1)).toBe('topic orders TOPIC_AUTHORIZATION_FAILED')
    expect(hintOf(found)).toContain('kafka-acls')
  })

  it('says that a broker cannot describe the cluster', async () => {
    const { examine, cluster } = setting()
    cluster.emptyMetadata()
    expect(outline(await examine()).at(-1)).toBe(`metadata ${cluster.brokers[0]} PROTOCOL_ERROR`)
    cluster.heal()
    cluster.next('Metadata').change((answer) => ({ ...answer, errorCode: 31 }))
    expect(outline(await examine()).at(-1)).toMatch(/^metadata /)
  })

  it('is patient for as long as a step may take, and no longer', async () => {
    const { examine, cluster } = setting()
    cluster.broker(1).blackHole()
    expect(outline(await examine()).at(-1)).toBe(`protocol ${cluster.brokers[0]} CONNECT_FAILED`)
  })
})

describe('the doctor, of a login', () => {
  const users = { alice: 's3cret' }
  const login = (password: string) => ({ mechanism: 'SCRAM-SHA-256', username: 'alice', password }) as const

  it('finds a healthy cluster healthy', async () => {
    const [broker = ''] = await clusterOf({ users }).listen()
    const found = await findings({ brokers: [broker], sasl: login('s3cret') })
    const steps = ['configuration', 'name', 'TCP', 'protocol', 'login', 'metadata', 'listener']
    expect(found.map(({ type, step }) => `${step} ${type}`)).toEqual(steps.map((step) => `${step} passed`))
  })

  it('says that the password is wrong, and not which it was', async () => {
    const [broker = ''] = await clusterOf({ users }).listen()
    const found = await findings({ brokers: [broker], sasl: login('gue55ed') })
    expect(outline(found).at(-1)).toBe(`login ${broker} SASL_AUTHENTICATION_FAILED`)
    expect(JSON.stringify(found)).not.toContain('gue55ed')
  })

  it('says that nobody logged in where that is wanted', async () => {
    const [broker = ''] = await clusterOf({ users }).listen()
    const found = await findings({ brokers: [broker] })
    expect(outline(found).at(-1)).toBe(`metadata ${broker} NETWORK_EXCEPTION`)
    expect(hintOf(found)).toMatch(/want a login.*sasl\.jaas\.config/)
  })
})

describe('the doctor, of options', () => {
  it('names all that is wrong with them', async () => {
    const found = await lastValueFrom(diagnose(() => ({ brokers: ['x'], linger: -1 })).pipe(toArray()))
    expect(found).toEqual([expect.objectContaining({ type: 'failed', step: 'configuration', error: expect.any(ConfigError) })])
  })

  it('does not hide its own defects', async () => {
    const broken = diagnose(() => {
      throw new TypeError('a defect')
    })
    await expect(lastValueFrom(broken)).rejects.toThrow(TypeError)
  })
})
