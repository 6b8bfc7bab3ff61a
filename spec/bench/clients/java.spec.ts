import { readPerformance } from '../../../bench/clients/java'

const total = (records: number, rate: string, p50: number) =>
  `${records} records sent, ${rate} records/sec (47.87 MB/sec), 430.29 ms avg latency, 632.00 ms max latency, ${p50} ms 50th, 610 ms 95th, 618 ms 99th, 630 ms 99.9th.`

describe('what ProducerPerformance printed', () => {
  it('is read from its second run, with what that has cost', () => {
    const lines = ['Reading payloads from: f', total(1_000, '90.5', 9), 'WARM', total(3_000_000, '500000.0', 470), 'COST 9000000000 552960']
    expect(readPerformance(lines)).toEqual({
      ...{ records: 3_000_000, seconds: 6, cpuSeconds: 9, peakBytes: 552_960 * 1024 },
      ...{ p50: 470, p99: 618, p999: 630, held: null },
    })
  })

  it('is shown whole when it is not what was expected', () => {
    expect(() => readPerformance(['no such topic'])).toThrow('no such topic')
  })
})
