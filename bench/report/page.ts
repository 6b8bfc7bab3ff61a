import type { Measured } from '../results'
import { caseOf, figuresOf, notesOf, targetsOf, titleOf } from './rows'
import type { Rows } from './rows'

const escaped = (text: string): string => text.replaceAll('|', '\\|')

/** Numbers to the right; a table of words to the left. */
const tableOf = ({ head, rows }: Rows, align: '---' | '--:'): string => {
  const lines = [head, ['---', ...head.slice(1).map(() => align)], ...rows]
  return lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n')
}

const caseSection = (measured: Measured): string => {
  const one = caseOf(measured)
  const about = `\`npm run bench -- --case ${one.name}\`, best of ${measured.rounds} (the worst in brackets), ${measured.at.slice(0, 10)}, load of the machine before: ${measured.load}.`
  const notes = notesOf(measured).map((note) => `- ${note}`)
  return [`### ${one.title}`, '', about, '', tableOf(figuresOf(measured), '--:'), '', ...notes].join('\n').trim()
}

/** Who ran, and who did not and why: once for all cases. */
const versions = (all: readonly Measured[]): string => {
  const parts = all.flatMap(({ parts }) => parts)
  const rows = [...new Set(parts.map(({ client }) => client))].map((client) => {
    const ofOne = parts.filter((part) => part.client === client)
    const ran = new Set(ofOne.map(({ version }) => version).filter((version) => version !== ''))
    return [titleOf(client), ran.size > 0 ? [...ran].join('; ') : `absent: ${ofOne[0]?.reason ?? ''}`]
  })
  return tableOf({ head: ['client', 'what ran'], rows }, '---')
}

const machines = (all: readonly Measured[]): string => [...new Set(all.map(({ machine }) => machine))].map((one) => `- ${one}`).join('\n')

/** The parts of the page that come from data; the rest is written by hand in `page.md`. */
const PARTS: Readonly<Record<string, (all: readonly Measured[]) => string>> = {
  machines,
  versions,
  targets: (all) => tableOf(targetsOf(all), '---'),
  cases: (all) => all.map(caseSection).join('\n\n'),
}

/** What others have measured, from the files that their programs have written: text as it was printed, Markdown as part of this page. */
export type ReadResult = (file: string) => string | undefined

/** Its title is that of our section, and what stands below it goes one rank down. */
const asPart = (page: string): string => page.replace(/^# .*\n+/, '').replace(/^##/gm, '###')

const included = (file: string, read: ReadResult): string | undefined => {
  const text = read(file)?.trim()
  if (text === undefined) return undefined
  return file.endsWith('.md') ? asPart(text) : `\`\`\`text\n${text}\n\`\`\``
}

/** From a heading `## …` to the next. */
const sectionsOf = (template: string): readonly string[] => template.split(/^(?=## )/m)

const MARK = /^<!-- (part|file): (\S+) -->$/gm

/** A section of files of which none is there is left out whole. */
const filled = (section: string, all: readonly Measured[], read: ReadResult): string | undefined => {
  const marks = [...section.matchAll(MARK)]
  const files = marks.filter(([, kind]) => kind === 'file').map(([, , name = '']) => included(name, read))
  if (files.length > 0 && files.every((file) => file === undefined)) return undefined
  return section.replace(MARK, (_, kind: string, name: string) => {
    if (kind === 'file') return included(name, read) ?? ''
    const make = PARTS[name]
    if (!make) throw new Error(`the template wants a part ${name}, and there is none`)
    return make(all)
  })
}

/** The page of the benchmarks, from its template and the results. */
export const renderPage = (template: string, all: readonly Measured[], read: ReadResult): string =>
  sectionsOf(template)
    .map((section) => filled(section, all, read))
    .filter((section) => section !== undefined)
    .join('')
