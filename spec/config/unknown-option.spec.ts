import { resolveConfig } from '../../lib/config'
import { unknownOption } from '../../lib/config/unknown-option'
import { ConfigError } from '../../lib/errors'
import { RULES } from '../../lib/properties/keys'

const problemOf = (name: string): string => {
  try {
    resolveConfig({ brokers: ['a:1'], ...{ [name]: 1 } })
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join()
  }
  return ''
}

describe('an option that there is not', () => {
  it.each([
    // Java's, in its own spelling and in others
    ['linger.ms', 'linger'],
    ['batch.size', 'batchSize'],
    ['BATCH_SIZE', 'batchSize'],
    ['bufferMemoryBytes', 'bufferMemory'],
    ['bootstrapServers', 'brokers'],
    ['enable.idempotence', 'idempotence'],
    ['max.in.flight.requests.per.connection', 'maxInFlight'],
    ['compressionType', 'compression'],
    // kafkajs's
    ['ssl', 'tls'],
    ['connectionTimeout', 'connectionSetupTimeout'],
    ['createPartitioner', 'partitioner'],
    ['idempotent', 'idempotence'],
    ['maxInFlightRequests', 'maxInFlight'],
    ['retry', 'retries'],
    // librdkafka's
    ['metadata.broker.list', 'brokers'],
    ['queue.buffering.max.ms', 'linger'],
    ['message.timeout.ms', 'deliveryTimeout'],
    ['max.in.flight', 'maxInFlight'],
    ['compression.codec', 'compression'],
    ['request.required.acks', 'acks'],
    ['sasl.username', 'sasl'],
    // @platformatic/kafka's
    ['bootstrapBrokers', 'brokers'],
    ['maxInflights', 'maxInFlight'],
    ['retryDelay', 'retryBackoff'],
    // slips
    ['broker', 'brokers'],
    ['lnger', 'linger'],
    ['partioner', 'partitioner'],
  ])('%s: is %s meant?', (name, option) => {
    expect(problemOf(name)).toBe(`${name}: there is no such option: is ${option} meant?`)
  })

  it.each([
    ['key.serializer', 'serializers are given to send and to'],
    ['logLevel', 'what happens inside is told by events$'],
    ['dr_msg_cb', 'each record has a delivery, which comes out of send'],
    ['allowAutoTopicCreation', 'whether a topic is made is for the brokers to decide (auto.create.topics.enable)'],
    ['compressionLevel', 'it is { type, level } of compression'],
    ['ssl.keystore.password', "fromProperties takes the names of Java's"],
  ])('%s: %s', (name, advice) => {
    expect(problemOf(name)).toBe(`${name}: there is no such option: ${advice}`)
  })

  it('is named by itself when nothing is near: a wrong guess is worse', () => {
    expect(problemOf('zookeeper')).toBe('zookeeper: there is no such option')
  })

  it('by a name of Java’s leads to the option that fromProperties makes of it', () => {
    const options = Object.values(RULES).flatMap((rule) => (rule.type === 'option' ? [rule.option] : []))
    const wrong = Object.entries(RULES).flatMap(([key, rule]) => {
      if (rule.type !== 'option' || key === rule.option) return []
      const said = unknownOption(key, options)
      return said.endsWith(`: is ${rule.option} meant?`) ? [] : [said]
    })
    expect(wrong).toEqual([])
  })
})
