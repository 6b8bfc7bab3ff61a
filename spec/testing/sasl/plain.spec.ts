import { plain } from '../../../lib/testing/sasl/plain'
import { bytes } from '../support/logging-in'

const evaluate = (token: string) => plain({ alice: 'secret', jörg: 'ge:heim' }).evaluate(bytes(token))

describe('PLAIN', () => {
  it.each([
    ['alice', '\0alice\0secret'],
    ['alice', 'alice\0alice\0secret'],
    ['jörg', '\0jörg\0ge:heim'],
  ])('lets %s in', (principal, token) => {
    expect(evaluate(token)).toEqual({ type: 'done', token: new Uint8Array(0), principal })
  })

  it.each([
    ['Authentication failed: Invalid username or password', '\0alice\0secrets'],
    ['Authentication failed: Invalid username or password', '\0mallory\0secret'],
    ['Authentication failed: Invalid username or password', '\0constructor\0secret'],
    ['Authentication failed: username not specified', '\0\0secret'],
    ['Authentication failed: password not specified', '\0alice\0'],
    ['Authentication failed: the authorization id is not the username', 'bob\0alice\0secret'],
    ['Invalid SASL/PLAIN response: 3 tokens were expected, 1 came', ''],
    ['Invalid SASL/PLAIN response: 3 tokens were expected, 2 came', '\0alice'],
    ['Invalid SASL/PLAIN response: 3 tokens were expected, 4 came', '\0alice\0secret\0'],
  ])('says: %s', (message, token) => {
    expect(evaluate(token)).toEqual({ type: 'failed', message })
  })
})
