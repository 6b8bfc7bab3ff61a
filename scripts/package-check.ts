/**
 * Checks the package as its users get it: packs it, lints the tarball (publint, attw), installs it into two projects of
 * strangers, one of ES modules and one of CommonJS, type-checks them and lets them send records to a real Kafka, and to the broker that
 * its own command starts.
 * Run after `npm run build`.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from '../kafka/broker'
import { startHarness } from '../kafka/harness'
import type { Harness } from '../kafka/harness'
import { startOwnBroker } from '../kafka/own-broker'

const root = join(__dirname, '..')
const sources = join(__dirname, 'package-check')
const RECORDS = 100

type ModuleKind = 'module' | 'commonjs'

function run(cwd: string, command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] })
}

const tool = (name: string): string => join(root, 'node_modules', '.bin', name)

const versionOf = (name: string): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
  return version
}

interface PackedPackage {
  readonly filename: string
  readonly entryCount: number
  readonly size: number
}

function pack(folder: string): string {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder]
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8' })) as PackedPackage[]
  if (packed === undefined) throw new Error('npm pack wrote no tarball')
  console.log(`${packed.filename}: ${String(packed.entryCount)} files, ${String(Math.round(packed.size / 1024))} KiB packed`)
  return join(folder, packed.filename)
}

/**
 * attw's profile node16 leaves out the resolution of TypeScript's `node10` mode: it knows no `exports`, so no package of
 * subpaths can serve it but by stray folders at its root, and TypeScript 7 has dropped it.
 */
function lint(tarball: string): void {
  run(root, tool('publint'), ['run', tarball, '--strict'])
  const message = 'protocol/messages/ProduceRequest'
  run(root, tool('attw'), [tarball, '--profile', 'node16', '--format', 'table-flipped', '--no-emoji', '--include-entrypoints', message])
}

function consumer(folder: string, type: ModuleKind, tarball: string): string {
  const project = join(folder, type)
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: `consumer-${type}`, private: true, type }))
  cpSync(sources, project, { recursive: true })
  // Scripts are off: the package must work for those who install that way.
  const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  run(project, 'npm', ['install', ...quiet, tarball, `rxjs@${versionOf('rxjs')}`])
  return project
}

function compile(project: string): void {
  run(project, tool('tsc'), ['--project', project, '--typeRoots', join(root, 'node_modules', '@types')])
}

async function send(project: string, type: ModuleKind, bootstrap: string, java: Harness): Promise<void> {
  const topic = `package-check-${type}`
  await java.createTopic({ topic, partitions: 3 })
  run(project, process.execPath, ['send.js', bootstrap, topic, String(RECORDS)])
  const values = new Set((await java.readBack(topic)).map(({ value }) => value?.toString()))
  if (values.size !== RECORDS) throw new Error(`${type}: ${String(RECORDS)} records were sent, ${String(values.size)} arrived`)
  console.log(`${type}: ${String(RECORDS)} records sent and read back by Kafka's own consumer`)
}

async function useCommand(project: string, type: ModuleKind): Promise<void> {
  const broker = await startOwnBroker(join(project, 'node_modules', '.bin', 'kafkarx'), '--topic', 'command:3')
  run(project, process.execPath, ['send.js', broker.bootstrap, 'command', String(RECORDS)])
  await broker.stop()
  console.log(`${type}: ${String(RECORDS)} records sent to kafkarx broker, which ended cleanly`)
}

async function checkConsumers(folder: string, tarball: string): Promise<void> {
  const kafka = await startKafka()
  const java = await startHarness(kafka.bootstrap)
  try {
    for (const type of ['module', 'commonjs'] as const) {
      const project = consumer(folder, type, tarball)
      compile(project)
      run(project, process.execPath, ['worlds.mjs'])
      await send(project, type, kafka.bootstrap, java)
      await useCommand(project, type)
    }
  } finally {
    await java.stop()
    await kafka.stop()
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kafkarx-package-'))
  try {
    const tarball = pack(folder)
    lint(tarball)
    await checkConsumers(folder, tarball)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
