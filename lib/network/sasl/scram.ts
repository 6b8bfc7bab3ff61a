/** SCRAM-SHA-256 and SCRAM-SHA-512: the password stays here, and the broker must prove that it knows it too. */
import { passwordFrom } from './credentials'
import type { Password } from './credentials'
import { whenThere } from './eventually'
import type { Eventually } from './eventually'
import type { SaslConversation, SaslMechanism, SaslStep } from './mechanism'
import { firstMessage, lastMessage, problemWithProof, readChallenge } from './scram-messages'
import type { FirstMessage, ScramName } from './scram-messages'

export interface ScramOptions {
  readonly mechanism: ScramName
  readonly username: string
  readonly password: Password
}

/** What is not pure. */
export interface ScramTools {
  /** Never the same twice, and not to be foreseen. Printable, without a comma. */
  nonce(): string
  /** PBKDF2. */
  salted(
    password: string,
    challenge: { readonly salt: Uint8Array; readonly iterations: number },
    mechanism: ScramName,
  ): Eventually<Uint8Array>
}

export const scram = (options: ScramOptions, tools: ScramTools): SaslMechanism => ({
  name: options.mechanism,
  begin: () => whenThere(passwordFrom(options.password), (password) => conversation({ ...options, password }, tools)),
})

/** As far as the login has come; each step leads to the next. */
type Turn = (said: string) => Eventually<SaslStep>

interface Login {
  readonly mechanism: ScramName
  readonly username: string
  readonly password: string
}

function conversation(login: Login, tools: ScramTools): SaslConversation {
  const nonce = tools.nonce()
  const first = firstMessage(login.username, nonce)
  let turn: Turn = () => {
    turn = challenged
    return send(first.text)
  }
  const challenged: Turn = (said) =>
    whenThere(prove(said, { login, first, nonce, tools }), (proven) => {
      if (typeof proven === 'string') return failed(proven)
      turn = (last) => verdict(problemWithProof(last, proven.signature))
      return send(proven.text)
    })
  return (said) => turn(Buffer.from(said).toString())
}

interface Begun {
  readonly login: Login
  readonly first: FirstMessage
  readonly nonce: string
  readonly tools: ScramTools
}

function prove(
  said: string,
  { login: { mechanism, password }, first, nonce: ours, tools }: Begun,
): Eventually<ReturnType<typeof lastMessage> | string> {
  const challenge = readChallenge(said, ours)
  if (typeof challenge === 'string') return challenge
  return whenThere(tools.salted(password, challenge, mechanism), (salted) =>
    lastMessage({ mechanism, salted, first, challenge: said, nonce: challenge.nonce }),
  )
}

const send = (text: string): SaslStep => ({ type: 'send', token: Buffer.from(text) })
const failed = (reason: string): SaslStep => ({ type: 'failed', reason })
const verdict = (problem: string | undefined): SaslStep => (problem === undefined ? { type: 'done' } : failed(problem))
