import { parseBroker } from '../../lib/cli/broker-options'
import { outcomeOf } from './outcome'

const DEFAULTS = { cluster: { brokers: 1, topics: {}, retentionBytes: 64 * 1024 ** 2, configs: {} }, topics: {} }

describe('the options of kafkarx broker', () => {
  it('are those of one broker on the port of Kafka, for this machine alone', () => {
    expect(parseBroker([])).toEqual({ ...DEFAULTS, listen: { host: '127.0.0.1', port: 9092 } })
  })

  it('name topics with their partitions', () => {
    expect(parseBroker(['--topic', 'orders:3', '--topic=a.b_c-D', '--topic', '...']).topics).toEqual({ orders: 3, 'a.b_c-D': 1, '...': 1 })
  })

  it.each([
    ['1', 1],
    ['512K', 512 * 1024],
    ['64m', 64 * 1024 ** 2],
    ['2GiB', 2 * 1024 ** 3],
    ['10MB', 10 * 1024 ** 2],
  ])('take %s as a size', (text, size) => {
    expect(parseBroker(['--retention', text]).cluster.retentionBytes).toBe(size)
  })

  it('say where to listen, what to tell clients, how many brokers and with which settings', () => {
    const args = [
      '--port=0',
      '--host',
      '0.0.0.0',
      '--advertised-host',
      'kafka.test',
      '--brokers',
      '3',
      '--config',
      'a.b=c=d',
      '--config',
      'e=',
    ]
    expect(parseBroker(args)).toMatchObject({
      listen: { host: '0.0.0.0', port: 0, advertisedHost: 'kafka.test' },
      cluster: { brokers: 3, configs: { 'a.b': 'c=d', e: '' } },
    })
  })

  it.each<readonly [readonly string[], RegExp]>([
    [['--topic', ''], /^--topic takes NAME or NAME:PARTITIONS, and not ''/],
    [['--topic', 'a b'], /and not 'a b'/],
    [['--topic', '..'], /and not '\.\.'/],
    [['--topic', '.:3'], /and not '\.:3'/],
    [['--topic', 'x'.repeat(250)], /at most 249/],
    [['--topic', 'a:0'], /^--topic a:PARTITIONS takes a whole number from 1 to 100000, and not '0'/],
    [['--topic', 'a:3:1'], /and not '3:1'/],
    [['--topic', 'a', '--topic', 'a:2'], /^--topic a was given twice/],
    [['--port', '65536'], /^--port takes a whole number from 0 to 65535/],
    [['--port', '65535', '--brokers', '2'], /from 0 to 65534/],
    [['--port', '-1'], /--port/],
    [['--brokers', '0'], /^--brokers takes a whole number from 1 to 100/],
    [['--brokers', '1.5'], /and not '1\.5'/],
    [['--retention', '0'], /^--retention takes a size/],
    [['--retention', '12x'], /and not '12x'/],
    [['--retention', ''], /^--retention/],
    [['--config', 'a'], /^--config takes NAME=VALUE, and not 'a'/],
    [['--config', '=a'], /NAME=VALUE/],
    [['--config', 'a=1', '--config', 'a=2'], /^--config a was given twice/],
    [['--colour'], /--colour/],
    [['orders'], /orders/],
  ])('refuse %j', (args, reason) => {
    expect(() => parseBroker(args)).toThrow(reason)
  })

  it('are explained', () => {
    const { exitCode, text } = outcomeOf(['broker', '--help'])
    expect(exitCode).toBe(0)
    for (const option of ['topic', 'port', 'host', 'advertised-host', 'brokers', 'retention', 'config'])
      expect(text).toContain(`--${option} `)
  })
})
