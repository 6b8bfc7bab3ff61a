/** A schema is wrong or says something that this generator does not know: `file: path.to.field: why`. */
export class SchemaError extends Error {
  constructor(file: string, path: string, why: string) {
    super(path === '' ? `${file}: ${why}` : `${file}: ${path}: ${why}`)
    this.name = 'SchemaError'
  }
}

/** A JSON object with the place where it stands, so that whoever refuses a value can say where it is. */
export class SchemaNode {
  private constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly file: string,
    readonly path: string,
  ) {}

  static root(value: unknown, file: string): SchemaNode {
    if (!isRecord(value)) throw new SchemaError(file, '', 'is not an object')
    return new SchemaNode(value, file, '')
  }

  refuse(why: string): never {
    throw new SchemaError(this.file, this.path, why)
  }

  allowOnly(keys: readonly string[]): void {
    const unknown = Object.keys(this.values).filter((key) => !keys.includes(key))
    if (unknown.length > 0) this.refuse(`unknown key ${unknown.map((key) => `'${key}'`).join(', ')}`)
  }

  has(key: string): boolean {
    return this.values[key] !== undefined
  }

  string(key: string): string {
    const value = this.values[key]
    return typeof value === 'string' ? value : this.refuse(`'${key}' must be a string`)
  }

  optionalString(key: string): string | undefined {
    return this.has(key) ? this.string(key) : undefined
  }

  boolean(key: string): boolean {
    const value = this.values[key] ?? false
    return typeof value === 'boolean' ? value : this.refuse(`'${key}' must be true or false`)
  }

  integer(key: string): number | undefined {
    const value = this.values[key]
    if (value === undefined) return undefined
    return typeof value === 'number' && Number.isInteger(value) ? value : this.refuse(`'${key}' must be an integer`)
  }

  strings(key: string): readonly string[] {
    const value = this.values[key] ?? []
    const strings = Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
    return Array.isArray(value) && strings.length === value.length ? strings : this.refuse(`'${key}' must be a list of strings`)
  }

  /** Children go by their names in the path, which a reader finds faster than an index. */
  nodes(key: string): readonly SchemaNode[] {
    const value = this.values[key] ?? []
    if (!Array.isArray(value)) return this.refuse(`'${key}' must be a list`)
    return value.map((item: unknown, index) => this.child(item, key, index))
  }

  private child(value: unknown, key: string, index: number): SchemaNode {
    const label = isRecord(value) && typeof value['name'] === 'string' ? value['name'] : String(index)
    const path = `${this.path === '' ? key : this.path}.${label}`
    if (!isRecord(value)) throw new SchemaError(this.file, path, 'is not an object')
    return new SchemaNode(value, this.file, path)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
