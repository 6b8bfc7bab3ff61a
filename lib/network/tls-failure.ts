/** From what Node and OpenSSL say of a handshake to an error that says what to check. */
import { ConnectError, TlsError } from '../errors'
import type { KafkaError, TlsCause } from '../errors'
import type { Address } from './transport'

interface Rule {
  readonly why: TlsCause
  /** Of Node's code and message. */
  readonly says: RegExp
  readonly advice: (error: NodeTlsError, address: Address) => string
}

/** What Node adds to an error of a certificate's names. */
interface NodeTlsError extends Error {
  readonly code?: string
  readonly cert?: { readonly subjectaltname?: string; readonly subject?: { readonly CN?: string } }
}

/** The first that fits. An alert is the broker's word about us; everything else is ours about the broker. */
const RULES: readonly Rule[] = [
  {
    why: 'client refused',
    says: /alert.*(certificate|unknown ca|access denied)|ALERT_(BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_(UNKNOWN_CA|ACCESS_DENIED)/i,
    advice: () =>
      'the broker refused the client certificate, or wants one and got none: check tls.cert and tls.key, and what the broker trusts',
  },
  {
    why: 'failed',
    says: /alert|ALERT|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS|NO_CIPHERS/,
    advice: () => 'client and broker share no TLS version or cipher: check tls.minVersion, tls.maxVersion, tls.ciphers',
  },
  {
    why: 'not spoken',
    says: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|UNEXPECTED_MESSAGE/,
    advice: () => 'it does not answer in TLS: is it a listener without TLS? Then leave tls out, or take the port of the other listener',
  },
  {
    why: 'wrong host',
    says: /ERR_TLS_CERT_ALTNAME_INVALID/,
    advice: ({ cert }, { host }) =>
      `its certificate is for ${namesIn(cert)} and not for ${host}: connect by a name that it has, or give that as tls.servername`,
  },
  {
    why: 'expired',
    says: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
    advice: ({ code }) =>
      code === 'CERT_NOT_YET_VALID'
        ? 'its certificate is not valid yet: compare the clocks of this machine and of who made it'
        : "its certificate, or that of its authority, has expired: have it renewed, or check this machine's clock",
  },
  {
    why: 'untrusted',
    says: /SELF_SIGNED|UNABLE_TO|CERT_UNTRUSTED|CERT_REVOKED|CERT_SIGNATURE_FAILURE|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|CERT_CHAIN/,
    advice: () => 'its certificate was signed by nobody who is trusted here: give the certificate of its authority as tls.ca',
  },
]

/** Why no connection came about. What is no matter of TLS is a ConnectError, as without it. */
export function tlsFailure(error: Error, address: Address): KafkaError {
  return tlsErrorOf(error, address) ?? new ConnectError(`No TLS connection to ${where(address)} (${error.message}): ${ADVICE}`, error)
}

const ADVICE = 'the broker hung up or broke off; does the listener speak TLS?'

/** Undefined: the error is no matter of TLS. */
export function tlsErrorOf(error: Error, address: Address): TlsError | undefined {
  const said = `${(error as NodeTlsError).code ?? ''} ${error.message}`
  const rule = RULES.find(({ says }) => says.test(said))
  if (rule !== undefined) return new TlsError(`TLS with ${where(address)} failed: ${rule.advice(error, address)}`, rule.why, error)
  return /ERR_(SSL|TLS|OSSL)/.test(said) ? new TlsError(`TLS with ${where(address)} failed: ${error.message}`, 'failed', error) : undefined
}

const where = ({ host, port }: Address): string => `${host}:${String(port)}`

function namesIn(cert: NodeTlsError['cert']): string {
  const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address|URI|email):/g, '')
  return names ?? cert?.subject?.CN ?? 'nobody'
}
