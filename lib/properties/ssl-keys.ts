/** The keys of Java's producer that are about TLS. What becomes of the parts: `tls.ts`. */
import { idle, only, part, refused, secretPart } from './rule'
import type { Rules } from './rule'

/** Of Java's TLS, which is not Node's. */
const JAVA_TLS = { why: "TLS is Node's own here, that is OpenSSL", instead: 'leave it out' }

export const sslKeys: Rules = {
  'security.protocol': part('tls', 'PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL: whether there are `tls` and `sasl`'),
  'ssl.cipher.suites': part('tls', "`ciphers`: Java's names are put into OpenSSL's"),
  'ssl.enabled.protocols': part('tls', '`minVersion`, `maxVersion`: TLSv1.2 and TLSv1.3'),
  'ssl.endpoint.identification.algorithm': part('tls', 'empty: `checkServerIdentity: false`; else https'),
  'ssl.engine.factory.class': only(['org.apache.kafka.common.security.ssl.DefaultSslEngineFactory'], {
    why: 'it is a class of Java',
    instead: 'give tls, or a transport of your own',
  }),
  'ssl.key.password': secretPart('tls', '`passphrase`'),
  'ssl.keymanager.algorithm': only(['SunX509', 'PKIX'], JAVA_TLS),
  'ssl.keystore.certificate.chain': secretPart('tls', '`cert`, as PEM text'),
  'ssl.keystore.key': secretPart('tls', '`key`, as PEM text'),
  'ssl.keystore.location': part('tls', '`cert` and `key`, from one PEM file, with ssl.keystore.type=PEM'),
  'ssl.keystore.password': secretPart('tls', 'refused with PEM, as in Java: a key has ssl.key.password'),
  'ssl.keystore.type': part('tls', 'PEM; JKS and PKCS12 are to be converted'),
  'ssl.protocol': only(['TLSv1.3', 'TLSv1.2', 'TLS'], {
    why: 'older versions of TLS are not safe',
    instead: 'say in ssl.enabled.protocols which versions may be used',
  }),
  'ssl.provider': refused(JAVA_TLS),
  'ssl.secure.random.implementation': idle('random numbers are those of OpenSSL, which needs no choice'),
  'ssl.trustmanager.algorithm': only(['PKIX', 'SunX509'], JAVA_TLS),
  'ssl.truststore.certificates': secretPart('tls', '`ca`, as PEM text'),
  'ssl.truststore.location': part('tls', '`ca`, from a PEM file, with ssl.truststore.type=PEM'),
  'ssl.truststore.password': secretPart('tls', 'refused with PEM, as in Java: certificates are no secret'),
  'ssl.truststore.type': part('tls', 'PEM; JKS and PKCS12 are to be converted'),
}
