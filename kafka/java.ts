import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export type OnPath = { readonly ok: true } | { readonly ok: false; readonly reason: string }

const run = promisify(execFile)

/** Apache Kafka 4 brokers need Java 17; javac is asked for rather than java, because the harness is compiled here. */
const OLDEST_JAVA = 17

const versionOf = async (command: string, versionArgument: string): Promise<number> => {
  const { stdout, stderr } = await run(command, [versionArgument])
  return Number(/\d+/.exec(stdout + stderr)?.[0] ?? 0)
}

const present = async (command: string, versionArgument: string, oldest: number): Promise<boolean> =>
  versionOf(command, versionArgument).then(
    (version) => version >= oldest,
    () => false,
  )

/** Whether a real Kafka can be built and run here; the reason is one line that says what to install. */
export const javaOnPath = async (): Promise<OnPath> => {
  const [java, maven] = await Promise.all([present('javac', '-version', OLDEST_JAVA), present('mvn', '--version', 0)])
  const missing = [...(java ? [] : [`a JDK ${OLDEST_JAVA} or newer (javac)`]), ...(maven ? [] : ['Maven (mvn)'])]
  if (missing.length === 0) return { ok: true }
  return { ok: false, reason: `not on the PATH: ${missing.join(' and ')}; on Debian: apt-get install openjdk-17-jdk-headless maven` }
}
