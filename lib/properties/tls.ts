/** From `ssl.*` to `tls`. */
import type { TlsOptions } from '../network/tls'
import { cipherSuites } from './cipher-suites'
import { anyText, cutList } from './reader'
import type { Reader } from './reader'
import type { Sheet } from './sheet'

export function tlsOf(sheet: Sheet): true | TlsOptions {
  const ciphers = sheet.read('ssl.cipher.suites', cipherSuites)
  const options: TlsOptions = {
    ...trustOf(sheet),
    ...identityOf(sheet),
    ...sheet.read('ssl.enabled.protocols', versions),
    ...serverNameOf(sheet),
    ...(ciphers !== undefined && { ciphers }),
  }
  return Object.keys(options).length === 0 ? true : options
}

function trustOf(sheet: Sheet): Pick<TlsOptions, 'ca'> {
  const certificates = sheet.read('ssl.truststore.certificates', pem)
  const file = pemFile(sheet, 'truststore')
  if (certificates !== undefined && file !== undefined) {
    sheet.problem('ssl.truststore.certificates', 'ssl.truststore.location is given too: leave out one of them')
  }
  const ca = certificates ?? file
  return ca === undefined ? {} : { ca }
}

function identityOf(sheet: Sheet): Pick<TlsOptions, 'cert' | 'key' | 'passphrase'> {
  const passphrase = sheet.read('ssl.key.password', anyText)
  const cert = sheet.read('ssl.keystore.certificate.chain', pem)
  const key = sheet.read('ssl.keystore.key', pem)
  const file = pemFile(sheet, 'keystore')
  const isInline = cert !== undefined || key !== undefined
  if (isInline && file !== undefined) sheet.problem('ssl.keystore.location', 'ssl.keystore.key is given too: leave out one of them')
  if (isInline && cert === undefined) sheet.problem('ssl.keystore.certificate.chain', 'expected beside ssl.keystore.key')
  if (isInline && key === undefined) sheet.problem('ssl.keystore.key', 'expected beside ssl.keystore.certificate.chain')
  return {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(file !== undefined && !isInline && { cert: file, key: file }),
    ...(passphrase !== undefined && { passphrase }),
  }
}

/** The path of a store, if it is one that can be read. */
function pemFile(sheet: Sheet, store: 'truststore' | 'keystore'): string | undefined {
  const location = sheet.read(`ssl.${store}.location`, anyText)
  const type = sheet.read(`ssl.${store}.type`, anyText) ?? (location === undefined ? 'PEM' : 'JKS')
  if (type.toUpperCase() !== 'PEM') {
    if (location !== undefined) sheet.problem(`ssl.${store}.location`, toConvert(type, store, location))
    return undefined
  }
  if (sheet.text(`ssl.${store}.password`)) sheet.problem(`ssl.${store}.password`, PASSWORD[store])
  return location
}

const PASSWORD = {
  truststore: 'certificates as PEM have no password: leave it out',
  keystore: 'a PEM file as a whole has no password: give that of its key as ssl.key.password',
}

/** Without the words for what only a certificate has, or only a key. */
const WITHOUT = { truststore: '-nokeys', keystore: '-noenc' }

function toConvert(type: string, store: 'truststore' | 'keystore', location: string): string {
  const pkcs12 = type.toUpperCase() === 'PKCS12'
  const [from, to] = [pkcs12 ? location : `${location}.p12`, `${location}.pem`]
  const steps = [
    ...(pkcs12 ? [] : [`keytool -importkeystore -srckeystore ${location} -destkeystore ${from} -deststoretype PKCS12`]),
    `openssl pkcs12 -in ${from} -out ${to} ${WITHOUT[store]}`,
  ]
  return `a store of type ${type} cannot be read: ${steps.join(' && ')}; then ssl.${store}.type=PEM and ssl.${store}.location=${to}`
}

const pem: Reader<string> = (text) => (text.includes('-----BEGIN ') ? { value: text } : { expected: 'PEM text (-----BEGIN …)' })

type Version = 'TLSv1.2' | 'TLSv1.3'
const VERSIONS: readonly Version[] = ['TLSv1.2', 'TLSv1.3']
const isVersion = (name: string): name is Version => VERSIONS.some((version) => version === name)

const versions: Reader<Pick<TlsOptions, 'minVersion' | 'maxVersion'>> = (text) => {
  const named = cutList(text)
  const known = VERSIONS.filter((version) => named.includes(version))
  const [minVersion] = known
  const maxVersion = known.at(-1)
  if (minVersion === undefined || maxVersion === undefined || !named.every(isVersion)) return { expected: 'TLSv1.2, TLSv1.3 or both' }
  return { value: known.length === VERSIONS.length ? {} : { minVersion, maxVersion } }
}

/** Empty is a value of this key: the one that people look for. */
function serverNameOf(sheet: Sheet): Pick<TlsOptions, 'checkServerIdentity'> {
  const key = 'ssl.endpoint.identification.algorithm'
  const algorithm = sheet.text(key)
  if (algorithm === '') return { checkServerIdentity: false }
  if (algorithm !== undefined && algorithm.toLowerCase() !== 'https')
    sheet.problem(key, `${sheet.shown(key)} given; https or nothing expected`)
  return {}
}
