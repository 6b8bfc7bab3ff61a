import { scram, scramCredential } from '../../../lib/testing/sasl/scram'
import type { ScramMechanism } from '../../../lib/testing/sasl/scram'
import { bytes, scramProof, text } from '../support/logging-in'

const NAMES = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const

const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')

interface BrokerOptions {
  readonly mechanism?: ScramMechanism
  readonly users?: Readonly<Record<string, string>>
  readonly nonce?: string
}

function brokerOf({ mechanism = 'SCRAM-SHA-256', users = { alice: 'secret' }, nonce = 'BROKER' }: BrokerOptions = {}) {
  const credentialOf = (user: string) => {
    const password = users[user]
    return password === undefined ? undefined : scramCredential(mechanism, password, salt)
  }
  const exchange = scram({ mechanism, credentialOf, nonce })
  return (token: string) => {
    const evaluated = exchange.evaluate(bytes(token))
    return { ...evaluated, ...('token' in evaluated ? { token: text(evaluated.token) } : {}) }
  }
}

const FAILED = { type: 'failed' }

describe('SCRAM', () => {
  it('takes the login of RFC 7677, byte by byte', () => {
    const say = brokerOf({ users: { user: 'pencil' }, nonce: '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0' })

    expect(say('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')).toEqual({
      type: 'challenge',
      token: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    })
    expect(say('c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=')).toEqual({
      type: 'done',
      principal: 'user',
      token: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
    })
  })

  it.each(NAMES)('proves to the client that it knows the password: %s', (mechanism) => {
    const say = brokerOf({ mechanism })
    const bare = 'n=alice,r=CLIENT,ext=ignored'
    const challenge = (say(`n,,${bare}`) as { token: string }).token
    const { final, signature } = scramProof({ mechanism, password: 'secret', bare, challenge })

    expect(challenge).toBe('r=CLIENTBROKER,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096')
    expect(say(final)).toEqual({ type: 'done', principal: 'alice', token: signature })
  })

  it('reads names that hold a comma or an equals sign', () => {
    const say = brokerOf({ users: { 'a,b=c': 'secret' } })
    const bare = 'n=a=2Cb=3Dc,r=CLIENT'
    const challenge = (say(`n,,${bare}`) as { token: string }).token

    expect(say(scramProof({ mechanism: 'SCRAM-SHA-256', password: 'secret', bare, challenge }).final)).toMatchObject({ principal: 'a,b=c' })
  })

  it.each([
    ['a name that nobody has', 'n,,n=mallory,r=CLIENT'],
    ['a name that is no name', 'n,,n=al=ice,r=CLIENT'],
    ['no name', 'n,,n=,r=CLIENT'],
    ['no nonce', 'n,,n=alice,r='],
    ['a channel to bind to', 'p=tls-unique,,n=alice,r=CLIENT'],
    ['a client that could bind to a channel', 'y,,n=alice,r=CLIENT'],
    ['a mandatory extension', 'n,,m=must,n=alice,r=CLIENT'],
    ['anything else', 'hello'],
  ])('fails without a reason on %s', (_, token) => {
    expect(brokerOf()(token)).toEqual(FAILED)
  })

  it('says that nobody may act for another', () => {
    expect(brokerOf()('n,a=bob,n=alice,r=CLIENT')).toEqual({
      type: 'failed',
      message: 'Authentication failed: the authorization id is not the username',
    })
  })

  it.each<[string, (right: string, challenge: string) => string]>([
    ['another password', (_, challenge) => scramProof({ mechanism: 'SCRAM-SHA-256', password: 'guess', bare: BARE, challenge }).final],
    [
      'another nonce',
      (_, challenge) => scramProof({ mechanism: 'SCRAM-SHA-256', password: 'secret', bare: BARE, challenge, nonce: 'OTHER' }).final,
    ],
    ['a proof that is too short', (right) => right.replace(/p=.*/, 'p=AAAA')],
    ['no proof', (right) => right.replace(/,p=.*/, '')],
    ['a proof that is not in base64', (right) => right.replace(/p=.*/, 'p=*')],
  ])('fails without a reason on %s', (_, spoil) => {
    const say = brokerOf()
    const challenge = (say(`n,,${BARE}`) as { token: string }).token
    const right = scramProof({ mechanism: 'SCRAM-SHA-256', password: 'secret', bare: BARE, challenge }).final

    expect(say(spoil(right, challenge))).toEqual(FAILED)
  })
})

const BARE = 'n=alice,r=CLIENT'
