import { nearestName } from '../../lib/config/nearest-name'

const NAMES = ['acks', 'linger', 'batchSize', 'maxBatchSize', 'bufferMemory', 'maxInFlight', 'retries', 'retryBackoff']

describe('the nearest name', () => {
  it.each([
    ['lingr', 'linger'],
    ['lingerMs', 'linger'],
    ['linger.ms', 'linger'],
    ['batch.size', 'batchSize'],
    ['batch_size', 'batchSize'],
    ['BATCHSIZE', 'batchSize'],
    ['maxBatchsize', 'maxBatchSize'],
    ['bufferMemroy', 'bufferMemory'],
    ['ack', 'acks'],
  ])('to %s is %s', (name, nearest) => {
    expect(nearestName(name, NAMES)).toBe(nearest)
  })

  it.each(['', 'x', 'topic', 'logLevel', 'constructor', 'transactionalId'])('to %j is none: a wrong guess is worse', (name) => {
    expect(nearestName(name, NAMES)).toBeUndefined()
  })

  it('among none is none', () => {
    expect(nearestName('linger', [])).toBeUndefined()
  })
})
