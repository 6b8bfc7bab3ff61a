/** PLAIN (RFC 4616): one token with everything in it, so it belongs on TLS. */
import { passwordFrom } from './credentials'
import type { Password } from './credentials'
import { whenThere } from './eventually'
import type { SaslConversation, SaslMechanism } from './mechanism'

export interface PlainOptions {
  readonly username: string
  readonly password: Password
}

export const plain = ({ username, password }: PlainOptions): SaslMechanism => ({
  name: 'PLAIN',
  begin: () => whenThere(passwordFrom(password), (secret) => conversation(username, secret)),
})

/** The authorization id stays empty: who logs in is who acts. */
function conversation(username: string, password: string): SaslConversation {
  let sent = false
  return () => {
    if (sent) return { type: 'done' }
    sent = true
    return { type: 'send', token: Buffer.from(`\0${username}\0${password}`) }
  }
}
