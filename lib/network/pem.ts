/** Certificates and keys as users have them: PEM text, its bytes, or the path of a PEM file. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ConfigError } from '../errors'

/** Text that holds `-----BEGIN`, bytes, or else the path of a PEM file. */
export type Pem = string | Uint8Array

/** One, or several. */
export type Pems = Pem | readonly Pem[]

const BEGINS = '-----BEGIN'

/** What cannot be opened is shown when it looks like a path, and not like a key that lost its first line, or like a password. */
const isShown = (text: string): boolean => /^[^\n]*[\\/.][^\n]*$/.test(text) && text.length <= LONGEST_SHOWN && !LOOKS_ENCODED.test(text)
const LONGEST_SHOWN = 200
const LOOKS_ENCODED = /^[A-Za-z0-9+/=]{40,}$/

/**
 * What `tls.ca`, `tls.cert` or `tls.key` holds; files are read at each call, so that one that was renewed is used. Throws a ConfigError
 * that names the option and the file, and never what is in it.
 */
export function readPems(option: string, given: Pems | undefined): readonly Uint8Array[] | undefined {
  if (given === undefined) return undefined
  return listOf(given).map((pem) => readPem(option, pem))
}

const listOf = (given: Pems): readonly Pem[] => (typeof given === 'string' || given instanceof Uint8Array ? [given] : given)

function readPem(option: string, pem: Pem): Uint8Array {
  const bytes = typeof pem === 'string' ? bytesOf(option, pem) : Buffer.from(pem)
  if (bytes.includes(`${BEGINS} CERTIFICATE`) && !isCertificate(bytes))
    throw new ConfigError([`${option}: no certificate can be read from it`])
  if (!bytes.includes(BEGINS)) throw new ConfigError([`${option}: what is there is no PEM: it has no line that starts with ${BEGINS}`])
  return bytes
}

/** Node passes over an authority that it cannot read, and would then trust nobody. */
function isCertificate(pem: Uint8Array): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}

function bytesOf(option: string, text: string): Buffer {
  if (text.includes(BEGINS)) return Buffer.from(text)
  try {
    return readFileSync(text)
  } catch (error) {
    const { code = 'not readable' } = error as NodeJS.ErrnoException
    throw new ConfigError([`${option}: ${isShown(text) ? `the file ${text}` : 'neither PEM text nor the path of a file'} (${code})`])
  }
}
