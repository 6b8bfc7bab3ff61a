import { ErrorCode } from '../../../lib/generated/error-codes'
import { ApiVersionsRequest } from '../../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../../lib/generated/messages/ApiVersionsResponse'
import { nameOf } from '../support/admin'
import { loggingIn } from '../support/logging-in'

const ALL = ['PLAIN', 'SCRAM-SHA-512', 'SCRAM-SHA-256']

const CLIENT = { clientSoftwareName: 'spec', clientSoftwareVersion: '1' }

describe('SaslHandshake', () => {
  it.each([0, 1])('begins a login with a mechanism that is spoken, in version %i', (version) => {
    const { handshake, isOpen } = loggingIn()

    expect(handshake('SCRAM-SHA-256', version)).toMatchObject({ errorCode: ErrorCode.NONE, mechanisms: ALL })
    expect(isOpen()).toBe(true)
  })

  it.each([0, 1])('names the mechanisms that are spoken to who wants another, and hangs up: version %i', (version) => {
    const { time, handshake, isOpen } = loggingIn()

    expect(handshake('GSSAPI', version)).toMatchObject({ errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms: ALL })
    expect([time.now, isOpen()]).toEqual([100, false])
  })

  it('speaks only the mechanisms that the brokers are set to', () => {
    const { handshake } = loggingIn({ configs: { 'sasl.enabled.mechanisms': 'SCRAM-SHA-512, GSSAPI' } })

    expect(handshake('PLAIN')).toMatchObject({ errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms: ['SCRAM-SHA-512'] })
  })

  it('comes before anything but the question for versions, which is answered once', () => {
    const { ask, metadata, another } = loggingIn()
    const versions = () => ask(ApiVersionsRequest, ApiVersionsResponse, CLIENT)

    expect(versions().errorCode).toBe(ErrorCode.NONE)
    expect(versions).toThrow('ended the connection')
    expect(metadata).toThrow('ended the connection')
    expect(() => another().authenticate('\0alice\0secret')).toThrow('ended the connection')
  })

  it('lets a client ask for versions again that said what it is in a wrong way', () => {
    const { ask } = loggingIn()
    const versions = (clientSoftwareName: string) => ask(ApiVersionsRequest, ApiVersionsResponse, { ...CLIENT, clientSoftwareName })

    expect([versions('-'), versions('spec')].map(({ errorCode }) => nameOf(errorCode))).toEqual(['INVALID_REQUEST', 'NONE'])
  })

  it('refuses what does not belong into a login, and hangs up', () => {
    const { ask, handshake, isOpen, another } = loggingIn()
    handshake('PLAIN')
    expect(handshake('PLAIN')).toMatchObject({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] })
    expect(isOpen()).toBe(false)

    handshake('PLAIN')
    expect(ask(ApiVersionsRequest, ApiVersionsResponse, CLIENT).errorCode).toBe(ErrorCode.ILLEGAL_SASL_STATE)
    expect(isOpen()).toBe(false)

    const { handshake: begin, metadata } = another()
    begin('PLAIN')
    expect(metadata).toThrow('ended the connection')
  })

  it('refuses a login where nobody has to, or who has, and stays', () => {
    const open = loggingIn('open')
    const closed = loggingIn()
    closed.plain()

    expect([open, closed].map(({ handshake }) => handshake('PLAIN'))).toMatchObject([
      { errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] },
      { errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] },
    ])
    expect([open, closed].map(({ metadata }) => metadata().brokers.length)).toEqual([1, 1])
  })

  it('fails with an error that was ordered, and hangs up', () => {
    const { cluster, handshake, isOpen } = loggingIn()
    cluster.next('SaslHandshake').fail('UNSUPPORTED_SASL_MECHANISM')

    expect(nameOf(handshake('PLAIN').errorCode)).toBe('UNSUPPORTED_SASL_MECHANISM')
    expect(isOpen()).toBe(false)
    expect(nameOf(handshake('PLAIN').errorCode)).toBe('NONE')
  })
})
