/** The keys of Java's producer that are about SASL. What becomes of the parts: `sasl.ts`. */
import { idle, only, part, refused, refusedSecret, secretPart } from './rule'
import type { Rules } from './rule'

const OAUTH = 'org.apache.kafka.common.security.oauthbearer'

const kerberos = idle('it is about Kerberos alone, and sasl.mechanism=GSSAPI is refused')
const ofBrokers = idle('brokers judge tokens by it, clients do not')
const ofValidation = idle("it is about what Java's client looks for in a token before it sends it: here the broker judges alone")

const refresh = idle(
  'a token is fetched anew after four fifths of its life, which is what Java does unless told, and serves to its end if that fails',
)
const again = idle('where no token is to be had, the next attempt to connect asks again, paced by reconnect.backoff.ms')

const ownToken = { why: 'tokens for a signed assertion are not fetched', instead: 'give sasl: { mechanism, token } a function that does' }

export const saslKeys: Rules = {
  'sasl.client.callback.handler.class': refused({ why: 'it is a class of Java', instead: 'give sasl a mechanism of your own' }),
  'sasl.jaas.config': secretPart('sasl', 'PlainLoginModule, ScramLoginModule, OAuthBearerLoginModule'),
  'sasl.kerberos.kinit.cmd': kerberos,
  'sasl.kerberos.min.time.before.relogin': kerberos,
  'sasl.kerberos.service.name': kerberos,
  'sasl.kerberos.ticket.renew.jitter': kerberos,
  'sasl.kerberos.ticket.renew.window.factor': kerberos,
  'sasl.login.callback.handler.class': only(
    [`${OAUTH}.OAuthBearerLoginCallbackHandler`, `${OAUTH}.secured.OAuthBearerLoginCallbackHandler`],
    {
      why: 'it is a class of Java',
      instead: 'give sasl: { mechanism, token } a function, or a mechanism of your own',
    },
  ),
  'sasl.login.class': refused({ why: 'it is a class of Java', instead: 'give sasl a mechanism of your own' }),
  'sasl.login.connect.timeout.ms': part('sasl', '`timeout` of `clientCredentials`, together with the next one'),
  'sasl.login.read.timeout.ms': part('sasl', '`timeout` of it, together with the one before'),
  'sasl.login.refresh.buffer.seconds': refresh,
  'sasl.login.refresh.min.period.seconds': refresh,
  'sasl.login.refresh.window.factor': refresh,
  'sasl.login.refresh.window.jitter': refresh,
  'sasl.login.retry.backoff.max.ms': again,
  'sasl.login.retry.backoff.ms': again,
  'sasl.mechanism': part('sasl', 'PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER; Kerberos (GSSAPI) is refused'),
  'sasl.oauthbearer.allow.unverified.audience': ofBrokers,
  'sasl.oauthbearer.allow.unverified.issuer': ofBrokers,
  'sasl.oauthbearer.assertion.algorithm': idle('it is about assertions alone, whose files are refused'),
  'sasl.oauthbearer.assertion.claim.aud': refused(ownToken),
  'sasl.oauthbearer.assertion.claim.exp.seconds': idle('it is about assertions alone, whose files are refused'),
  'sasl.oauthbearer.assertion.claim.iss': refused(ownToken),
  'sasl.oauthbearer.assertion.claim.jti.include': idle('it is about assertions alone, whose files are refused'),
  'sasl.oauthbearer.assertion.claim.nbf.seconds': idle('it is about assertions alone, whose files are refused'),
  'sasl.oauthbearer.assertion.claim.sub': refused(ownToken),
  'sasl.oauthbearer.assertion.file': refused(ownToken),
  'sasl.oauthbearer.assertion.private.key.file': refused(ownToken),
  'sasl.oauthbearer.assertion.private.key.passphrase': refusedSecret(ownToken),
  'sasl.oauthbearer.assertion.template.file': refused(ownToken),
  'sasl.oauthbearer.client.credentials.client.id': part('sasl', '`clientId` of `clientCredentials`, which fetches the token'),
  'sasl.oauthbearer.client.credentials.client.secret': secretPart('sasl', '`clientSecret` of it'),
  'sasl.oauthbearer.clock.skew.seconds': ofBrokers,
  'sasl.oauthbearer.expected.audience': ofBrokers,
  'sasl.oauthbearer.expected.issuer': ofBrokers,
  'sasl.oauthbearer.header.urlencode': part('sasl', '`urlEncodeHeader` of `clientCredentials`'),
  'sasl.oauthbearer.jwks.endpoint.refresh.ms': ofBrokers,
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms': ofBrokers,
  'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms': ofBrokers,
  'sasl.oauthbearer.jwks.endpoint.url': ofBrokers,
  'sasl.oauthbearer.jwt.retriever.class': only(
    ['Default', 'ClientCredentials', 'File'].map((name) => `${OAUTH}.${name}JwtRetriever`),
    {
      why: 'it is a class of Java',
      instead: 'give sasl: { mechanism, token } a function',
    },
  ),
  'sasl.oauthbearer.jwt.validator.class': only([`${OAUTH}.DefaultJwtValidator`, `${OAUTH}.ClientJwtValidator`], {
    why: 'it is a class of Java, and the broker judges tokens',
    instead: 'leave it out, or give sasl: { mechanism, token } a function that looks at the token',
  }),
  'sasl.oauthbearer.scope': part('sasl', '`scope` of it'),
  'sasl.oauthbearer.scope.claim.name': ofValidation,
  'sasl.oauthbearer.sub.claim.name': ofValidation,
  'sasl.oauthbearer.token.endpoint.url': part(
    'sasl',
    '`tokenEndpoint` of it; file:/…: the token stands in a file, which is read for each login',
  ),
}
