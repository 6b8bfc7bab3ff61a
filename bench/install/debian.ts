import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../../kafka/cached'

const run = promisify(execFile)

/** What librdkafka and its bindings are compiled against, and Debian's own librdkafka. */
const PACKAGES = [
  ...['librdkafka-dev', 'librdkafka1', 'libsasl2-dev', 'libsasl2-2', 'libzstd-dev', 'liblz4-dev'],
  ...['libcurl4-openssl-dev', 'libcurl4', 'libssl-dev', 'zlib1g-dev'],
]

/** Debian's packages, unpacked: compilers and programs find what they need by these variables. */
export interface Debian {
  readonly headers: string
  readonly libraries: string
  readonly environment: Readonly<Record<string, string>>
}

/** Unpacked into the cache and not installed: that needs no rights, and leaves the machine as it was. */
const unpack = async (folder: string): Promise<void> => {
  await run('apt-get', ['download', '-q', ...PACKAGES], { cwd: folder })
  for (const file of await readdir(folder)) {
    await run('dpkg-deb', ['--extract', join(folder, file), folder])
    await rm(join(folder, file))
  }
}

const multiarchFolder = (root: string): string => {
  const lib = join(root, 'usr', 'lib')
  const triplet = readdirSync(lib).find((name) => existsSync(join(lib, name, 'librdkafka.so')))
  if (triplet === undefined) throw new Error('no librdkafka.so in the packages of Debian')
  return triplet
}

export const debian = async (): Promise<Debian> => {
  const root = await cached(join('bench', 'debian'), unpack).catch((error: unknown) => {
    const complaint = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    throw new Error(`the packages of Debian that it is compiled against cannot be fetched (apt-get update?): ${complaint ?? ''}`)
  })
  const triplet = multiarchFolder(root)
  const libraries = join(root, 'usr', 'lib', triplet)
  const headers = join(root, 'usr', 'include')
  const environment = { CPATH: `${headers}:${join(headers, triplet)}`, LIBRARY_PATH: libraries, LD_LIBRARY_PATH: libraries }
  return { headers, libraries, environment }
}

/** The variables to compile with: where there is no Debian none, and the compiler finds what the system has, or complains. */
export const compilerEnvironment = (): Promise<Readonly<Record<string, string>>> =>
  debian().then(
    ({ environment }) => environment,
    () => ({}),
  )
