import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export const ARTIFACT = 'org.apache.kafka:kafka-clients'
const MESSAGES = 'common/message'

/** Kafka's classes do not load without it; nothing is logged. */
const LOGGING = 'org.slf4j:slf4j-api'
const LOGGING_VERSION = '1.7.36'

/** A released jar of Kafka's clients, in the cache. */
export interface Jar {
  readonly version: string
  readonly path: string
  readonly sha256: string
}

/** Fetches the jar with Maven, once: the cache is keyed by version, and a release never changes. */
export function fetchJar(version: string, cache: string): Jar {
  const path = fetch(ARTIFACT, version, cache)
  return { version, path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') }
}

function fetch(artifact: string, version: string, cache: string): string {
  const path = join(cache, `${artifact.slice(artifact.indexOf(':') + 1)}-${version}.jar`)
  if (existsSync(path)) return path
  mkdirSync(cache, { recursive: true })
  run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}:${version}`, `-DoutputDirectory=${cache}`])
  return path
}

/** The texts of the message schemas in the jar, by file name. */
export function schemasOf(jar: Jar, cache: string): ReadonlyMap<string, string> {
  const folder = join(cache, `kafka-clients-${jar.version}`)
  mkdirSync(folder, { recursive: true })
  execFileSync('jar', ['xf', jar.path, MESSAGES], { cwd: folder, stdio: 'inherit' })
  const messages = join(folder, MESSAGES)
  const files = readdirSync(messages)
    .filter((file) => file.endsWith('.json'))
    .sort()
  return new Map(files.map((file) => [file, readFileSync(join(messages, file), 'utf8')]))
}

export interface ErrorCode {
  readonly errorCode: number
  readonly name: string
  readonly retriable: boolean
  readonly invalidMetadata: boolean
}

/** The error codes, asked of Kafka's own classes: no resource file holds them. */
export function readErrorCodes(jar: Jar, cache: string): readonly ErrorCode[] {
  const program = join(__dirname, 'ErrorCodes.java')
  const classPath = [jar.path, fetch(LOGGING, LOGGING_VERSION, cache)].join(delimiter)
  return run('java', ['-cp', classPath, program])
    .trim()
    .split('\n')
    .map((line) => {
      const [code, name = '', retriable, invalidMetadata] = line.trim().split(' ')
      return { errorCode: Number(code), name, retriable: retriable === 'true', invalidMetadata: invalidMetadata === 'true' }
    })
}

function run(command: string, commandArguments: readonly string[]): string {
  return execFileSync(command, commandArguments, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
