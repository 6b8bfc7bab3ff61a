import { execFile } from 'node:child_process'
import type { ExecFileException } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from './cached'

const execute = promisify(execFile)

/** Maven complains on standard output, which the error of Node leaves out. */
const run = async (command: string, words: readonly string[]): Promise<void> => {
  await execute(command, [...words]).catch((error: unknown) => {
    const { message, stdout } = error as ExecFileException & { readonly stdout: string }
    throw new Error(`${message}\n${stdout}`.trim())
  })
}

const POM = join(__dirname, 'pom.xml')
const TOOLS_POM = join(__dirname, 'tools-pom.xml')
const RELEASE_POM = join(__dirname, 'release-pom.xml')
const TESTS_POM = join(__dirname, 'tests-pom.xml')
const JAVA_SOURCES = join(__dirname, 'java', 'kafkarx')

const fingerprint = (files: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

const copyJars =
  (pom: string, ...properties: readonly string[]) =>
  (folder: string): Promise<void> => {
    const where = ['-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
    return run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', ...where, ...properties])
  }

/** The folder with the jars of Apache Kafka, fetched by Maven once. */
export const jarFolder = (): Promise<string> => cached(`kafka-jars-${fingerprint([POM])}`, copyJars(POM))

/** The class path of Kafka's command line tools, which are of another release, and run on its jars. */
export const toolsClassPath = async (): Promise<string> =>
  join(await cached(`kafka-tools-${fingerprint([TOOLS_POM])}`, copyJars(TOOLS_POM)), '*')

/** The class path of the tests of Kafka's own clients. */
export const testsClassPath = async (): Promise<string> => {
  const folder = await cached(`kafka-tests-${fingerprint([TESTS_POM])}`, copyJars(TESTS_POM))
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .join(delimiter)
}

/** The folder with the jars of a broker of another release. */
export const releaseJarFolder = (release: string): Promise<string> =>
  cached(`kafka-${release}-${fingerprint([RELEASE_POM])}`, copyJars(RELEASE_POM, `-Dkafka.release=${release}`))

/** The folder with the classes of one of our Java programs, compiled once against these jars; each program has a folder of its own. */
const classFolder = (program: string, jars: string, pom: string): Promise<string> => {
  const sources = readdirSync(join(JAVA_SOURCES, program))
    .sort()
    .map((name) => join(JAVA_SOURCES, program, name))
  return cached(`${program}-${fingerprint([pom, ...sources])}`, (folder) =>
    run('javac', ['--release', '17', '-nowarn', '-cp', jars, '-d', folder, ...sources]),
  )
}

/** The class path of Apache Kafka and of one of our Java programs. */
export const classPath = async (program: string): Promise<string> => {
  const jars = join(await jarFolder(), '*')
  return [await classFolder(program, jars, POM), jars].join(delimiter)
}

/** The class path of a release of Apache Kafka with KRaft: what starts the current one starts it too, as it was compiled for that. */
export const kraftClassPath = async (release: string): Promise<string> => {
  const compiled = await classFolder('harness', join(await jarFolder(), '*'), POM)
  return [compiled, join(await releaseJarFolder(release), '*')].join(delimiter)
}

/** The class path of a release of Apache Kafka with ZooKeeper, and of what starts both. */
export const zooKeeperClassPath = async (release: string): Promise<string> => {
  const jars = join(await releaseJarFolder(release), '*')
  return [await classFolder('zookeeper', jars, RELEASE_POM), jars].join(delimiter)
}
