import { isDue, mayBeginAgain } from '../../../lib/testing/sasl/login-state'
import type { LoggedIn, Login } from '../../../lib/testing/sasl/login-state'
import { plain } from '../../../lib/testing/sasl/plain'
import type { ApiName } from '../../../lib/generated/apis'

const NOW = 5000

const done = (more: Partial<LoggedIn> = {}): LoggedIn => ({
  ...{ type: 'done', mechanism: 'PLAIN', principal: 'alice', expiresAt: Infinity, begunAgainAt: undefined },
  ...more,
})

const tokens: Login = { type: 'tokens', mechanism: 'PLAIN', framing: 'requests', exchange: plain({}), before: undefined, begunAt: 0 }

const apis: readonly ApiName[] = ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'Metadata', 'Produce']

const dueAt = (login: Login | undefined) => apis.filter((api) => isDue(login, api, NOW))

describe('a login', () => {
  it.each<[string, Login | undefined, readonly ApiName[]]>([
    ['has not begun', undefined, ['ApiVersions', 'SaslHandshake']],
    ['knows the versions', { type: 'versions' }, ['SaslHandshake']],
    ['exchanges tokens', tokens, ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']],
    ['is done', done(), apis],
    ['is done and has a session that lasts', done({ expiresAt: NOW }), apis],
    ['has a session that is over', done({ expiresAt: NOW - 1 }), ['SaslHandshake']],
    ['has a session that is over, and began again just now', done({ expiresAt: NOW - 1, begunAgainAt: NOW - 999 }), []],
  ])('that %s is asked', (_, login, due) => {
    expect(dueAt(login)).toEqual(due)
  })

  it('begins again only where sessions end, and once a second', () => {
    expect(mayBeginAgain(done(), NOW)).toBe(false)
    expect(mayBeginAgain(done({ expiresAt: 9000 }), NOW)).toBe(true)
    expect(mayBeginAgain(done({ expiresAt: 9000, begunAgainAt: NOW - 999 }), NOW)).toBe(false)
    expect(mayBeginAgain(done({ expiresAt: 9000, begunAgainAt: NOW - 1000 }), NOW)).toBe(true)
  })
})
