import { cpus, loadavg } from 'node:os'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const HEAD = /^== /m

export const machineLine = (): string =>
  `${new Date().toISOString()}, ${String(cpus().length)} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; load of the machine before: ${(loadavg()[0] ?? 0).toFixed(1)}`

/** The sections of a file by the first word of their heads. */
export const sectionsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .split(HEAD)
      .slice(1)
      .map((section) => [/^\w+/.exec(section)?.[0] ?? '', section.trimEnd()] as const),
  )

/** One section of a file under bench/results, in place of the one that was there: each part can be measured alone. */
export const keepSection = async (file: string, name: string, text: string): Promise<void> => {
  const path = join(__dirname, '..', 'results', file)
  const before = existsSync(path) ? sectionsOf(await readFile(path, 'utf8')) : new Map<string, string>()
  const sections = new Map([...before, [name, `${name}: ${text.trimEnd()}`]])
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, [...sections.values()].map((section) => `== ${section}\n`).join('\n'))
}
