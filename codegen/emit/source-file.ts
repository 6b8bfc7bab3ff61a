const WIDTH = 140

type ImportKind = 'value' | 'type'

/** Collects the lines of one file. What a line uses from elsewhere is asked for with `use`, and the import statements write themselves. */
export class SourceFile {
  private readonly lines: string[] = []
  private readonly imports = new Map<string, Map<string, ImportKind>>()
  private depth = 0

  constructor(private readonly header: readonly string[]) {}

  print(...lines: readonly string[]): void {
    for (const line of lines) this.lines.push(line === '' ? '' : '  '.repeat(this.depth) + line)
  }

  /** `head {`, the body one step in, `tail`. */
  block(head: string, body: () => void, tail = '}'): void {
    this.print(`${head} {`)
    this.indent(body)
    this.print(tail)
  }

  indent(body: () => void): void {
    this.depth++
    body()
    this.depth--
  }

  /** The lines that `body` prints, without printing them. */
  capture(body: () => void): readonly string[] {
    const [start, depth] = [this.lines.length, this.depth]
    this.depth = 0
    body()
    this.depth = depth
    return this.lines.splice(start)
  }

  /** `head` and a list of parts, on one line where it fits. */
  list(head: string, parts: readonly string[], tail: string): void {
    const line = `${head} ${parts.join(', ')} ${tail}`
    if (this.fits(line)) return this.print(line)
    this.print(head)
    this.indent(() => this.print(...parts.map((part) => `${part},`)))
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

  doc(text: string): void {
    this.print(`/** ${text} */`)
  }

  /** Imports a value and gives its name back, to be put into a line. */
  use(name: string, from: string): string {
    return this.import(name, from, 'value')
  }

  useType(name: string, from: string): string {
    return this.import(name, from, 'type')
  }

  toString(): string {
    const imports = [...this.imports].sort(([a], [b]) => (a < b ? -1 : 1)).map(([from, names]) => importStatement(from, names))
    const head = [...this.header, ...(imports.length === 0 ? [] : ['', ...imports])]
    return `${[...head, '', ...this.lines].join('\n')}\n`
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

function importStatement(from: string, names: ReadonlyMap<string, ImportKind>): string {
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
  const allTypes = sorted.every(([, kind]) => kind === 'type')
  const list = sorted.map(([name, kind]) => (kind === 'type' && !allTypes ? `type ${name}` : name)).join(', ')
  return `import ${allTypes ? 'type ' : ''}{ ${list} } from '${from}'`
}
