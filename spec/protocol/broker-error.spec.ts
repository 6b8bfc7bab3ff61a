import { BrokerError } from '../../lib/errors'
import { errorCodes } from '../../lib/generated/error-codes'
import { brokerError } from '../../lib/protocol/broker-error'

describe("a broker's error", () => {
  it("has Kafka's name, number and retriability, and says what to do", () => {
    const error = brokerError(29, "Topic 'orders'")
    expect(error).toBeInstanceOf(BrokerError)
    expect(error).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED', errorCode: 29, retriable: false, fatal: false })
    expect(error.message).toBe(
      "Topic 'orders': TOPIC_AUTHORIZATION_FAILED (29): ask for an ACL that allows this principal to WRITE and DESCRIBE the topic",
    )
  })

  it('knows which errors a retry may heal', () => {
    expect(brokerError(6, 'orders-0').retriable).toBe(true)
    expect(brokerError(10, 'orders-0').retriable).toBe(false)
  })

  it("puts the broker's own words before the hint", () => {
    expect(brokerError(44, 'orders', 'no topic without an owner').message).toContain(': no topic without an owner: ')
  })

  it('keeps the number of a code that is newer than this library', () => {
    expect(brokerError(9999, 'orders')).toMatchObject({ code: 'UNKNOWN_SERVER_ERROR', errorCode: 9999, retriable: false })
  })

  it('exists for every code of the table', () => {
    for (const { errorCode, name } of errorCodes) expect(brokerError(errorCode, 'x').code).toBe(name)
  })
})
