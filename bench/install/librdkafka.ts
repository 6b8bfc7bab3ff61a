import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cached } from '../../kafka/cached'
import { wantedOf } from '../../kafka/peers'
import { compilerEnvironment, debian } from './debian'

const run = promisify(execFile)

const PROGRAM = join(__dirname, '..', 'programs', 'librdkafka.c')
const MOST_OUTPUT = 64 * 1024 * 1024

/** The C program, and the folder in which it finds its librdkafka. */
export interface Built {
  readonly program: string
  readonly libraries: string
}

const compile = async (name: string, headers: string, libraries: string): Promise<string> => {
  const source = readFileSync(PROGRAM)
  const folder = await cached(
    join('bench', `${name}-${createHash('sha256').update(source).digest('hex').slice(0, 12)}`),
    async (unfinished) => {
      const words = ['-O2', '-Wall', '-Wextra', '-o', join(unfinished, 'client'), PROGRAM]
      await run('gcc', [...words, `-I${headers}`, `-L${libraries}`, '-lrdkafka', '-lpthread', '-Wl,--allow-shlib-undefined'])
    },
  )
  return join(folder, 'client')
}

/** The current librdkafka, from the source that lies in the package of Confluent's binding. */
export const current = async (): Promise<Built> => {
  const env = { ...process.env, ...(await compilerEnvironment()) }
  const wanted = wantedOf('confluent')
  const folder = await cached(join('bench', `librdkafka-of-${wanted.replaceAll('/', '-')}`), async (unfinished) => {
    await run('npm', ['pack', '--silent', wanted], { cwd: unfinished })
    await run('sh', ['-c', 'tar -xzf *.tgz --strip-components=3 package/deps/librdkafka && rm *.tgz'], { cwd: unfinished })
    await run('sh', ['-c', './configure --disable-curl && make -j2 libs'], { cwd: unfinished, env, maxBuffer: MOST_OUTPUT })
    await run('sh', ['-c', 'mkdir librdkafka && cp src/*.h librdkafka/'], { cwd: unfinished })
  })
  const libraries = join(folder, 'src')
  return { program: await compile('librdkafka-client', folder, libraries), libraries }
}

/** Debian's librdkafka. */
export const ofDebian = async (): Promise<Built> => {
  const { headers, libraries } = await debian()
  return { program: await compile('librdkafka-debian-client', headers, libraries), libraries }
}
