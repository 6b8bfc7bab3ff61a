import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { asyncScheduler, from, lastValueFrom, Subject, toArray } from 'rxjs'
import { kafkarx } from '../../lib/cli/kafkarx'
import type { Shown } from '../../lib/cli/kafkarx'
import { producer } from '../../lib/producer'

/** The command within this process, until it is interrupted. */
const started = (args: readonly string[], terminal = false) => {
  const interrupted$ = new Subject<void>()
  const shown: Shown[] = []
  const told = new Subject<void>()
  const ended = new Promise<void>((resolve) =>
    kafkarx(['broker', '--port', '0', ...args], { terminal, interrupted$, scheduler: asyncScheduler }).subscribe({
      next: (one) => {
        shown.push(one)
        told.next()
      },
      complete: resolve,
    }),
  )
  const until = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = shown.map(({ text }) => pattern.exec(text)).find((match) => match !== null)
      if (found) return found[1] ?? found[0]
      await new Promise<void>((resolve) => {
        const waiting = told.subscribe(() => {
          waiting.unsubscribe()
          resolve()
        })
      })
    }
  }
  const interrupt = async (): Promise<void> => {
    interrupted$.next()
    await ended
  }
  return { shown, until, interrupt, ended }
}

/** The last of the lines with which it begins. */
const GREETED = /^(?:no topics yet|topics and their partitions: .*)$/m
const LISTENING = /listening on (\S+?)(?:,|$)/m

const send = async (broker: string, topic: string, values: readonly string[]): Promise<void> => {
  const kafka = producer({ brokers: [broker], clientId: 'spec' })
  const deliveries = await lastValueFrom(from(values).pipe(kafka.to(topic), toArray()))
  expect(deliveries.filter(({ type }) => type !== 'delivered')).toEqual([])
  await lastValueFrom(kafka.close())
}

describe('kafkarx broker', () => {
  it('says where it listens, what arrives, and what it came to', async () => {
    const { shown, until, interrupt } = started(['--topic', 'orders:3', '--brokers', '2'])
    const address = await until(LISTENING)
    await send(address, 'orders', ['a', 'b', 'c'])
    await interrupt()
    expect(shown.every(({ type }) => type === 'line')).toBe(true)
    const lines = shown.map(({ text }) => text)
    expect(lines.slice(0, 3)).toEqual([
      expect.stringContaining('gone when it ends'),
      expect.stringMatching(/^listening on 127\.0\.0\.1:\d+, 127\.0\.0\.1:\d+$/),
      'topics and their partitions: orders (3)',
    ])
    // A machine that is slow sees in two looks what another sees in one.
    const arrivals = lines.slice(3, -1).join('\n')
    expect(arrivals).toMatch(/^\d\d:\d\d:\d\d {2}first request of spec/)
    expect(arrivals).toMatch(/orders \+\d \(\d+ B\), 3 in all$/)
    expect(lines.at(-1)).toBe('ended; 3 records had come to 1 topic')
  })

  it('draws on a terminal', async () => {
    const { shown, until, interrupt } = started(['--topic', 'orders'], true)
    await send(await until(LISTENING), 'orders', ['a'])
    await interrupt()
    const pictures = shown.filter(({ type }) => type === 'picture').map(({ text }) => text)
    expect(pictures[0]).toMatch(/^\ntopic .*\norders +0 .*\n\n0 requests, 0\/s; no clients yet$/)
    expect(pictures.at(-1)).toMatch(/orders +1 .*clients: spec$/s)
    expect(shown.at(-1)).toEqual({ type: 'line', text: 'ended; 1 record had come to 1 topic' })
  })

  it('closes its ports at the end', async () => {
    const { until, interrupt } = started([])
    const port = Number((await until(LISTENING)).split(':')[1])
    await interrupt()
    const server = createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
    expect((server.address() as AddressInfo).port).toBe(port)
    server.close()
  })

  it('says that a port is taken, and which option to change', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { shown, ended } = started(['--port', String(port)])
    await ended
    server.close()
    expect(shown).toEqual([
      {
        type: 'error',
        exitCode: 1,
        text: expect.stringMatching(`^kafkarx: Cannot listen on 127.0.0.1:${port}: .*choose another port \\(--port`),
      },
    ])
  })
})

/** Each starts a Node that compiles as it loads. */
jest.setTimeout(30_000)

describe('kafkarx broker as a process', () => {
  const root = join(__dirname, '..', '..')
  const running: ChildProcessWithoutNullStreams[] = []
  afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')))

  const begin = async (...args: readonly string[]) => {
    // Not by tsx's own command: it hands signals on, and kills a program that takes longer than 30 ms to say that it has heard.
    const words = ['--import', 'tsx', join(root, 'lib', 'cli', 'main.ts'), 'broker', '--port', '0', ...args]
    const child = spawn(process.execPath, words, { cwd: root })
    running.push(child)
    const said = { stdout: '', stderr: '' }
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
    while (!GREETED.test(said.stdout)) await once(child.stdout, 'data')
    return { child, said }
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s with exit code 0', async (signal) => {
    const { child, said } = await begin()
    child.kill(signal)
    const [code, by] = (await once(child, 'close')) as [number | null, string | null]
    expect([code, by, said.stderr]).toEqual([0, null, ''])
    expect(said.stdout).toMatch(/\nended; 0 records had come to 0 topics\n$/)
  })

  it('ends when nobody reads any longer what it says', async () => {
    const { child, said } = await begin('--topic', 'orders')
    const ended = once(child, 'close') as Promise<[number | null]>
    child.stdout.destroy()
    await send(LISTENING.exec(said.stdout)?.[1] ?? '', 'orders', ['a'])
    const [code] = await ended
    expect([code, said.stderr]).toEqual([0, ''])
  })
})
