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
    return this.value(key) !== undefined
  }

  string(key: string): string {
    const value = this.value(key)
    return typeof value === 'string' ? value : this.refuse(`'${key}' must be a string`)
  }

  optionalString(key: string): string | undefined {
    return this.has(key) ? this.string(key) : undefined
  }

  /** Kafka's schemas write the default of a number or a boolean also as one. */
  optionalScalar(key: string): string | undefined {
    const value = this.value(key)
    if (typeof value === 'boolean') return String(value)
    if (typeof value !== 'number') return this.optionalString(key)
    const isExact = !Number.isInteger(value) || Number.isSafeInteger(value)
    return isExact ? String(value) : this.refuse(`'${key}' is a number beyond 2^53, which JSON readers round: write it as a string`)
  }

  /** Also in quotes, as in DeleteTopicsResponse of Kafka 2.8. */
  boolean(key: string): boolean {
    const value = this.value(key) ?? false
    if (value === 'true' || value === 'false') return value === 'true'
    return typeof value === 'boolean' ? value : this.refuse(`'${key}' must be true or false`)
  }

  /** Also in quotes, as some tags are (BrokerHeartbeatRequest of Kafka 3.9). */
  integer(key: string): number | undefined {
    const written = this.value(key)
    if (written === undefined) return undefined
    const value = typeof written === 'string' && /^\d+$/.test(written) ? Number(written) : written
    return typeof value === 'number' && Number.isInteger(value) ? value : this.refuse(`'${key}' must be an integer`)
  }

  strings(key: string): readonly string[] {
    const list = this.list(key)
    const strings = list.filter((item) => typeof item === 'string')
    return strings.length === list.length ? strings : this.refuse(`'${key}' must be a list of strings`)
  }

  /** Children go by their names in the path, which a reader finds faster than an index. */
  nodes(key: string): readonly SchemaNode[] {
    return this.list(key).map((item, index) => this.child(item, key, index))
  }

  /** A single value stands for a list of it, as in Kafka's own reader (Jackson's ACCEPT_SINGLE_VALUE_AS_ARRAY). */
  private list(key: string): readonly unknown[] {
    const value = this.value(key) ?? []
    return Array.isArray(value) ? value : [value]
  }

  /** A null of JSON is what was not said, as Kafka's own reader has it; the default null is the text "null". */
  private value(key: string): unknown {
    return this.values[key] ?? undefined
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
