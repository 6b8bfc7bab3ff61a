const WIDTH = 140

const STRING = /'(?:[^'\\]|\\.)*'/g
const COMMENT = /^\s*(\/\*|\*|\/\/)/

/** Where a statement may be broken, best first: each matches what stays on its line. No line that ends so is taken for a whole statement. */
const BREAKS = [
  /^ *(\} )?(else )?(if|for) \(.*\) (?=\w+[.(])/,
  /^ *(\} )?else (?=\w+\()/,
  /^ *(const|let) [^=]* =/,
  /^.+?(?= \?\? )/,
  /^.{60,}?(?= (&&|\+) )/,
]

type ImportKind = 'value' | 'type'

/** The head of a function. */
export interface Signature {
  readonly name: string
  /** Their types, by name. */
  readonly parameters: Readonly<Record<string, string>>
  readonly type: string
}

/** What is the same for all lines of a file. */
export interface Setting {
  readonly header: readonly string[]
  /** Where a name of the runtime is imported from. */
  readonly runtime: (name: string) => string
}

/** Collects the lines of one file. What a line uses from elsewhere is asked for with `use`, and the import statements write themselves. */
export class SourceFile {
  private readonly lines: string[] = []
  private readonly imports = new Map<string, Map<string, ImportKind>>()
  private depth = 0

  constructor(readonly setting: Setting) {}

  print(...lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line === '' ? '' : '  '.repeat(this.depth) + line)
  }

  /** `head {`, the body one step in, `tail`. */
  block(head: string, body: () => void, tail = '}'): void {
    this.print(`${head} {`)
    this.indent(body)
    this.print(tail)
  }

  /** A function; a parameter that its body does not use says so by an underscore, for compilers that look. */
  func({ name, parameters, type }: Signature, body: () => void): void {
    const lines = this.capture(body)
    const words = wordsOf(lines)
    const list = Object.entries(parameters).map(([parameter, of]) => `${words.has(parameter) ? '' : '_'}${parameter}: ${of}`)
    this.list(`function ${name}(`, list, `): ${type} {`, '')
    this.indent(() => this.print(...lines))
    this.print('}', '')
  }

  indent(body: () => void): void {
    this.depth++
    body()
    this.depth--
  }

  /** The lines that `body` prints, to be printed one step further in. */
  capture(body: () => void): readonly string[] {
    const start = this.lines.length
    this.indent(body)
    const indentation = 2 * (this.depth + 1)
    return this.lines.splice(start).map((line) => line.slice(indentation))
  }

  /** `head` and a list of parts, on one line where it fits. */
  list(head: string, parts: readonly string[], tail: string, padding = ' '): void {
    const line = [head, parts.join(', '), tail].join(padding)
    if (this.fits(line)) return this.print(line)
    this.print(head)
    // TypeScript allows no comma behind the last of its type arguments.
    const last = tail.startsWith('>') ? parts.length - 1 : parts.length
    this.indent(() => this.print(...parts.map((part, index) => (index === last ? part : `${part},`))))
    this.print(tail)
  }

  /** `head = test ? then : otherwise`, on one line where it fits. */
  choice(head: string, [test, then, otherwise]: readonly [string, string, string]): void {
    const line = `${head} = ${test} ? ${then} : ${otherwise}`
    if (this.fits(line)) return this.print(line)
    this.print(`${head} =`)
    this.indent(() => {
      this.print(test)
      this.indent(() => this.print(`? ${then}`, `: ${otherwise}`))
    })
  }

  /** A comment for whoever hovers over what follows; a line a text where one line cannot hold them. */
  doc(...texts: readonly string[]): void {
    const safe = texts.map((text) => text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim())
    const line = `/** ${safe.join(' ')} */`
    if (this.fits(line)) return this.print(line)
    this.print('/**', ...safe.flatMap((text) => wrap(text, WIDTH - 2 * this.depth - 3)).map((text) => ` * ${text}`), ' */')
  }

  /** Imports a value and gives its name back, to be put into a line. */
  use(name: string, from: string): string {
    return this.import(name, from, 'value')
  }

  useType(name: string, from: string): string {
    return this.import(name, from, 'type')
  }

  toString(): string {
    const imports = this.importStatements()
    const head = [...this.setting.header, ...(imports.length === 0 ? [] : ['', ...imports])]
    return `${[...head, '', ...this.lines.flatMap((line) => fitted(line, WIDTH))].join('\n')}\n`
  }

  /** Of what is printed in the end: a line that was asked for may not have been printed. */
  private importStatements(): readonly string[] {
    const words = wordsOf(this.lines)
    const sorted = [...this.imports].sort(([a], [b]) => (a < b ? -1 : 1))
    return sorted.flatMap(([from, names]) => {
      const used = [...names].filter(([name]) => words.has(name))
      return used.length === 0 ? [] : [importStatement(from, used)]
    })
  }

  private fits(line: string): boolean {
    return line.length + 2 * this.depth <= WIDTH
  }

  private import(name: string, from: string, kind: ImportKind): string {
    const names = this.imports.get(from) ?? new Map<string, ImportKind>()
    this.imports.set(from, names)
    if (names.get(name) !== 'value') names.set(name, kind)
    return name
  }
}

function importStatement(from: string, names: readonly (readonly [string, ImportKind])[]): string {
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  const allTypes = sorted.every(([, kind]) => kind === 'type')
  const list = sorted.map(([name, kind]) => (kind === 'type' && !allTypes ? `type ${name}` : name)).join(', ')
  const statement = `import ${allTypes ? 'type ' : ''}{ ${list} } from '${from}'`
  return statement.length <= WIDTH ? statement : statement.replace('{ ', '{\n  ').replaceAll(', ', ',\n  ').replace(' }', ',\n}')
}

/** What the lines name, other than as the key of a property. */
function wordsOf(lines: readonly string[]): ReadonlySet<string> {
  const code = lines.filter((line) => !COMMENT.test(line)).map((line) => line.replace(STRING, ''))
  return new Set(code.flatMap((line) => line.match(/\w+\b(?!:)/g) ?? []))
}

/** A line that is too long, broken where its parts meet. What cannot be broken stays as it is. */
function fitted(line: string, width: number): readonly string[] {
  if (line.length <= width || COMMENT.test(line)) return [line]
  const at = BREAKS.map((pattern) => pattern.exec(line)?.[0].length ?? line.length).find((length) => isBreak(line, length))
  if (at === undefined) return [line]
  const indentation = `${/^ */.exec(line)?.[0] ?? ''}  `
  return [line.slice(0, at).trimEnd(), ...fitted(indentation + line.slice(at).trimStart(), width)]
}

function isBreak(line: string, at: number): boolean {
  return at < line.length && !line.slice(0, at).replace(STRING, '').includes("'")
}

/** Breaks a text between words; a word that is too long stays whole. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
