/** Certificates made at run time with nothing but Node: just enough of X.509 (RFC 5280) for brokers, clients and their authorities. */
import { generateKeyPairSync, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { isIP } from 'node:net'

export interface Identity {
  /** PEM text. */
  readonly cert: string
  readonly key: string
}

export interface Authority extends Identity {
  issue(name: string, options?: IssueOptions): Identity
}

export interface IssueOptions {
  /** Host names and IPv4 addresses. Default: none. */
  readonly hosts?: readonly string[]
  readonly from?: Date
  readonly until?: Date
  /** What the key is encrypted with. Default: it is not. */
  readonly passphrase?: string
}

const A_DAY = 86_400_000

export function authority(name: string): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = { name, key: keys.privateKey }
  return {
    cert: certificate({ name, issuer, publicKey: keys.publicKey, isAuthority: true }),
    key: pemOf(keys.privateKey),
    issue: (subject, { passphrase, ...options } = {}) => {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      return { cert: certificate({ name: subject, issuer, publicKey, isAuthority: false, ...options }), key: pemOf(privateKey, passphrase) }
    },
  }
}

const pemOf = (key: KeyObject, passphrase?: string): string =>
  key.export({ type: 'pkcs8', format: 'pem', ...(passphrase !== undefined && { cipher: 'aes-256-cbc', passphrase }) }).toString()

interface Wanted extends Omit<IssueOptions, 'passphrase'> {
  readonly name: string
  readonly issuer: { readonly name: string; readonly key: KeyObject }
  readonly publicKey: KeyObject
  readonly isAuthority: boolean
}

let serial = 1

function certificate({ name, issuer, publicKey, isAuthority, hosts = [], ...valid }: Wanted): string {
  const { from = new Date(Date.now() - A_DAY), until = new Date(Date.now() + A_DAY) } = valid
  const extensions = [
    ...(isAuthority ? [extension('2.5.29.19', sequence(der(BOOLEAN, Buffer.from([0xff]))))] : []),
    ...(hosts.length > 0 ? [extension('2.5.29.17', sequence(...hosts.map(generalName)))] : []),
  ]
  const body = sequence(
    der(0xa0, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, Buffer.from([1, serial++ & 0xff])),
    ECDSA_WITH_SHA256,
    nameOf(issuer.name),
    sequence(time(from), time(until)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  )
  const signed = sequence(body, ECDSA_WITH_SHA256, der(BIT_STRING, Buffer.from([0]), sign('sha256', body, issuer.key)))
  const lines = signed.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`
}

const BOOLEAN = 0x01
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OBJECT_IDENTIFIER = 0x06
const UTF8_STRING = 0x0c
const UTC_TIME = 0x17
const SEQUENCE = 0x30
const SET = 0x31

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const length = lengthOf(content.length)
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

/** As short as it can be: Java reads others, and then finds that signatures do not fit. */
const lengthOf = (size: number): readonly number[] => (size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff])

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(SEQUENCE, ...parts)

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return der(OBJECT_IDENTIFIER, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

function base128(value: number): readonly number[] {
  const bytes = [value & 0x7f]
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift(0x80 | (left & 0x7f))
  return bytes
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'))

const COMMON_NAME = '2.5.4.3'
const nameOf = (text: string): Buffer => sequence(der(SET, sequence(oid(COMMON_NAME), der(UTF8_STRING, Buffer.from(text)))))

const time = (date: Date): Buffer => der(UTC_TIME, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/g, '')}Z`))

const extension = (id: string, value: Uint8Array): Buffer => sequence(oid(id), der(OCTET_STRING, value))

const generalName = (host: string): Buffer =>
  isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
