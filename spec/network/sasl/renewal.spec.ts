import { Observable, Subject } from 'rxjs'
import { AuthenticationError } from '../../../lib/errors'
import type { KafkaError } from '../../../lib/errors'
import type { Call, Exchange } from '../../../lib/network/exchange'
import { renewal } from '../../../lib/network/sasl/renewal'
import type { RenewalOptions } from '../../../lib/network/sasl/renewal'
import { virtualTime } from '../../support/virtual-time'

/** What a request needs to be told apart. */
const call = (name: string): Call<unknown, unknown> => ({ name }) as never
const nameOf = (each: unknown): string => (each as { readonly name: string }).name

/** An exchange that notes what it is told, and a session of 10 s; `random` is the middle: it is renewed after 9. */
function session({ random = 0.5, ...options }: Partial<RenewalOptions> & { readonly random?: number } = {}) {
  const time = virtualTime(() => random)
  const log: string[] = []
  let open = true
  let inFlight = 0
  const exchange = {
    get inFlight() {
      return inFlight
    },
    get open() {
      return open
    },
    send: (each: unknown) => {
      inFlight++
      log.push(`${open ? 'sent' : 'refused'} ${nameOf(each)}`)
    },
    retire: () => {
      open = false
      log.push('retired')
    },
    close: (cause?: KafkaError) => {
      open = false
      log.push(`closed ${cause?.code ?? ''}`)
      renewed.ended()
    },
  } as unknown as Exchange
  const logins: Subject<number>[] = []
  const login = () =>
    new Observable<number>((subscriber) => {
      const answers = new Subject<number>()
      logins.push(answers)
      log.push('login')
      return answers.subscribe(subscriber)
    })
  const renewed = renewal({
    exchange,
    clock: time.clock,
    address: { host: 'broker', port: 1 },
    lifetime: 10_000,
    timeout: 3000,
    login,
    ...options,
  })
  const send = (name: string) => renewed.exchange.send(call(name))
  return { time, log, logins, renewed, send, lastLogin: () => logins.at(-1) }
}

describe('a session', () => {
  it('is renewed by the first request after nine tenths of it, which waits in order with those that follow', () => {
    const { time, log, send, lastLogin, renewed } = session()
    time.advance(8999)
    send('a')
    time.advance(1)
    send('b')
    expect(log).toEqual(['sent a'])
    time.advance(0)
    send('c')
    expect(log).toEqual(['sent a', 'login'])
    expect(renewed.exchange.inFlight).toBe(3)
    lastLogin()?.next(10_000)
    expect(log).toEqual(['sent a', 'login', 'sent b', 'sent c'])
    send('d')
    expect(log.at(-1)).toBe('sent d')
  })

  it.each([
    [0, 8500],
    [0.999999, 9500],
  ])('is renewed between 85 and 95 %% of it, by chance: %d', (random, at) => {
    const { log, send, time } = session({ random })
    time.advance(at - 1)
    send('before')
    time.advance(2)
    send('after')
    expect(log).toEqual(['sent before'])
  })

  it('that does not end is not renewed, nor one that is said not to end when it is renewed', () => {
    const forever = session({ lifetime: 0 })
    forever.time.advance(1e9)
    forever.send('a')
    expect(forever.log).toEqual(['sent a'])

    const { time, log, send, lastLogin } = session()
    time.advance(20_000)
    send('a')
    time.advance(0)
    lastLogin()?.next(0)
    time.advance(1e9)
    send('b')
    expect(log).toEqual(['login', 'sent a', 'sent b'])
  })

  it('is not renewed within a second, as brokers would hang up', () => {
    const { time, log, send } = session({ lifetime: 100 })
    time.advance(999)
    send('a')
    time.advance(1)
    send('b')
    time.advance(0)
    expect(log).toEqual(['sent a', 'login'])
  })

  it('stands no timer while nothing is sent', () => {
    const { time } = session()
    expect(() => time.settle()).not.toThrow()
  })

  it('ends with its connection when it is refused, and what waited is refused after it', () => {
    const { time, log, send, lastLogin, renewed } = session()
    time.advance(9000)
    send('a')
    time.advance(0)
    lastLogin()?.error(new AuthenticationError('m', 'refused'))
    expect(log).toEqual(['login', 'closed SASL_AUTHENTICATION_FAILED', 'refused a'])
    send('b')
    expect(log.at(-1)).toBe('refused b')
    expect(renewed.exchange.open).toBe(false)
  })

  it('ends with its connection when nobody answers', () => {
    const { time, log, send } = session()
    time.advance(9000)
    send('a')
    time.advance(2999)
    expect(log).toEqual(['login'])
    time.advance(1)
    expect(log).toEqual(['login', 'closed REQUEST_TIMEOUT', 'refused a'])
  })

  it('lets what waited leave before it retires, and takes nothing more', () => {
    const { time, log, send, lastLogin, renewed } = session()
    time.advance(9000)
    send('a')
    time.advance(0)
    renewed.exchange.retire()
    expect(renewed.exchange.open).toBe(false)
    lastLogin()?.next(10_000)
    expect(log).toEqual(['login', 'sent a', 'retired'])
  })

  it('that is retired is not renewed any more', () => {
    const { time, log, send, renewed } = session()
    renewed.exchange.retire()
    time.advance(20_000)
    send('a')
    time.advance(0)
    expect(log).toEqual(['retired', 'refused a'])
  })

  it('whose connection ends before the login begins logs in no more', () => {
    const { time, log, send, renewed } = session()
    time.advance(9000)
    send('a')
    renewed.exchange.close()
    time.advance(10_000)
    expect(log).toEqual(['closed ', 'refused a'])
  })
})
