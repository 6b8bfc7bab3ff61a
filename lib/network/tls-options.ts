/** What users hand in as `tls`, checked before anything opens. No value is ever shown: it may be a key. */
import { contextProblems } from './tls'
import type { TlsOptions } from './tls'

/** What an option may be, in words. */
type Kind = readonly [expected: string, is: (value: unknown) => boolean]

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isPem = (value: unknown): boolean => isText(value) || value instanceof Uint8Array

const TEXT: Kind = ['a text', isText]
const PEMS: Kind = ['PEM text, its bytes, the path of a PEM file, or a list of these', (value) => isPem(value) || isPemList(value)]
const VERSION: Kind = ["'TLSv1.2' or 'TLSv1.3'", (value) => value === 'TLSv1.2' || value === 'TLSv1.3']
const BOOLEAN: Kind = ['true or false', (value) => typeof value === 'boolean']

const isPemList = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isPem)

const KINDS: Readonly<Record<keyof TlsOptions, Kind>> = {
  ca: PEMS,
  cert: PEMS,
  key: PEMS,
  passphrase: ['a text', (value) => typeof value === 'string'],
  servername: TEXT,
  rejectUnauthorized: BOOLEAN,
  checkServerIdentity: ['true, false or a function', (value) => typeof value === 'boolean' || typeof value === 'function'],
  minVersion: VERSION,
  maxVersion: VERSION,
  ciphers: TEXT,
}

/** A sentence for each problem: unknown names, wrong types, what contradicts each other, certificates and keys that cannot be used. */
export function tlsOptionProblems(given: unknown): readonly string[] {
  if (given === true) return []
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return ['tls: true, false, or an object expected']
  const problems = [...Object.entries(given).flatMap(([name, value]) => problemOf(name, value)), ...contradictions(given)]
  return problems.length > 0 ? problems : contextProblems(given)
}

function problemOf(name: string, value: unknown): readonly string[] {
  if (!Object.hasOwn(KINDS, name)) return [`tls.${name}: there is no such option`]
  const [expected, is] = KINDS[name as keyof TlsOptions]
  return value === undefined || is(value) ? [] : [`tls.${name}: ${expected} expected`]
}

function contradictions({ cert, key, passphrase, minVersion, maxVersion }: TlsOptions): readonly string[] {
  return [
    ...(cert !== undefined && key === undefined ? ['tls.key: expected together with tls.cert'] : []),
    ...(key !== undefined && cert === undefined ? ['tls.cert: expected together with tls.key'] : []),
    ...(passphrase !== undefined && key === undefined ? ['tls.passphrase: opens tls.key, which is not given'] : []),
    ...(minVersion === 'TLSv1.3' && maxVersion === 'TLSv1.2' ? ['tls.maxVersion: below tls.minVersion'] : []),
  ]
}
