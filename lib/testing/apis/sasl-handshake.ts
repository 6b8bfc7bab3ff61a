/**
 * SaslHandshake 0–1: begins a login, or a further one (KIP-368). After version 0 the tokens come without Kafka's headers.
 *
 * - A mechanism that is not spoken: UNSUPPORTED_SASL_MECHANISM, the list of those that are, and the connection ends; at a further
 *   login it ends without an answer.
 * - Where nobody has to log in, or nobody may again: ILLEGAL_SASL_STATE, and the connection stays. Within a login it ends.
 * - Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import { SaslHandshakeRequest } from '../../generated/messages/SaslHandshakeRequest'
import { SaslHandshakeResponse } from '../../generated/messages/SaslHandshakeResponse'
import { handler } from '../broker/handler'
import { answerAndHangUp, hangUp } from '../broker/hang-up'
import { begin } from '../sasl/login'
import { mechanismsOf } from '../sasl/mechanisms'

export const saslHandshake = handler({ request: SaslHandshakeRequest, response: SaslHandshakeResponse }, ({ mechanism }, ask) => {
  const mechanisms = mechanismsOf(ask.cluster)
  const ordered = ask.errorFor()
  if (ordered !== ErrorCode.NONE) return answerAndHangUp({ errorCode: ordered, mechanisms }, ask.cluster)
  switch (begin(mechanism, ask.version === 0 ? 'raw' : 'requests', ask)) {
    case 'begun':
      return { errorCode: ErrorCode.NONE, mechanisms }
    case 'not spoken':
      return answerAndHangUp({ errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms }, ask.cluster)
    case 'not spoken again':
      return hangUp(ask.cluster)
    case 'out of turn':
      return answerAndHangUp({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }, ask.cluster)
    case 'no login':
      return { errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }
  }
})
