import { join } from 'node:path'
import { startKafka } from '../../../kafka/broker'
import type { Kafka } from '../../../kafka/broker'
import { install } from '../../../kafka/peers'
import { testCluster } from '../../../lib/testing/test-cluster'
import type { TestCluster } from '../../../lib/testing/test-cluster'
import { describeWithKafka } from '../support'
import { onPath, run, succeed } from './program'

const KCAT = onPath('kcat', '-V', 'on Debian: apt-get install kcat')
const KAFKAJS = install('kafkajs')
const PROGRAM = join(__dirname, 'programs', 'kafkajs.mjs')

/** Without what a properties file or a list of settings would take for its own. */
const PASSWORD = 's3cret'
const MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
type Mechanism = (typeof MECHANISMS)[number]

const plainLogin = `org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="${PASSWORD}" user_alice="${PASSWORD}";`
const scramLogin = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'

const loginOf = (mechanism: Mechanism) => [
  `listener.name.plaintext.${mechanism.toLowerCase()}.sasl.jaas.config`,
  mechanism === 'PLAIN' ? plainLogin : scramLogin,
]

/** The listener keeps its name and wants a login. */
const THEIRS = {
  'listener.security.protocol.map': 'PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'inter.broker.listener.name': 'PLAINTEXT',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'sasl.enabled.mechanisms': MECHANISMS.join(','),
  ...(Object.fromEntries(MECHANISMS.map(loginOf)) as Readonly<Record<string, string>>),
}

const scramOf = (mechanism: Mechanism): string => `${mechanism}=[name=alice,password=${PASSWORD}]`

const absent = [KCAT, KAFKAJS].flatMap((client) => (client.ok ? [] : client.reason))
const describeWithClients =
  absent.length === 0
    ? describeWithKafka
    : (name: string, body: () => void): void => describe.skip(`${name} (skipped: ${absent.join('; ')})`, body)

describeWithClients('logging in by SASL', () => {
  let theirs: Kafka
  let ours: TestCluster
  let own = ''
  beforeAll(async () => {
    theirs = await startKafka({ properties: THEIRS, scram: MECHANISMS.slice(1).map(scramOf) })
    ours = testCluster({ brokers: 3, users: { alice: PASSWORD } })
    ;[own = ''] = await ours.listen()
  })
  afterAll(async () => {
    ours.close()
    await theirs.stop()
  })

  /** What the steps come to, which is the same on both. */
  const same = async <T>(steps: (bootstrap: string) => Promise<T>): Promise<T> => {
    const [expected, found] = await Promise.all([steps(theirs.bootstrap), steps(own)])
    expect(found).toEqual(expected)
    return expected
  }

  const kafkajs = async (bootstrap: string, mechanism: string, password: string): Promise<unknown> => {
    const sasl = { mechanism: mechanism.toLowerCase(), username: 'alice', password }
    const folder = KAFKAJS.ok ? KAFKAJS.folder : ''
    return JSON.parse(await succeed(process.execPath, { args: [PROGRAM, folder, 'login', JSON.stringify({ bootstrap, sasl })] }))
  }

  const kcat = (bootstrap: string, args: readonly string[], { mechanism = 'PLAIN', password = PASSWORD, input = '' } = {}) => {
    const login = {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanisms': mechanism,
      'sasl.username': 'alice',
      'sasl.password': password,
    }
    const options = Object.entries(login).flatMap(([name, value]) => ['-X', `${name}=${value}`])
    return run('kcat', { args: ['-b', bootstrap, '-m', '5', ...options, ...args], input })
  }

  it.each(MECHANISMS)('lets kafkajs in with %s, and nobody with a wrong password', async (mechanism) => {
    const [right, wrong] = await same(async (bootstrap) => [
      await kafkajs(bootstrap, mechanism, PASSWORD),
      await kafkajs(bootstrap, mechanism, 'wrong'),
    ])
    expect(right).toEqual({ topics: expect.any(Array) })
    expect(wrong).toMatchObject({ refused: 'KafkaJSSASLAuthenticationError' })
  })

  it('lets kcat in with PLAIN: it sends and reads', async () => {
    const said = await same(async (bootstrap) => {
      const { code } = await kcat(bootstrap, ['-P', '-t', 'greetings', '-K:'], { input: 'k:v\n' })
      const { stdout } = await kcat(bootstrap, ['-C', '-t', 'greetings', '-e', '-q', '-o', 'beginning', '-f', '%o %k %s'])
      return { code, stdout }
    })
    expect(said).toEqual({ code: 0, stdout: '0 k v' })
  })

  it.each(MECHANISMS)('tells kcat the same of a wrong password with %s', async (mechanism) => {
    const { code, words } = await same(async (bootstrap) => {
      const { code, stderr } = await kcat(bootstrap, ['-L', '-m', '1'], { mechanism, password: 'wrong' })
      return { code, words: /SASL authentication error: (Authentication failed.*?) \(after/.exec(stderr)?.[1] }
    })
    expect(code).toBe(1)
    expect(words).toMatch(/^Authentication failed/)
  })

  it.each(MECHANISMS.slice(1))(
    'judges the %s of kcat alike: librdkafka before 2.6.1 repeats its nonce, which is refused',
    async (mechanism) => {
      const code = await same(async (bootstrap) => (await kcat(bootstrap, ['-L', '-m', '1'], { mechanism })).code)
      expect([0, 1]).toContain(code)
    },
  )

  it('hangs up on a client that does not log in', async () => {
    const { code, hint } = await same(async (bootstrap) => {
      const { code, stderr } = await run('kcat', { args: ['-b', bootstrap, '-L', '-m', '1'] })
      return { code, hint: /broker might require SASL authentication/.test(stderr) }
    })
    expect({ code, hint }).toEqual({ code: 1, hint: true })
  })
})
