import { ProtocolError, UnsupportedVersionError } from '../errors'
import { Reader } from './reader'
import { Writer } from './writer'

export const NO_BYTES = new Uint8Array(0)

/** Both ends inclusive. */
export interface VersionRange {
  readonly min: number
  readonly max: number
}

/** What a message is for, as its schema says. */
export type MessageType = 'request' | 'response' | 'header' | 'data'

/** What the schema says about a message. */
export interface MessageFacts {
  readonly name: string
  readonly type: MessageType
  readonly apiKey: number | null
  readonly validVersions: VersionRange
  /** Null: no version is flexible. */
  readonly flexibleVersions: VersionRange | null
  /** The highest version may still change; it is never advertised and only used where that is asked for. */
  readonly latestVersionUnstable: boolean
  readonly listeners: readonly string[]
}

/** One Kafka message: what the schema says, and its codec. `Input` is what may be written: omitted fields are written as their defaults. */
export interface Message<Value extends Input, Input = Value> extends MessageFacts {
  /** The version of the request or response header that goes before this version of the message. */
  headerVersion(version: number): number
  /** A message with every field at its default. */
  create(): Value
  encode(value: Input, version: number): Uint8Array
  /** Refuses bytes that are left over. */
  decode(bytes: Uint8Array, version: number): Value
  write(writer: Writer, value: Input, version: number): void
  read(reader: Reader, version: number): Value
}

/** What a generated file brings along; the rest is the same for all. */
export interface MessageCodec<Value extends Input, Input = Value> extends MessageFacts {
  readonly headerVersion?: (version: number) => number
  readonly create: () => Value
  readonly write: (writer: Writer, value: Input, version: number) => void
  readonly read: (reader: Reader, version: number) => Value
}

export function defineMessage<Value extends Input, Input>(codec: MessageCodec<Value, Input>): Message<Value, Input> {
  const { name, validVersions, headerVersion } = codec
  const { min, max } = validVersions
  const check = (version: number): void => {
    if (!(version >= min && version <= max && Number.isInteger(version))) refuseVersion(name, version, validVersions)
  }
  const write = (writer: Writer, value: Input, version: number): void => {
    check(version)
    codec.write(writer, value, version)
  }
  const read = (reader: Reader, version: number): Value => {
    check(version)
    return codec.read(reader, version)
  }
  return {
    ...codec,
    headerVersion: (version) => {
      check(version)
      return headerVersion === undefined ? refuseHeader(name) : headerVersion(version)
    },
    write,
    read,
    encode: (value, version) => {
      const writer = new Writer()
      write(writer, value, version)
      return writer.finish()
    },
    decode: (bytes, version) => {
      const reader = new Reader(bytes)
      const value = read(reader, version)
      reader.finish(`${name} version ${String(version)}`)
      return value
    },
  }
}

/** The schema forbids null here, and the bytes say null. */
export function nullWasRead(reader: Reader, field: string, version: number): never {
  throw new ProtocolError(`${field} is null, which version ${String(version)} does not allow`, reader.position)
}

export function cannotWriteNull(field: string, version: number): never {
  throw new ProtocolError(`${field} cannot be null in version ${String(version)}`)
}

/** A value would be lost: the version lacks its field, and the schema does not call it ignorable. */
export function cannotWriteField(field: string, version: number): never {
  throw new UnsupportedVersionError(`${field} is not in version ${String(version)} and cannot be written other than at its default`)
}

export function unexpectedTag(reader: Reader, field: string, version: number): never {
  throw new ProtocolError(`${field} is tagged in the bytes, which version ${String(version)} does not allow`, reader.position)
}

function refuseVersion(name: string, version: number, { min, max }: VersionRange): never {
  throw new UnsupportedVersionError(`${name} has no version ${String(version)}: it has ${String(min)} to ${String(max)}`)
}

function refuseHeader(name: string): never {
  throw new ProtocolError(`${name} has no header: it is neither a request nor a response`)
}
