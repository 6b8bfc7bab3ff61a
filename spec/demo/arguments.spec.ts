import { parseArguments } from '../../demo/arguments'

describe('parseArguments', () => {
  it.each([
    [[], { type: 'run' }],
    [['orders.jsonl'], { type: 'run', file: 'orders.jsonl' }],
    [['--brokers', 'a:9092, b:9093'], { type: 'run', brokers: ['a:9092', 'b:9093'] }],
    [['--brokers=[::1]:9092', 'x'], { type: 'run', file: 'x', brokers: ['[::1]:9092'] }],
    [['-h'], { type: 'help' }],
  ])('understands %j', (words, expected) => {
    expect(parseArguments(words)).toEqual(expected)
  })

  it.each([
    [['a', 'b'], /one file at most.* b/],
    [['--brokers', 'localhost'], /HOST:PORT, not "localhost"/],
    [['--brokers', 'a:1,'], /HOST:PORT, not ""/],
    [['--brokers', '::1:9092'], /HOST:PORT/],
    [['--broker', 'a:1'], /--broker/],
    [['--brokers'], /argument missing/],
  ])('says what is wrong with %j', (words, reason) => {
    expect(parseArguments(words)).toEqual({ type: 'wrong', reason: expect.stringMatching(reason) })
  })
})
