/** PLAIN (RFC 4616) as Kafka's broker takes it: one token, `authorization NUL user NUL password`. */
import { NO_TOKEN } from './exchange'
import type { Evaluated, SaslExchange } from './exchange'

export const plain = (users: Readonly<Record<string, string>>): SaslExchange => ({
  evaluate: (token) => verdict(Buffer.from(token).toString().split('\0'), users),
})

function verdict(parts: readonly string[], users: Readonly<Record<string, string>>): Evaluated {
  const [authorization = '', user = '', password = ''] = parts
  if (parts.length !== 3) return failed(`Invalid SASL/PLAIN response: 3 tokens were expected, ${String(parts.length)} came`)
  if (user === '') return failed('Authentication failed: username not specified')
  if (password === '') return failed('Authentication failed: password not specified')
  if (!Object.hasOwn(users, user) || users[user] !== password) return failed('Authentication failed: Invalid username or password')
  if (authorization !== '' && authorization !== user) return failed(OTHER_AUTHORIZATION)
  return { type: 'done', token: NO_TOKEN, principal: user }
}

/** Who logs in is who acts. */
export const OTHER_AUTHORIZATION = 'Authentication failed: the authorization id is not the username'

const failed = (message: string): Evaluated => ({ type: 'failed', message })
