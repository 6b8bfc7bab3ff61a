import { pbkdf2Sync } from 'node:crypto'
import { firstMessage, lastMessage, problemWithProof, readChallenge, SCRAM } from '../../../lib/network/sasl/scram-messages'
import type { ScramName } from '../../../lib/network/sasl/scram-messages'

const text64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const salted = (mechanism: ScramName, password: string, salt: string, iterations: number): Uint8Array =>
  pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, SCRAM[mechanism].bytes, SCRAM[mechanism].digest)

describe('SCRAM', () => {
  it('computes the example of RFC 7677', () => {
    const [nonce, salt] = ['rOprNGfwEbeRWgbNEkqO', 'W22ZaJ0SNY7soEsUEjb6gQ==']
    const first = firstMessage('user', nonce)
    expect(first.text).toBe(`n,,n=user,r=${nonce}`)

    const challenge = `r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=${salt},i=4096`
    expect(readChallenge(challenge, nonce)).toEqual({
      nonce: `${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`,
      salt: Buffer.from(salt, 'base64'),
      iterations: 4096,
    })
    const { text, signature } = lastMessage({
      mechanism: 'SCRAM-SHA-256',
      salted: salted('SCRAM-SHA-256', 'pencil', salt, 4096),
      first,
      challenge,
      nonce: `${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`,
    })
    expect(text).toBe(`c=biws,r=${nonce}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`)
    expect(text64(signature)).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
    expect(problemWithProof('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=', signature)).toBeUndefined()
  })

  it('escapes what would end a name', () => {
    expect(firstMessage('a=b,c', 'N').bare).toBe('n=a=3Db=2Cc,r=N')
  })

  it.each([
    ['is not one', 'hello', /none of SCRAM/],
    ['answers somebody else', 'r=other-nonce,s=QUJD,i=4096', /another nonce/],
    ['adds nothing to our nonce', 'r=ours,s=QUJD,i=4096', /another nonce/],
    ['asks for too little', 'r=ours+theirs,s=QUJD,i=4095', /4095 iterations, and fewer than 4096/],
    ['asks for too much', 'r=ours+theirs,s=QUJD,i=1000001', /1000001 iterations, and more than 1000000/],
    ['has a number that is none', 'r=ours+theirs,s=QUJD,i=many', /none of SCRAM/],
    ['has no salt', 'r=ours+theirs,s=,i=4096', /none of SCRAM/],
  ])('refuses a challenge that %s', (_what, challenge, problem) => {
    expect(readChallenge(challenge, 'ours')).toMatch(problem)
  })

  it('passes over extensions of a challenge and of a proof', () => {
    expect(readChallenge('r=ours+theirs,s=QUJD,i=4096,ext=1', 'ours')).toMatchObject({ iterations: 4096 })
    expect(problemWithProof('v=QUJD,ext=1', Buffer.from('ABC'))).toBeUndefined()
  })

  it.each([
    ['v=QUJE', /its signature is wrong/],
    ['v=QUI=', /its signature is wrong/],
    ['e=invalid-proof', /it says: invalid-proof/],
    ['', /none of SCRAM/],
  ])('does not believe a broker that says %j at the end', (said, problem) => {
    expect(problemWithProof(said, Buffer.from('ABC'))).toMatch(problem)
  })
})
