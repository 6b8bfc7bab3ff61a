/**
 * Tokens without Kafka's headers: what clients send that shake hands in version 0. Length and token go out as they come in.
 *
 * A frame is one when `awaitsRawToken`, and must then not be read as a request.
 */
import { of } from 'rxjs'
import type { Observable } from 'rxjs'
import { hangUp } from '../broker/hang-up'
import type { Session } from '../broker/session'
import type { ClusterState } from '../state/cluster-state'
import { take } from './login'
import type { Tokens } from './login-state'

export const awaitsRawToken = (session: Session): boolean => tokensOf(session) !== undefined

/** The answer's frame, length included. Nothing is told to a client that fails. */
export function answerRawToken(token: Uint8Array, session: Session, cluster: ClusterState): Observable<Uint8Array> {
  const tokens = tokensOf(session)
  const taken = tokens && take(token, tokens, { session, cluster })
  return taken?.type === 'answer' ? of(framed(taken.token)) : hangUp(cluster)
}

function tokensOf({ login }: Session): Tokens | undefined {
  return login?.type === 'tokens' && login.framing === 'raw' ? login : undefined
}

function framed(token: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(4 + token.length)
  frame.writeInt32BE(token.length)
  frame.set(token, 4)
  return frame
}
