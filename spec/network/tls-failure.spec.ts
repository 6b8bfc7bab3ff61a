import { ConnectError, TlsError } from '../../lib/errors'
import { tlsErrorOf, tlsFailure } from '../../lib/network/tls-failure'

const address = { host: 'kafka.example', port: 9093 }

const failure = (code: string, message = code): Error => Object.assign(new Error(message), { code })

const alert = (number: number, name: string): string =>
  `00D8:error:0A00:SSL routines:ssl3_read_bytes:${name}:../deps/openssl/ssl/record/rec_layer_s3.c:1605:SSL alert number ${String(number)}`

describe('what went wrong with TLS', () => {
  it.each([
    ['TLS_UNTRUSTED', failure('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')],
    ['TLS_UNTRUSTED', failure('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate')],
    ['TLS_UNTRUSTED', failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')],
    ['TLS_UNTRUSTED', failure('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate')],
    ['TLS_EXPIRED', failure('CERT_HAS_EXPIRED', 'certificate has expired')],
    ['TLS_EXPIRED', failure('CERT_NOT_YET_VALID', 'certificate is not yet valid')],
    ['TLS_WRONG_HOST', failure('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames")],
    ['TLS_CLIENT_REFUSED', failure('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', alert(42, 'sslv3 alert bad certificate'))],
    ['TLS_CLIENT_REFUSED', failure('ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', alert(46, 'sslv3 alert certificate unknown'))],
    ['TLS_CLIENT_REFUSED', failure('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', alert(48, 'tlsv1 alert unknown ca'))],
    ['TLS_CLIENT_REFUSED', failure('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', alert(116, 'tlsv13 alert certificate required'))],
    ['TLS_CLIENT_REFUSED', failure('EPROTO', `write EPROTO ${alert(116, 'tlsv13 alert certificate required')}`)],
    ['TLS_NOT_SPOKEN', failure('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number')],
    ['TLS_NOT_SPOKEN', failure('ERR_SSL_PACKET_LENGTH_TOO_LONG', 'packet length too long')],
    ['TLS_FAILED', failure('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', alert(70, 'tlsv1 alert protocol version'))],
    ['TLS_FAILED', failure('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', alert(40, 'sslv3 alert handshake failure'))],
    ['TLS_FAILED', failure('ERR_SSL_UNSUPPORTED_PROTOCOL', 'unsupported protocol')],
    ['TLS_FAILED', failure('ERR_SSL_SOMETHING_NEW', 'something new')],
  ])('is %s for %s', (code, error) => {
    const found = tlsErrorOf(error, address)
    expect(found).toBeInstanceOf(TlsError)
    expect(found).toMatchObject({ code, cause: error, retriable: false, fatal: false })
    expect(found?.message).toContain('kafka.example:9093')
  })

  it('names whom the certificate is for, also when it has nothing but a common name, or not even that', () => {
    const of = (cert: unknown) => tlsErrorOf(Object.assign(failure('ERR_TLS_CERT_ALTNAME_INVALID'), { cert }), address)?.message
    expect(of({ subjectaltname: 'DNS:a.example, IP Address:10.0.0.1' })).toContain('for a.example, 10.0.0.1 and not for kafka.example')
    expect(of({ subject: { CN: 'b.example' } })).toContain('for b.example and not for kafka.example')
    expect(of({})).toContain('for nobody and not for kafka.example')
  })

  it('is nothing of TLS when the network broke, which is worth another attempt', () => {
    const error = failure('ECONNRESET', 'read ECONNRESET')
    expect(tlsErrorOf(error, address)).toBeUndefined()
    expect(tlsFailure(error, address)).toBeInstanceOf(ConnectError)
    expect(tlsFailure(error, address)).toMatchObject({ retriable: true, cause: error })
  })
})
