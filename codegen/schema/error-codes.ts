import { SchemaNode } from './node'

export interface ErrorCode {
  readonly errorCode: number
  readonly name: string
  readonly retriable: boolean
  readonly invalidMetadata: boolean
}

export function readErrorCodes(text: string, file: string): readonly ErrorCode[] {
  return SchemaNode.root({ errorCodes: JSON.parse(text) as unknown }, file)
    .nodes('errorCodes')
    .map((node) => {
      node.allowOnly(['errorCode', 'name', 'retriable', 'invalidMetadata'])
      return {
        errorCode: node.integer('errorCode') ?? node.refuse("'errorCode' is missing"),
        name: node.string('name'),
        retriable: node.boolean('retriable'),
        invalidMetadata: node.boolean('invalidMetadata'),
      }
    })
}
