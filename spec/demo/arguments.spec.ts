import { HELP, parseArguments } from '../../demo/arguments'

const IN_PROCESS = { type: 'in-process' }

describe('parseArguments', () => {
  it.each([
    [[], { type: 'run', target: IN_PROCESS }],
    [['orders.jsonl'], { type: 'run', file: 'orders.jsonl', target: IN_PROCESS }],
    [['--kafka', 'orders.jsonl'], { type: 'run', file: 'orders.jsonl', target: { type: 'kafka' } }],
    [['--brokers', 'a:9092, b:9093'], { type: 'run', target: { type: 'brokers', addresses: ['a:9092', 'b:9093'] } }],
    [['--brokers=[::1]:9092', 'x'], { type: 'run', file: 'x', target: { type: 'brokers', addresses: ['[::1]:9092'] } }],
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
    [['--kafka', '--brokers', 'a:1'], /not both/],
  ])('says what is wrong with %j', (words, reason) => {
    expect(parseArguments(words)).toEqual({ type: 'wrong', reason: expect.stringMatching(reason) })
  })

  it('explains every option', () => {
    for (const option of ['--kafka', '--brokers', 'FILE.jsonl', 'Exit code']) expect(HELP).toContain(option)
  })
})
