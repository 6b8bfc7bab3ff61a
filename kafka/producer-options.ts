/** What Kafka's own classes say of the options of Java's producer. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { classPath } from './jars'

const execute = promisify(execFile)

export interface ProducerKey {
  readonly name: string
  readonly type: string
  /** As it stands in a file; null: there is none; `required`. */
  readonly default: string | null
}

async function said(main: string, ...programArguments: readonly string[]): Promise<unknown> {
  const { stdout } = await execute('java', ['-cp', await classPath('options'), `kafkarx.options.${main}`, ...programArguments])
  return JSON.parse(stdout)
}

/** Every key of ProducerConfig, by name. */
export const producerKeys = async (): Promise<readonly ProducerKey[]> => (await said('ProducerKeys')) as readonly ProducerKey[]

/** What java.util.Properties reads in each text; null where it refuses. */
export const javaProperties = async (texts: readonly string[]): Promise<readonly (Readonly<Record<string, string>> | null)[]> =>
  (await said('PropertiesText', JSON.stringify(texts))) as readonly (Readonly<Record<string, string>> | null)[]
