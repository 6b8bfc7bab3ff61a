import { oauthBearer } from '../../../lib/network/sasl/oauth-bearer'
import type { OAuthBearerOptions } from '../../../lib/network/sasl/oauth-bearer'
import type { SaslMechanism } from '../../../lib/network/sasl/mechanism'
import { plain } from '../../../lib/network/sasl/plain'
import { scram } from '../../../lib/network/sasl/scram'
import type { ScramTools } from '../../../lib/network/sasl/scram'
import { scramTools } from '../../../lib/network/sasl/scram-tools'
import { clockOf } from '../../../lib/time'
import { virtualTime } from '../../support/virtual-time'

const broker = { host: 'broker', port: 9092 }
const NOTHING = new Uint8Array(0)

/** What the client says to each thing that it is told; `\x01` is shown as `|`, and NUL as `0`. */
async function talk(mechanism: SaslMechanism, ...said: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const converse = await mechanism.begin(broker)
  const log: string[] = []
  for (const each of [NOTHING, ...said]) {
    const step = await converse(Buffer.from(each))
    log.push(step.type === 'send' ? Buffer.from(step.token).toString().replaceAll('\x01', '|').replaceAll('\0', '0') : step.type)
  }
  return log
}

describe('PLAIN', () => {
  it('says name and password in one token, with no authorization id', async () => {
    expect(await talk(plain({ username: 'alicé', password: 'p=,ß' }), '')).toEqual(['0alicé0p=,ß', 'done'])
  })

  it('asks for the password at each login', async () => {
    const passwords = ['old', 'new']
    const mechanism = plain({ username: 'alice', password: () => Promise.resolve(passwords.shift() ?? '') })
    expect([await talk(mechanism), await talk(mechanism)]).toEqual([['0alice0old'], ['0alice0new']])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('vault is sealed')
      },
      /gives the password failed: vault is sealed/,
    ],
    ['rejects', () => Promise.reject(new Error('vault is sealed')), /gives the password failed: vault is sealed/],
    ['gives nothing', () => '', /gave none/],
    ['gives something else', () => 7 as never, /gave none/],
  ])('says so when the function that gives it %s', async (_what, password, message) => {
    await expect(talk(plain({ username: 'alice', password }))).rejects.toMatchObject({
      code: 'CREDENTIALS_FAILED',
      message: expect.stringMatching(message),
    })
  })
})

describe('SCRAM', () => {
  const tools: ScramTools = { nonce: () => 'rOprNGfwEbeRWgbNEkqO', salted: scramTools(virtualTime().clock).salted }
  const login = scram({ mechanism: 'SCRAM-SHA-256', username: 'user', password: 'pencil' }, tools)
  const CHALLENGE = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'

  it('speaks as in RFC 7677, and is done when the broker has proved itself', async () => {
    expect(await talk(login, CHALLENGE, 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).toEqual([
      'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
      'done',
    ])
  })

  it('fails when the broker does not prove itself, or challenges wrongly', async () => {
    expect(await talk(login, CHALLENGE, 'v=QUJD')).toEqual([expect.anything(), expect.anything(), 'failed'])
    expect(await talk(login, 'r=x,s=QUJD,i=1')).toEqual([expect.anything(), 'failed'])
  })

  it('stretches the password off the event loop in real time, and at once in virtual time, to the same', async () => {
    const real = scramTools(clockOf())
    const challenge = { salt: Buffer.from('salt'), iterations: 4096 }
    const later = real.salted('pencil', challenge, 'SCRAM-SHA-512')
    expect(later).toBeInstanceOf(Promise)
    expect(tools.salted('pencil', challenge, 'SCRAM-SHA-512')).toEqual(await later)
  })

  it('draws nonces that are never the same, and in virtual time those of the seed', () => {
    const real = scramTools(clockOf())
    expect(real.nonce()).not.toBe(real.nonce())
    expect(real.nonce()).toMatch(/^[A-Za-z0-9+/]{24}$/)
    const seeded = () => scramTools(virtualTime(() => 0.25).clock).nonce()
    expect(seeded()).toBe(seeded())
  })
})

describe('OAUTHBEARER', () => {
  const tokens = (token: OAuthBearerOptions['token'], extensions = {}) => oauthBearer({ token, extensions })

  it('says the token and the extensions', async () => {
    expect(
      await talk(
        tokens(() => 'abc.def', { logicalCluster: 'lkc-1', pool: 'p 2' }),
        '',
      ),
    ).toEqual(['n,,|auth=Bearer abc.def|logicalCluster=lkc-1|pool=p 2||', 'done'])
  })

  it('takes a token with its end, and one that comes later', async () => {
    expect(await talk(tokens(() => Promise.resolve({ value: 'abc', expiresAt: 5 })))).toEqual(['n,,|auth=Bearer abc||'])
  })

  it('answers a refusal by the word that ends the login', async () => {
    expect(
      await talk(
        tokens(() => 'abc'),
        '{"status":"invalid_token"}',
      ),
    ).toEqual([expect.anything(), '|'])
  })

  it.each([['a b'], ['tok\x01en'], [''], [undefined], [{ value: 7 }]])('does not send what is no token: %j', async (token) => {
    await expect(talk(tokens(() => token as string))).rejects.toMatchObject({ code: 'CREDENTIALS_FAILED', retriable: false })
  })
})
