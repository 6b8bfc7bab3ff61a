/** From `security.protocol` and what belongs to it to `tls` and `sasl`. */
import type { ProducerConfig } from '../config'
import { word } from './reader'
import { saslOf } from './sasl'
import type { Sheet } from './sheet'
import { tlsOf } from './tls'

const PROTOCOLS = {
  PLAINTEXT: { tls: false, sasl: false },
  SSL: { tls: true, sasl: false },
  SASL_PLAINTEXT: { tls: false, sasl: true },
  SASL_SSL: { tls: true, sasl: true },
}

/** Without the protocol Java passes over these. Whoever set them believes to be safe. */
const NEEDS_TLS = [
  'ssl.truststore.location',
  'ssl.truststore.certificates',
  'ssl.keystore.location',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
]

export function securityOf(sheet: Sheet): Pick<ProducerConfig, 'tls' | 'sasl'> {
  const key = 'security.protocol'
  const given = sheet.read(key, word(PROTOCOLS))
  // One that cannot be read is the one problem: it is not known which keys would go with it.
  if (given === undefined && sheet.text(key)) return {}
  const protocol = given ?? PROTOCOLS.PLAINTEXT
  if (!protocol.tls) without(sheet, NEEDS_TLS, 'without TLS it is not used: set security.protocol=SSL or SASL_SSL, or leave it out')
  if (!protocol.sasl)
    without(sheet, ['sasl.jaas.config'], 'nobody logs in: set security.protocol=SASL_SSL or SASL_PLAINTEXT, or leave it out')
  const sasl = protocol.sasl ? saslOf(sheet) : undefined
  return { ...(protocol.tls && { tls: tlsOf(sheet) }), ...(sasl !== undefined && { sasl }) }
}

function without(sheet: Sheet, keys: readonly string[], problem: string): void {
  for (const key of keys) if (sheet.text(key)) sheet.problem(key, problem)
}
