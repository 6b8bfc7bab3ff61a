import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { murmur2, partitionOfKey } from '../../lib/partitioners/murmur2'
import { utf8 } from '../support/records'

describe('murmur2', () => {
  it.each([
    ['', 275646681],
    ['21', -973932308],
    ['abc', 479470107],
    ['key', -1079937367],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('of %j is %i, as in Java', (text, hash) => {
    expect(murmur2(utf8(text))).toBe(hash)
  })

  it('has Kafka’s checksum over a hundred thousand random keys of all lengths up to 1000', () => {
    const program = join(__dirname, 'murmur2-checksum.ts')
    expect(execFileSync(process.execPath, ['--import', 'tsx', program], { encoding: 'utf8' }).trim()).toBe('c3b8cf7c99fc')
  })

  it('is the same wherever the key lies in its buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(7), (key, offset) => {
        const shifted = Buffer.concat([new Uint8Array(offset), key]).subarray(offset)
        expect(murmur2(shifted)).toBe(murmur2(key))
      }),
    )
  })
})

describe('the partition of a key', () => {
  it.each([
    ['21', 1173551340],
    ['foobar', 1357151166],
    ['abc', 479470107],
  ])('of %j comes from its hash with the sign bit cleared, not from its absolute value', (text, positive) => {
    const counts = [1, 3, 7, 1000]
    expect(counts.map((count) => partitionOfKey(utf8(text), count))).toEqual(counts.map((count) => positive % count))
  })

  it('always exists', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 100_000 }), (key, count) => {
        const partition = partitionOfKey(key, count)
        expect(Number.isInteger(partition) && partition >= 0 && partition < count).toBe(true)
      }),
    )
  })
})
