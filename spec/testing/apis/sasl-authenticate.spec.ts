import { ErrorCode } from '../../../lib/generated/error-codes'
import { nameOf } from '../support/admin'
import { loggingIn, scramProof, text } from '../support/logging-in'
import type { Mechanism } from '../support/logging-in'

const FAILED = { errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED, sessionLifetimeMs: 0n }

const invalid = (mechanism: string, again = '') =>
  `Authentication failed during ${again}authentication due to invalid credentials with SASL mechanism ${mechanism}`

function scram({ handshake, authenticate }: ReturnType<typeof loggingIn>, mechanism: Mechanism, password: string) {
  handshake(mechanism)
  const bare = 'n=alice,r=fyko+d2lbbFgONRv9qkxdawL'
  const challenge = text(authenticate(`n,,${bare}`).authBytes)
  const { final, signature } = scramProof({ mechanism, password, bare, challenge })
  return { challenge, signature, answer: authenticate(final) }
}

describe('SaslAuthenticate', () => {
  it.each([0, 1, 2])('lets in who knows the password, in version %i', (version) => {
    const { plain, metadata } = loggingIn()

    expect(plain('alice', 'secret', version)).toMatchObject({ errorCode: ErrorCode.NONE, errorMessage: '', sessionLifetimeMs: 0n })
    expect(metadata().brokers).toHaveLength(1)
  })

  it('knows from then on who asks', () => {
    const { cluster, plain, metadata } = loggingIn()
    const principals: unknown[] = []
    cluster.requests$.subscribe(({ api, session }) => principals.push(`${api} ${String(session.principal)}`))
    plain('bob', 'pencil')
    metadata()

    expect(principals).toEqual(['SaslHandshake null', 'SaslAuthenticate null', 'Metadata bob'])
  })

  it('tells who does not after a while, and hangs up', () => {
    const { time, plain, isOpen } = loggingIn({ configs: { 'connection.failed.authentication.delay.ms': '250' } })

    expect(plain('alice', 'guess')).toMatchObject({ ...FAILED, errorMessage: 'Authentication failed: Invalid username or password' })
    expect([time.now, isOpen()]).toEqual([250, false])
  })

  it.each<[Mechanism]>([['SCRAM-SHA-256'], ['SCRAM-SHA-512']])('proves with %s that it knows the password too', (mechanism) => {
    const world = loggingIn()
    const { challenge, signature, answer } = scram(world, mechanism, 'secret')

    expect(challenge).toMatch(/^r=fyko\+d2lbbFgONRv9qkxdawL[a-z0-9]{26},s=[^,]+,i=4096$/)
    expect(text(answer.authBytes)).toBe(signature)
    expect(world.metadata().brokers).toHaveLength(1)
  })

  it('draws a nonce for each login, a salt for each user, and both from the seed', () => {
    const challenges = [loggingIn(), loggingIn()].map((world) =>
      [scram(world, 'SCRAM-SHA-256', 'secret'), scram({ ...world, ...world.another() }, 'SCRAM-SHA-256', 'secret')].map(
        ({ challenge }) => challenge,
      ),
    )
    const [[first = '', second = ''] = []] = challenges
    const saltOf = (challenge: string) => /s=[^,]+/.exec(challenge)?.[0]

    expect(challenges[1]).toEqual(challenges[0])
    expect(second).not.toBe(first)
    expect(saltOf(second)).toBe(saltOf(first))
  })

  it.each<[Mechanism]>([['SCRAM-SHA-256'], ['SCRAM-SHA-512']])('tells nobody whether a user or a password was wrong: %s', (mechanism) => {
    const [wrong, unknown] = [loggingIn(), loggingIn()]
    unknown.handshake(mechanism)

    expect(scram(wrong, mechanism, 'guess').answer).toMatchObject({ ...FAILED, errorMessage: invalid(mechanism) })
    expect(unknown.authenticate('n,,n=mallory,r=abc')).toMatchObject({ ...FAILED, errorMessage: invalid(mechanism) })
    expect([wrong.isOpen(), unknown.isOpen()]).toEqual([false, false])
  })

  it('refuses tokens when no login is under way, and stays', () => {
    const open = loggingIn('open')
    const closed = loggingIn()
    closed.plain()

    expect([open, closed].map(({ authenticate }) => nameOf(authenticate('\0alice\0secret').errorCode))).toEqual([
      'ILLEGAL_SASL_STATE',
      'ILLEGAL_SASL_STATE',
    ])
    expect([open, closed].map(({ metadata }) => metadata().brokers.length)).toEqual([1, 1])
  })

  it.each(['PLAIN', 'SCRAM-SHA-256'])('hangs up without a word on a token of %s that is too long', (mechanism) => {
    const { handshake, authenticate, another } = loggingIn()
    const longer = another()
    handshake(mechanism)
    longer.handshake(mechanism)

    expect(nameOf(authenticate('x'.repeat(512 * 1024)).errorCode)).toBe('SASL_AUTHENTICATION_FAILED')
    expect(() => longer.authenticate('x'.repeat(512 * 1024 + 1))).toThrow('ended the connection')
  })

  it('fails with an error that was ordered, and hangs up', () => {
    const { cluster, plain, isOpen } = loggingIn()
    cluster.next('SaslAuthenticate').fail('SASL_AUTHENTICATION_FAILED')

    expect(plain()).toMatchObject({ ...FAILED, errorMessage: null })
    expect(isOpen()).toBe(false)
    expect(nameOf(plain().errorCode)).toBe('NONE')
  })

  describe('where sessions end', () => {
    const ending = () => loggingIn({ configs: { 'connections.max.reauth.ms': '60000' } })

    it('tells from version 1 on when', () => {
      const lifetime = (version: number) => ending().plain('alice', 'secret', version).sessionLifetimeMs

      expect([0, 1, 2].map(lifetime)).toEqual([0n, 60_000n, 60_000n])
    })

    it.each([0, 2])('hangs up on who asks for anything afterwards: version %i', (version) => {
      const { time, plain, metadata } = ending()
      plain('alice', 'secret', version)
      time.advance(60_000)
      expect(metadata().brokers).toHaveLength(1)
      time.advance(1)

      expect(metadata).toThrow('ended the connection')
    })

    it('lets a client log in again, before and after, and goes on from there', () => {
      const { time, plain, metadata } = ending()
      plain()
      time.advance(50_000)
      expect(plain().sessionLifetimeMs).toBe(60_000n)
      time.advance(60_001)
      expect(plain().sessionLifetimeMs).toBe(60_000n)
      time.advance(60_000)

      expect(metadata().brokers).toHaveLength(1)
    })

    it('lets it do so once a second', () => {
      const { time, plain, handshake } = ending()
      plain()
      plain()
      time.advance(999)
      expect(nameOf(handshake('PLAIN').errorCode)).toBe('ILLEGAL_SASL_STATE')
      time.advance(1)

      expect(nameOf(handshake('PLAIN').errorCode)).toBe('NONE')
    })

    it('lets nobody become somebody else', () => {
      const { plain, isOpen } = ending()
      plain()

      expect(plain('bob', 'pencil')).toMatchObject({
        ...FAILED,
        errorMessage: 'Cannot change principals during re-authentication from User.alice: User.bob',
      })
      expect(isOpen()).toBe(false)
    })

    it('says so when it is again that a login fails', () => {
      const world = ending()
      scram(world, 'SCRAM-SHA-256', 'secret')

      expect(scram(world, 'SCRAM-SHA-256', 'guess').answer.errorMessage).toBe(invalid('SCRAM-SHA-256', 're-'))
    })

    it('hangs up without a word on another mechanism', () => {
      const { plain, handshake, authenticate, another } = ending()
      plain()
      expect(nameOf(handshake('SCRAM-SHA-256').errorCode)).toBe('NONE')
      expect(() => authenticate('n,,n=alice,r=abc')).toThrow('ended the connection')

      const next = another()
      next.handshake('PLAIN')
      next.authenticate('\0alice\0secret')
      expect(() => next.handshake('GSSAPI')).toThrow('ended the connection')
    })
  })
})
