import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncScheduler, lastValueFrom, NEVER, of, toArray } from 'rxjs'
import type { Observable } from 'rxjs'
import { parseDoctor } from '../../lib/cli/doctor-options'
import { kafkarx } from '../../lib/cli/kafkarx'
import { testCluster } from '../../lib/testing/test-cluster'

const examined = async (args: readonly string[], interrupted$: Observable<unknown> = NEVER) => {
  const shown = await lastValueFrom(
    kafkarx(['doctor', ...args], { terminal: false, interrupted$, scheduler: asyncScheduler }).pipe(toArray()),
  )
  const last = shown.at(-1)
  return { lines: shown.map(({ text }) => text), exitCode: last?.type === 'error' ? last.exitCode : 0 }
}

describe('kafkarx doctor', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kafkarx-doctor-'))
  const cluster = testCluster({ topics: { orders: 1 } })
  let broker = ''
  beforeAll(async () => {
    broker = (await cluster.listen())[0] ?? ''
  })
  afterEach(() => cluster.heal())
  afterAll(() => {
    cluster.close()
    rmSync(folder, { recursive: true })
  })

  const file = (text: string): string => {
    const path = join(folder, 'client.properties')
    writeFileSync(path, text)
    return path
  }

  it('says that all is well, step by step, with exit code 0', async () => {
    expect(await examined(['--brokers', broker, '--topic', 'orders'])).toEqual({
      exitCode: 0,
      lines: [
        `ok    configuration options: brokers: ${broker}`,
        `ok    name          ${broker}: is an address`,
        expect.stringMatching(`^ok    TCP           ${broker}: connected in \\d+ ms$`),
        expect.stringMatching(`^ok    protocol      ${broker}: a broker of Kafka`),
        expect.stringMatching(`^ok    metadata      ${broker}: cluster .* of 1 broker$`),
        `ok    listener      broker 1 at ${broker}: reached`,
        'ok    topic         orders: 1 partition, each with a leader that was reached',
        'all is well: 7 steps',
      ],
    })
  })

  it('says what fails, why, and what to try next', async () => {
    const { lines, exitCode } = await examined(['--brokers', broker, '--topic', 'oders'])
    expect(exitCode).toBe(10)
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(
        /^FAIL {2}topic {9}oders: UNKNOWN_TOPIC_OR_PARTITION\n {6}Topic 'oders': .*create the topic.*\n {6}Next: Is the name/,
      ),
      'kafkarx: topic failed for oders',
    ])
  })

  it.each<[number, string, () => readonly string[]]>([
    [2, 'the configuration', () => ['--brokers', 'nowhere']],
    [2, 'the file', () => ['--config', file('linger.ms=soon'), '--brokers', broker]],
    [3, 'a name', () => ['--brokers', 'nowhere.invalid:9092']],
    [4, 'TCP', () => ['--brokers', '127.0.0.1:1']],
    [5, 'TLS', () => ['--brokers', broker, '--config', file('security.protocol=SSL')]],
  ])('ends with %i when it is %s that fails', async (code, _what, args) => {
    expect((await examined(args())).exitCode).toBe(code)
  })

  it('ends with 7 for what speaks no Kafka, 8 for a cluster that knows nothing, 9 for an address that nobody reaches', async () => {
    cluster.next('ApiVersions').fail('UNKNOWN_SERVER_ERROR')
    expect((await examined(['--brokers', broker])).exitCode).toBe(7)
    cluster.emptyMetadata()
    expect((await examined(['--brokers', broker])).exitCode).toBe(8)
    cluster.heal()
    cluster.next('Metadata').change((answer) => ({ ...answer, brokers: answer.brokers.map((each) => ({ ...each, port: 1 })) }))
    expect((await examined(['--brokers', broker])).exitCode).toBe(9)
  })

  it('begins where the file says, with its options', async () => {
    const path = file(`bootstrap.servers=${broker}\nclient.id=me\ngroup.id=mine\n`)
    expect((await examined(['--config', path])).exitCode).toBe(2)
    const seen: (string | null)[] = []
    const watch = cluster.requests$.subscribe(({ clientId }) => seen.push(clientId))
    expect((await examined(['--config', path, '--ignore', 'group.id'])).exitCode).toBe(0)
    watch.unsubscribe()
    expect(new Set(seen)).toEqual(new Set(['me']))
  })

  it('says it in JSON, and no more than that', async () => {
    const { lines } = await examined(['--brokers', broker, '--topic', 'oders', '--json'])
    const findings = lines.slice(0, -1).map((text) => JSON.parse(text) as unknown)
    expect(findings[0]).toEqual({ type: 'passed', step: 'configuration', target: 'options', says: `brokers: ${broker}` })
    expect(findings.at(-1)).toEqual({
      type: 'failed',
      step: 'topic',
      target: 'oders',
      error: { code: 'UNKNOWN_TOPIC_OR_PARTITION', message: expect.any(String) },
      hint: expect.any(String),
    })
    const { lines: healthy } = await examined(['--brokers', broker, '--json'])
    expect(healthy.map((text) => JSON.parse(text) as unknown)).toHaveLength(6)
  })

  it('does not say that all is well when it is interrupted', async () => {
    expect(await examined(['--brokers', broker], of('now'))).toEqual({
      exitCode: 130,
      lines: ['kafkarx: interrupted before the last step'],
    })
  })

  it.each([
    [[], /--brokers HOST:PORT or --config FILE is missing/],
    [['--config', '/nowhere/at.all'], /--config: .*ENOENT/],
    [['--brokers', 'a:1', '--timeout', 'soon'], /--timeout takes milliseconds, and not 'soon'/],
    [['--broker', 'a:1'], /Unknown option '--broker'/],
  ])('refuses %j', async (args, problem) => {
    const { lines, exitCode } = await examined(args)
    expect([exitCode, lines.length]).toEqual([1, 1])
    expect(lines[0]).toMatch(problem)
  })

  it('gives each step as long as it is told', () => {
    expect(parseDoctor(['--brokers', 'a:1', '--timeout', '70']).configure()).toEqual({
      brokers: ['a:1'],
      connectionSetupTimeout: 70,
      requestTimeout: 70,
    })
  })

  it('ends as a process with the code, and at once', async () => {
    const root = join(__dirname, '..', '..')
    const words = [
      join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs'),
      join(root, 'lib', 'cli', 'main.ts'),
      'doctor',
      '--brokers',
      broker,
      '--topic',
      'x',
    ]
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'close')) as [number | null]
    expect([code, said]).toEqual([10, 'kafkarx: topic failed for x\n'])
  }, 30_000)
})
