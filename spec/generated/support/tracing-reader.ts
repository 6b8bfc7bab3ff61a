import { Reader } from '../../../lib/wire/reader'

/** What lies in the bytes of a message, by the method that read it. */
export interface Span {
  readonly kind: 'string' | 'compactString' | 'bytes' | 'compactBytes' | 'arrayLength' | 'compactArrayLength' | 'tagCount' | 'tagSize'
  /** Where its length or count begins and ends. */
  readonly from: number
  readonly to: number
  /** Where everything that was read in the same breath ends: behind the text of a string. */
  readonly end: number
}

/** One field of a tag section, from its tag to the end of its payload. */
export interface TagSpan {
  readonly tag: number
  readonly from: number
  readonly to: number
}

export interface TagSection {
  readonly countFrom: number
  readonly countTo: number
  readonly size: number
  readonly fields: TagSpan[]
}

/** Reads as any reader, and remembers where lengths and tags were: a map of the bytes to tamper with. */
export class TracingReader extends Reader {
  readonly spans: Span[] = []
  readonly sections: TagSection[] = []
  /** Sections whose fields are still being read, the innermost last. */
  private readonly open: TagSection[] = []
  private depth = 0
  private lastVarint = { from: 0, value: 0 }

  override string(): string | null {
    return this.traced('string', 2, () => super.string())
  }

  override compactString(): string | null {
    return this.traced('compactString', 0, () => super.compactString())
  }

  override bytes(): Uint8Array | null {
    return this.traced('bytes', 4, () => super.bytes())
  }

  override compactBytes(): Uint8Array | null {
    return this.traced('compactBytes', 0, () => super.compactBytes())
  }

  override arrayLength(): number {
    return this.traced('arrayLength', 4, () => super.arrayLength())
  }

  override compactArrayLength(): number {
    return this.traced('compactArrayLength', 0, () => super.compactArrayLength())
  }

  override tagCount(): number {
    const countFrom = this.position
    const size = this.traced('tagCount', 0, () => super.tagCount())
    const section = { countFrom, countTo: this.position, size, fields: [] }
    this.sections.push(section)
    if (size > 0) this.open.push(section)
    return size
  }

  override tagEnd(): number {
    const { from, value } = this.lastVarint
    const end = this.traced('tagSize', 0, () => super.tagEnd())
    while (this.open.at(-1)?.fields.length === this.open.at(-1)?.size) this.open.pop()
    this.open.at(-1)?.fields.push({ tag: value, from, to: end })
    return end
  }

  override unsignedVarint(): number {
    const from = this.position
    const value = super.unsignedVarint()
    // Within a traced call this is its length; between two of them, a tag.
    if (this.depth === 0) this.lastVarint = { from, value }
    else this.lengthTo = this.position
    return value
  }

  private lengthTo = 0

  private traced<T>(kind: Span['kind'], width: number, read: () => T): T {
    const from = this.position
    this.depth++
    const result = read()
    this.depth--
    this.spans.push({ kind, from, to: width > 0 ? from + width : this.lengthTo, end: this.position })
    return result
  }
}
