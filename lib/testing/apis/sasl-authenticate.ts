/**
 * SaslAuthenticate 0–2: the tokens of a login. Mechanisms: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512.
 *
 * - A login that fails is told after connection.failed.authentication.delay.ms, and the connection ends.
 * - A token of more than sasl.server.max.receive.size bytes ends the connection without an answer.
 * - The end of a session is told from version 1 on; it holds for older clients too.
 * - Without a login under way: ILLEGAL_SASL_STATE, and the connection stays.
 * - Stricter: nothing. Laxer: Kafka counts the bytes of the whole request. No GSSAPI, no OAUTHBEARER, no delegation tokens.
 */
import { ErrorCode } from '../../generated/error-codes'
import { SaslAuthenticateRequest } from '../../generated/messages/SaslAuthenticateRequest'
import { SaslAuthenticateResponse } from '../../generated/messages/SaslAuthenticateResponse'
import type { SaslAuthenticateResponseInput } from '../../generated/messages/SaslAuthenticateResponse'
import { handler } from '../broker/handler'
import type { Answer } from '../broker/handler'
import { answerAndHangUp, hangUp } from '../broker/hang-up'
import { NO_TOKEN } from '../sasl/exchange'
import { take } from '../sasl/login'
import type { Taken } from '../sasl/login'
import type { ClusterState } from '../state/cluster-state'

export const saslAuthenticate = handler({ request: SaslAuthenticateRequest, response: SaslAuthenticateResponse }, ({ authBytes }, ask) => {
  const { cluster, session } = ask
  const ordered = ask.errorFor()
  if (ordered !== ErrorCode.NONE) return answerAndHangUp(refused(ordered, null), cluster)
  if (session.login?.type !== 'tokens') return refused(ErrorCode.ILLEGAL_SASL_STATE, 'There is no login under way: a handshake comes first')
  return answerOf(take(authBytes, session.login, ask), cluster)
})

function answerOf(taken: Taken, cluster: ClusterState): Answer<SaslAuthenticateResponseInput> {
  switch (taken.type) {
    case 'answer':
      // Kafka leaves the message empty here, not null.
      return { ...refused(ErrorCode.NONE, ''), authBytes: taken.token, sessionLifetimeMs: BigInt(taken.sessionLifetimeMs) }
    case 'failed':
      return answerAndHangUp(refused(ErrorCode.SASL_AUTHENTICATION_FAILED, taken.message), cluster)
    case 'hang up':
      return hangUp(cluster)
  }
}

const refused = (errorCode: number, errorMessage: string | null): SaslAuthenticateResponseInput => ({
  errorCode,
  errorMessage,
  authBytes: NO_TOKEN,
})
