import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { testsClassPath } from './jars'

const execute = promisify(execFile)

/** What javap prints of a class is long: it disassembles every method. */
const MOST_OUTPUT = 256 * 1024 * 1024

const DECLARATION = /^ {2}\S.*?(\w+)\(.*\).*;$/
const TEST = /^ {8}org\.junit\.jupiter\.(?:api\.(?:Test|RepeatedTest|TestFactory|TestTemplate)|params\.ParameterizedTest)(?:\(|$)/

/** The methods that JUnit runs, in the order of the class, from what `javap -v -p` prints. */
export function testMethodsIn(disassembly: string): readonly string[] {
  const methods = new Set<string>()
  let method = ''
  for (const line of disassembly.split('\n')) {
    method = DECLARATION.exec(line)?.[1] ?? method
    if (TEST.test(line)) methods.add(method)
  }
  return [...methods]
}

/**
 * The names of the cases of one test class of Kafka's clients. Read by javap and not by reflection, which wants every class that a method
 * of the test names: mocks, other modules, a servlet container.
 */
export async function testCasesOf(className: string): Promise<readonly string[]> {
  const words = ['-v', '-p', '-cp', await testsClassPath(), className]
  const { stdout } = await execute('javap', words, { maxBuffer: MOST_OUTPUT })
  return testMethodsIn(stdout)
}
