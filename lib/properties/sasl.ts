/** From `sasl.*` to `sasl`. */
import type { SaslOptions } from '../network/sasl/options'
import { loginModule } from './jaas'
import type { LoginModule } from './jaas'
import { oauthOf } from './oauth'
import { anyText } from './reader'
import type { Sheet } from './sheet'

/** Of each mechanism: its login module, and what becomes of both. Undefined after a problem. */
interface Mechanism {
  readonly module: string
  readonly options: (sheet: Sheet, module: LoginModule) => SaslOptions | undefined
}

const byPassword = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', module: string): Mechanism => ({
  module,
  options: (sheet, { options: { username, password, tokenauth } }) => {
    if (tokenauth === 'true') sheet.problem(JAAS, 'delegation tokens (tokenauth) are not supported: give a mechanism of your own as sasl')
    // A function, so that nobody who prints the config prints the password.
    if (username && password) return { mechanism, username, password: () => password }
    sheet.problem(JAAS, `${username ? 'password' : 'username'}="…" is missing`)
    return undefined
  },
})

const JAAS = 'sasl.jaas.config'
const SECURITY = 'org.apache.kafka.common.security'
const SCRAM = `${SECURITY}.scram.ScramLoginModule`

const MECHANISMS: ReadonlyMap<string, Mechanism> = new Map([
  ['PLAIN', byPassword('PLAIN', `${SECURITY}.plain.PlainLoginModule`)],
  ['SCRAM-SHA-256', byPassword('SCRAM-SHA-256', SCRAM)],
  ['SCRAM-SHA-512', byPassword('SCRAM-SHA-512', SCRAM)],
  ['OAUTHBEARER', { module: `${SECURITY}.oauthbearer.OAuthBearerLoginModule`, options: oauthOf }],
])

/** Undefined after a problem. */
export function saslOf(sheet: Sheet): SaslOptions | undefined {
  const name = sheet.read('sasl.mechanism', anyText) ?? 'GSSAPI'
  const mechanism = MECHANISMS.get(name)
  if (mechanism === undefined) return void sheet.problem('sasl.mechanism', noMechanism(name, sheet.text('sasl.mechanism')))
  if (!sheet.text(JAAS)) return void sheet.problem(JAAS, `expected with sasl.mechanism=${name}: ${mechanism.module} required …;`)
  const module = sheet.read(JAAS, loginModule)
  if (module === undefined) return undefined
  if (module.name !== mechanism.module) {
    return void sheet.problem(JAAS, `the login module of ${name} is ${mechanism.module}, and not ${module.name}`)
  }
  return mechanism.options(sheet, module)
}

function noMechanism(name: string, given: string | undefined): string {
  const known = [...MECHANISMS.keys()].join(', ')
  if (name === 'GSSAPI')
    return `${given === undefined ? 'without it, as in Java, ' : ''}GSSAPI (Kerberos) is meant, which is not supported: ${known} are`
  return `'${name}' is not one of ${known}: give a mechanism of your own as sasl, and leave sasl.* out`
}
