import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(__dirname, '..', '..')

/** `npm start -- …` with nothing on the PATH: neither Java nor Maven. */
const start = (...args: readonly string[]) => {
  const words = ['--import', 'tsx', join('demo', 'main.ts'), ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: root, env: { PATH: '' }, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** Each starts a Node that compiles as it loads. */
jest.setTimeout(30_000)

describe('npm start', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'kafkarx-demo-'))))
  afterAll(() => rmSync(folder, { recursive: true }))

  const file = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name)
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''))
    return path
  }

  it("sends Kafka's schemas to a Kafka within the process, over sockets, and reads all of them back, with nothing but Node", () => {
    const { status, stdout, stderr } = start()
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^a Kafka within this process, 3 brokers on 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+ /)
    expect(stdout).toContain("reading it back with this library's own Fetch codec")
    expect(stdout).toMatch(/│\s+all │\s+203 │\s+203 │.*yes │/)
    expect(stdout).toMatch(/203 of 203 records delivered: everything arrived and equals what was sent\n$/)
  })

  it('keeps keys, headers, nulls and partitions of many records', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify({ key: `k${i % 100}`, value: 'x'.repeat(200), headers: { i: `${i}` } }),
    )
    const special = ['{"key": null, "value": null, "partition": 5}', '{"value": "ü", "timestamp": 1700000000000}', '[1, 2]', '']
    const { status, stdout } = start(file('many.jsonl', [...lines, ...special]))
    expect(status).toBe(0)
    expect(stdout).toContain('20,003 of 20,003 records delivered: everything arrived and equals what was sent')
  })

  it('names the lines that are wrong, sends the others, and ends with 2', () => {
    const { status, stdout, stderr } = start(file('wrong.jsonl', ['{"value": 1}', '{', '{"value": 1, "partition": -1}', '2']))
    expect(status).toBe(2)
    expect(stderr).toMatch(/wrong\.jsonl:2: .*\n.*wrong\.jsonl:3: partition must be/)
    expect(stderr).toContain('2 wrong line(s)')
    expect(stdout).toContain('2 of 2 records delivered')
  })

  it.each<readonly [readonly string[], RegExp]>([
    [['--kafka'], /^no Kafka can be started here: not on the PATH: a JDK .*; without --kafka, none is needed\n$/],
    [['--kafka', '--brokers', 'a:1'], /not both \(npm start -- --help\)\n$/],
    [['there-is-no-such-file'], /^there-is-no-such-file cannot be read: ENOENT/],
  ])('says why it cannot run with %j, and ends with 1', (args, reason) => {
    const { status, stderr } = start(...args)
    expect(status).toBe(1)
    expect(stderr).toMatch(reason)
  })

  it('explains itself', () => {
    const { status, stdout } = start('--help')
    expect(status).toBe(0)
    expect(stdout).toContain('npm start -- --kafka')
  })
})
