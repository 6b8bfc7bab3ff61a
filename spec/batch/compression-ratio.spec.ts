import { CompressionRatios } from '../../lib/batch/compression-ratio'

describe('the ratio of compression that is expected of a topic', () => {
  it('is 1 while nothing is known', () => {
    expect(new CompressionRatios().of('orders')).toBe(1)
  })

  it('falls in small steps, however well a batch was compressed, and not below what was seen', () => {
    const ratios = new CompressionRatios()
    const seen = Array.from({ length: 3 }, () => {
      ratios.observe('orders', 0.1)
      return ratios.of('orders')
    })
    expect(seen).toEqual([0.995, 0.99, 0.985].map((ratio) => expect.closeTo(ratio) as unknown))
    ratios.observe('orders', 0.983)
    expect(ratios.of('orders')).toBe(0.983)
  })

  it('rises at once to what was seen, and by 0.05 at least', () => {
    const ratios = new CompressionRatios()
    for (let i = 0; i < 140; i++) ratios.observe('orders', 0.3)
    expect(ratios.of('orders')).toBeCloseTo(0.3)
    ratios.observe('orders', 0.31)
    expect(ratios.of('orders')).toBeCloseTo(0.35)
    ratios.observe('orders', 0.8)
    expect(ratios.of('orders')).toBe(0.8)
  })

  it('stays when it is met', () => {
    const ratios = new CompressionRatios()
    ratios.observe('orders', 1)
    expect(ratios.of('orders')).toBe(1)
  })

  it('is each topic’s own, and forgotten for one alone', () => {
    const ratios = new CompressionRatios()
    for (const topic of ['orders', 'payments']) ratios.observe(topic, 0.5)
    ratios.observe('payments', 0.5)
    ratios.forget('orders')
    expect([ratios.of('orders'), ratios.of('payments')]).toEqual([1, expect.closeTo(0.99)])
  })
})
