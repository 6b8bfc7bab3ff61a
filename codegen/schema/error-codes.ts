import { parseJson } from './json'
import { SchemaNode } from './node'

const NAME = /^[A-Z][A-Z0-9_]*$/

export interface ErrorCode {
  readonly errorCode: number
  readonly name: string
  readonly retriable: boolean
  readonly invalidMetadata: boolean
}

export function readErrorCodes(text: string, file: string): readonly ErrorCode[] {
  return SchemaNode.root({ errorCodes: parseJson(text, file) }, file)
    .nodes('errorCodes')
    .map((node) => {
      node.allowOnly(['errorCode', 'name', 'retriable', 'invalidMetadata'])
      return {
        errorCode: node.integer('errorCode') ?? node.refuse("'errorCode' is missing"),
        name: readName(node),
        retriable: node.boolean('retriable'),
        invalidMetadata: node.boolean('invalidMetadata'),
      }
    })
}

function readName(node: SchemaNode): string {
  const name = node.string('name')
  return NAME.test(name) ? name : node.refuse(`'${name}' is no name of an error code`)
}
