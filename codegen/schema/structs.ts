import { readField, readName, readVersions, type FieldScope } from './field'
import type { Field, FieldType, Struct } from './model'
import type { SchemaNode } from './node'
import { contains, intersect, type Versions } from './versions'

const STRUCT_KEYS = ['name', 'versions', 'fields']

/** Reads the structs of one message: those inside of fields, and the common ones that fields name. */
export class StructReader {
  private readonly common = new Map<string, SchemaNode>()
  /** In the order in which a reader of the message meets them; undefined while a struct is being read, and so held by itself. */
  private readonly structs = new Map<string, Struct | undefined>()

  constructor(
    private readonly message: SchemaNode,
    private readonly validVersions: Versions,
    private readonly flexibleVersions: Versions,
  ) {
    for (const node of message.nodes('commonStructs')) {
      node.allowOnly(STRUCT_KEYS)
      const name = readName(node)
      if (this.common.has(name)) node.refuse('is there twice')
      this.common.set(name, node)
    }
  }

  readRoot(): Struct {
    return { name: readName(this.message), versions: this.validVersions, fields: this.readFields(this.message, this.validVersions, true) }
  }

  all(): readonly Struct[] {
    for (const node of this.common.values()) this.readCommon(node)
    return [...this.structs.values()].filter((struct) => struct !== undefined)
  }

  private readFields(node: SchemaNode, versions: Versions, isTopLevel: boolean): readonly Field[] {
    const scope: FieldScope = { versions, flexibleVersions: this.flexibleVersions, isTopLevel }
    const fields = node.nodes('fields').map((child) => {
      const field = readField(child, scope)
      this.readStructOf(child, field)
      return field
    })
    checkUnique(node, fields)
    checkTags(node, fields)
    return fields
  }

  private readStructOf(node: SchemaNode, field: Field): void {
    const name = structName(field.type)
    if (name === undefined) return
    const common = this.common.get(name)
    if (node.has('fields')) this.readInline(node, name, field.versions)
    else if (this.isBeingRead(name)) node.refuse(`struct '${name}' holds itself: its values would have no end`)
    else if (common === undefined) node.refuse(`struct '${name}' is nowhere defined`)
    else if (!contains(this.readCommon(common), field.versions)) node.refuse(`struct '${name}' lacks some of its versions`)
  }

  private isBeingRead(name: string): boolean {
    return this.structs.has(name) && this.structs.get(name) === undefined
  }

  private readInline(node: SchemaNode, name: string, versions: Versions): void {
    if (this.common.has(name)) node.refuse(`struct '${name}' is a common struct and cannot be defined again`)
    if (this.structs.has(name)) node.refuse(`struct '${name}' is defined twice`)
    this.structs.set(name, undefined)
    this.structs.set(name, { name, versions, fields: this.readFields(node, versions, false) })
  }

  private readCommon(node: SchemaNode): Versions {
    const name = readName(node)
    const versions = intersect(readVersions(node, 'versions') ?? node.refuse("'versions' is missing"), this.validVersions)
    if (this.structs.has(name)) return versions
    this.structs.set(name, undefined)
    this.structs.set(name, { name, versions, fields: this.readFields(node, versions, false) })
    return versions
  }
}

function structName(type: FieldType): string | undefined {
  const element = type.kind === 'array' ? type.element : type
  return element.kind === 'struct' ? element.name : undefined
}

function checkUnique(node: SchemaNode, fields: readonly Field[]): void {
  const seen = new Set(['unknownTaggedFields'])
  for (const { name, property } of fields) {
    if (seen.has(property)) node.refuse(`field '${name}' is there twice`)
    seen.add(property)
  }
}

/** Tags from 0 without gaps: what the writer relies on when it puts unknown tags behind the known ones. */
function checkTags(node: SchemaNode, fields: readonly Field[]): void {
  const tags = fields.flatMap(({ tag }) => (tag === null ? [] : [tag])).sort((a, b) => a - b)
  tags.forEach((tag, index) => {
    if (tag !== index) node.refuse(`tags must be 0, 1, 2 …: ${String(tag)} stands where ${String(index)} is due`)
  })
}
