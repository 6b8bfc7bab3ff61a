import { SaslAuthenticateRequest } from '../../../lib/generated/messages/SaslAuthenticateRequest'
import { SaslAuthenticateResponse } from '../../../lib/generated/messages/SaslAuthenticateResponse'
import { SaslHandshakeRequest } from '../../../lib/generated/messages/SaslHandshakeRequest'
import { SaslHandshakeResponse } from '../../../lib/generated/messages/SaslHandshakeResponse'
import { openConnection } from '../../../lib/network/connection'
import type { SaslConversation, SaslMechanism, SaslStep } from '../../../lib/network/sasl/mechanism'
import { memoryNetwork } from '../../support/memory-transport'
import { hangUp, scriptedBroker, value } from '../../support/scripted-broker'
import { virtualTime } from '../../support/virtual-time'

const HANDSHAKE = { request: SaslHandshakeRequest, response: SaslHandshakeResponse }
const AUTHENTICATE = { request: SaslAuthenticateRequest, response: SaslAuthenticateResponse }
const address = { host: 'broker', port: 9092 }

const send = (text: string): SaslStep => ({ type: 'send', token: Buffer.from(text) })

/** Says these steps, and notes what it is told. */
function saying(...steps: readonly (SaslStep | (() => SaslStep | Promise<SaslStep>))[]) {
  const told: string[] = []
  const conversation = (): SaslConversation => {
    const left = [...steps]
    return (said) => {
      told.push(Buffer.from(said).toString())
      const step = left.shift() ?? { type: 'done' }
      return typeof step === 'function' ? step() : step
    }
  }
  const mechanism: SaslMechanism = { name: 'OWN', begin: conversation }
  return { mechanism, told }
}

function world(mechanism: SaslMechanism) {
  const time = virtualTime()
  const { clock } = time
  const network = memoryNetwork({ clock })
  const broker = scriptedBroker(network, clock, address)
  broker.on(HANDSHAKE, () => value({ errorCode: 0, mechanisms: ['OWN'] }))
  broker.on(AUTHENTICATE, ({ authBytes }) =>
    value({ errorCode: 0, errorMessage: null, authBytes: Buffer.from(`to ${Buffer.from(authBytes).toString()}`) }),
  )
  const options = {
    ...{ transport: network.transport, clock, clientId: 'spec', software: { name: 'kafkarx', version: '1' } },
    ...{ requestTimeout: 1000, connectTimeout: 3000, sasl: mechanism },
  }
  const open = () => {
    const seen: { ended?: unknown; opened: number } = { opened: 0 }
    openConnection(address, options).subscribe({
      next: () => seen.opened++,
      error: (error: unknown) => (seen.ended = error),
    })
    // Less than it may take.
    time.advance(500)
    return seen
  }
  return { time, broker, open }
}

describe('a login', () => {
  it('carries tokens both ways until the client is done, in the newest versions', () => {
    const { mechanism, told } = saying(send('a'), send('b'))
    const { broker, open } = world(mechanism)
    expect(open().opened).toBe(1)
    expect(told).toEqual(['', 'to a', 'to b'])
    expect(broker.received.map(({ api, version }) => `${api} ${String(version)}`)).toEqual([
      'ApiVersions 0',
      'SaslHandshake 1',
      'SaslAuthenticate 2',
      'SaslAuthenticate 2',
      'ApiVersions 5',
    ])
  })

  it('may be over with the handshake, when the mechanism has nothing to say', () => {
    const { broker, open } = world(saying().mechanism)
    expect(open().opened).toBe(1)
    expect(broker.asked).toEqual(['SaslHandshake'])
  })

  it('is begun anew for each connection', () => {
    const { mechanism, told } = saying(send('a'))
    const { open } = world(mechanism)
    expect([open().opened, open().opened]).toEqual([1, 1])
    expect(told).toEqual(['', 'to a', '', 'to a'])
  })

  it('fails with what the broker says', () => {
    const { broker, open } = world(saying(send('a')).mechanism)
    broker.on(AUTHENTICATE, () => value({ errorCode: 58, errorMessage: 'no such user', authBytes: new Uint8Array(0) }))
    expect(open().ended).toMatchObject({
      code: 'SASL_AUTHENTICATION_FAILED',
      message: 'broker:9092 refused to let us in with OWN: no such user: check username, password and mechanism',
    })
  })

  it('fails as any request when the broker answers with another error, or hangs up', () => {
    const other = world(saying(send('a')).mechanism)
    other.broker.on(HANDSHAKE, () => value({ errorCode: -1, mechanisms: [] }))
    expect(other.open().ended).toMatchObject({ code: 'UNKNOWN_SERVER_ERROR' })

    const gone = world(saying(send('a')).mechanism)
    gone.broker.on(AUTHENTICATE, () => hangUp)
    expect(gone.open().ended).toMatchObject({ code: 'NETWORK_EXCEPTION', retriable: true })
  })

  it('fails when the client does not believe the broker, and says why', () => {
    const { open } = world(saying(send('a'), { type: 'failed', reason: 'a bad smell' }).mechanism)
    expect(open().ended).toMatchObject({
      code: 'SASL_BROKER_UNPROVEN',
      retriable: false,
      message: expect.stringMatching(/^broker:9092 cannot be believed, by OWN: a bad smell/),
    })
  })

  it.each([
    [
      'begins',
      {
        name: 'OWN',
        begin: () => {
          throw new Error('no ticket')
        },
      },
    ],
    [
      'goes on',
      saying(send('a'), () => {
        throw new Error('no ticket')
      }).mechanism,
    ],
  ])('fails when its mechanism throws as it %s', (_when, mechanism) => {
    expect(world(mechanism).open().ended).toMatchObject({ code: 'CREDENTIALS_FAILED', message: expect.stringContaining('no ticket') })
  })

  it('fails when its mechanism rejects', async () => {
    const { open } = world(saying(() => Promise.reject(new Error('no ticket'))).mechanism)
    const seen = open()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen.ended).toMatchObject({ code: 'CREDENTIALS_FAILED' })
  })

  it('says so when it waits for its mechanism and not for the broker', () => {
    const { mechanism } = saying(() => new Promise<SaslStep>(() => undefined))
    const { time, open } = world(mechanism)
    const seen = open()
    time.advance(3000)
    expect(seen.ended).toMatchObject({ code: 'CREDENTIALS_FAILED' })
    expect(String(seen.ended)).toMatch(/OWN had nothing to show to broker:9092 within 3000 ms/)
  })

  it('needs a broker of Kafka 1.0', () => {
    const { broker, open } = world(saying(send('a')).mechanism)
    broker.speaks(HANDSHAKE, { min: 0, max: 0 })
    expect(open().ended).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
  })
})
