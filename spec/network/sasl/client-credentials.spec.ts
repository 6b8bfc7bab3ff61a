import { inspect } from 'node:util'
import { clientCredentials } from '../../../lib/network/sasl/client-credentials'
import type { ClientCredentialsOptions } from '../../../lib/network/sasl/client-credentials'
import { virtualTime } from '../../../lib/testing/virtual-time'

interface Asked {
  readonly url: string
  readonly headers: Headers
  readonly body: string
}

const token = (value: string, expiresIn?: number) => Response.json({ access_token: value, token_type: 'Bearer', expires_in: expiresIn })

/** An endpoint that gives these answers in turn; a function is called for one. */
function endpoint(answers: readonly (() => Response | Promise<Response>)[], options: Partial<ClientCredentialsOptions> = {}) {
  const time = virtualTime(1)
  const asked: Asked[] = []
  const fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(url, init)
    const answer = answers[asked.length]
    asked.push({ url: request.url, headers: request.headers, body: await request.text() })
    if (answer === undefined) throw new Error('asked once too often')
    return answer()
  }
  const give = clientCredentials({
    tokenEndpoint: 'https://login.example/oauth/token?tenant=t1',
    clientId: 'alice',
    clientSecret: 'hunter2',
    fetch,
    scheduler: time.scheduler,
    ...options,
  })
  return { time, asked, give }
}

const MINUTE = 60_000

describe('tokens by client credentials', () => {
  it('are asked for with id, secret, scope and whatever else is needed', async () => {
    const { give, asked } = endpoint([() => token('t1', 300)], {
      scope: 'kafka',
      parameters: { audience: 'a&b' },
      headers: { 'x-tenant': 't' },
    })
    expect(await give()).toMatchObject({ value: 't1' })
    const [{ headers, body, url }] = asked as unknown as [Asked]
    expect(url).toBe('https://login.example/oauth/token?tenant=t1')
    expect(headers.get('authorization')).toBe(`Basic ${Buffer.from('alice:hunter2').toString('base64')}`)
    expect(headers.get('content-type')).toContain('application/x-www-form-urlencoded')
    expect(headers.get('x-tenant')).toBe('t')
    expect(body).toBe('grant_type=client_credentials&scope=kafka&audience=a%26b')
  })

  it('have a secret that comes from a function, and is encoded for the header when that is asked for', async () => {
    const { give, asked } = endpoint([() => token('t1')], { clientSecret: () => Promise.resolve('a:b&'), urlEncodeHeader: true })
    await give()
    expect(asked[0]?.headers.get('authorization')).toBe(`Basic ${Buffer.from('alice:a%3Ab%26').toString('base64')}`)
  })

  it('are kept for four fifths of their life and a little', async () => {
    const { give, asked, time } = endpoint([() => token('t1', 300), () => token('t2', 300)])
    expect(await give()).toEqual({ value: 't1', expiresAt: 5 * MINUTE })
    time.advance(4 * MINUTE - 1)
    expect(await give()).toMatchObject({ value: 't1' })
    expect(asked).toHaveLength(1)
    time.advance(16_000)
    expect(await give()).toMatchObject({ value: 't2' })
    expect(asked).toHaveLength(2)
  })

  it('are used once when they do not say how long they live', async () => {
    const { give } = endpoint([() => token('t1'), () => token('t2')])
    expect([await give(), await give()]).toEqual([{ value: 't1' }, { value: 't2' }])
  })

  it('are asked for once, however many want one at the same time', async () => {
    const { give, asked } = endpoint([() => token('t1', 300)])
    expect(await Promise.all([give(), give(), give()])).toHaveLength(3)
    expect(asked).toHaveLength(1)
  })

  it('serve until they expire when no new one can be had', async () => {
    const broken = () => new Response('', { status: 503 })
    const { give, time } = endpoint([() => token('t1', 300), broken, broken, () => token('t2', 300)])
    await give()
    time.advance(4.5 * MINUTE)
    expect(await give()).toMatchObject({ value: 't1' })
    time.advance(MINUTE)
    await expect(give()).rejects.toMatchObject({ code: 'TOKEN_UNAVAILABLE' })
    expect(await give()).toMatchObject({ value: 't2' })
  })
})

describe('a token endpoint that gives none', () => {
  const failing = (answer: () => Response | Promise<Response>, options = {}) => endpoint([answer], options).give()

  it.each([
    [
      'a wrong secret',
      () => Response.json({ error: 'invalid_client', error_description: 'no such hunter2' }, { status: 401 }),
      'TOKEN_REFUSED',
    ],
    ['a page', () => new Response('<html>', { status: 404 }), 'TOKEN_REFUSED'],
    ['no token', () => Response.json({ id_token: 'x' }), 'TOKEN_REFUSED'],
    ['no JSON', () => new Response('hello'), 'TOKEN_REFUSED'],
    ['too many requests', () => new Response('', { status: 429 }), 'TOKEN_UNAVAILABLE'],
    ['an illness', () => new Response('', { status: 500 }), 'TOKEN_UNAVAILABLE'],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed')), 'TOKEN_UNAVAILABLE'],
  ])('says why, and whether to come again: %s', async (_what, answer, code) => {
    const error: unknown = await Promise.resolve(failing(answer)).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code, retriable: code === 'TOKEN_UNAVAILABLE' })
    expect(String(error)).toContain('https://login.example/oauth/token ')
    expect(inspect(error)).not.toMatch(/hunter2|tenant/)
  })

  it('tells the reason that RFC 6749 foresees', async () => {
    const answer = () => Response.json({ error: 'invalid_scope', error_description: 'kafka is unknown' }, { status: 400 })
    await expect(failing(answer)).rejects.toMatchObject({ message: expect.stringContaining('400 (invalid_scope, kafka is unknown)') })
  })

  it('shows no part of the secret where its reason is cut', async () => {
    const answer = () => Response.json({ error: 'x'.repeat(196), error_description: 'hunter2' }, { status: 400 })
    const error: unknown = await Promise.resolve(failing(answer)).catch((reason: unknown) => reason)
    expect(String(error)).toContain('xxx')
    expect(String(error)).not.toContain('hu')
  })

  it('is waited for no longer than its timeout', async () => {
    const time = virtualTime(1)
    const fetch = (_url: unknown, init?: RequestInit): Promise<Response> =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    const options = {
      tokenEndpoint: 'https://login.example',
      clientId: 'a',
      clientSecret: 'b',
      timeout: 500,
      fetch,
      scheduler: time.scheduler,
    }
    const given = Promise.resolve(clientCredentials(options)()).catch((reason: unknown) => reason)
    await time.settle()
    expect(await given).toMatchObject({ code: 'TOKEN_UNAVAILABLE', message: expect.stringContaining('no answer within 500 ms') })
    expect(time.now).toBe(500)
  })
})

describe('options of client credentials', () => {
  it('are checked at once, and their values not shown', () => {
    const wrong = { tokenEndpoint: 'hunter2', clientId: '', clientSecret: '' }
    expect(() => clientCredentials(wrong)).toThrow(/tokenEndpoint: a URL[^]*clientId: a text[^]*clientSecret: a text/)
    expect(() => clientCredentials(wrong)).not.toThrow(/hunter2/)
  })
})
