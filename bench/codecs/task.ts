import { createHash } from 'node:crypto'

/** One thing that a codec does again and again while the clock runs. */
export interface Task {
  /** The same for everybody who does the same: message, version, direction. */
  readonly name: string
  /** kafkajs answers with a Promise; its callers wait for it, and so does the clock. */
  readonly run: () => unknown
  readonly isAsync: boolean
  /** What the result says, in nobody's format: everybody's must be equal before anything is timed. */
  readonly facts: (result: unknown) => unknown
}

/** `facts` takes what `run` gives; the result's type is nobody else's business. */
export const task = <R>(name: string, run: () => R, facts: (result: R) => unknown): Task => ({
  name,
  run,
  isAsync: false,
  facts: (result) => facts(result as R),
})

export const asyncTask = <R>(name: string, run: () => Promise<R>, facts: (result: R) => unknown): Task => ({
  name,
  run,
  isAsync: true,
  facts: (result) => facts(result as R),
})

/** kafkajs gives 64 bits as text. */
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')

export const digestOf = (facts: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(facts, plain) ?? 'nothing')
    .digest('hex')
    .slice(0, 16)

/** The versions that are compared: the newest that all three speak, and the newest of the two that speak newer ones. */
export const VERSIONS = { produce: [7, 11], metadata: [6, 12], fetch: [11, 17] } as const

/** From here on Fetch names topics by id. */
export const FETCH_BY_ID = 13

export const named = {
  produceRequest: (version: number) => `Produce request v${version}, encode`,
  produceResponse: (version: number) => `Produce response v${version}, decode`,
  metadataResponse: (version: number) => `Metadata response v${version}, decode`,
  fetchRequest: (version: number) => `Fetch request v${version}, encode`,
  fetchResponse: (version: number) => `Fetch response v${version}, decode`,
}

/** A row of facts each, in this order. */
export const recordFacts = (fields: {
  readonly offset: unknown
  readonly timestamp: unknown
  readonly key: unknown
  readonly value: unknown
  readonly headers: readonly (readonly [unknown, unknown])[]
}): unknown => [
  String(fields.offset),
  String(fields.timestamp),
  bytesText(fields.key),
  bytesText(fields.value),
  fields.headers.map(pairText),
]

const pairText = ([key, value]: readonly [unknown, unknown]): unknown => [bytesText(key), bytesText(value)]

const bytesText = (value: unknown): string => (typeof value === 'string' ? hexOf(Buffer.from(value)) : hexOf(value as Uint8Array))
