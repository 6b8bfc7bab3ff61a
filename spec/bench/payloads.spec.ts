import { deflateSync } from 'node:zlib'
import { payloadLines } from '../../bench/payloads'

describe('payloads', () => {
  it.each(['letters', 'json'] as const)('of %s have the very length, differ, and are the same each time', (content) => {
    const lines = payloadLines({ content, recordBytes: 1_000 }, 50)
    expect(lines.map(({ length }) => length)).toEqual(Array<number>(50).fill(1_000))
    expect(new Set(lines).size).toBe(50)
    expect(payloadLines({ content, recordBytes: 1_000 }, 50)).toEqual(lines)
  })

  it('like JSON are JSON, and can be compressed about as well as what services write', () => {
    const lines = payloadLines({ content: 'json', recordBytes: 1_000 }, 100)
    expect(JSON.parse(lines[0] ?? '')).toHaveProperty('customer.city')
    const text = lines.join('')
    expect(text.length / deflateSync(text).length).toBeGreaterThan(2.5)
  })
})
