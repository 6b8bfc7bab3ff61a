/** Java's names of cipher suites (IANA's) in OpenSSL's, which Node takes. Those of TLS 1.3 are the same in both. */
import { cutList } from './reader'
import type { Reader } from './reader'

/** One text for `ciphers`. */
export const cipherSuites: Reader<string> = (text) => {
  const names = cutList(text)
  const unknown = names.filter((name) => openSslName(name) === undefined)
  return unknown.length > 0
    ? { expected: `names that OpenSSL has (not ${unknown.join(', ')}), or none,` }
    : { value: names.map((name) => openSslName(name)).join(':') }
}

const TLS_1_3 = /^TLS_(?:AES_(?:128|256)_(?:GCM|CCM|CCM_8)|CHACHA20_POLY1305)_SHA(?:256|384)$/
/** Key exchange, cipher, and where it is no AEAD that OpenSSL names without it, the hash. */
const TLS_1_2 =
  /^TLS_((?:ECDHE|DHE)_(?:RSA|ECDSA)|RSA)_WITH_(?:(CHACHA20_POLY1305)_SHA256|AES_(128|256)_(?:GCM_(SHA256|SHA384)|CBC_(SHA|SHA256|SHA384)))$/

function openSslName(name: string): string | undefined {
  if (TLS_1_3.test(name)) return name
  const match = TLS_1_2.exec(name)
  if (match === null) return undefined
  const [, exchange = '', chacha, bits = '', gcm, cbc = ''] = match
  const cipher = chacha === undefined ? `AES${bits}-${gcm === undefined ? cbc : `GCM-${gcm}`}` : 'CHACHA20-POLY1305'
  return exchange === 'RSA' ? cipher : `${exchange.replace('_', '-')}-${cipher}`
}
