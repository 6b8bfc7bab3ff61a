import { createHash } from 'node:crypto'
import { topicDigest } from '../../kafka/digest'

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const sha256 = (...parts: readonly Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')

const only = (record: Parameters<ReturnType<typeof topicDigest>['add']>[2]) => {
  const digest = topicDigest()
  digest.add(0, 0n, record)
  return digest.results(1)[0]?.sha256
}

describe('topicDigest', () => {
  it('hashes lengths and bytes, and tells null from empty', () => {
    expect(only({ key: Buffer.from('k'), value: Buffer.from('value') })).toBe(
      sha256(int32(1), Buffer.from('k'), int32(5), Buffer.from('value'), int32(0)),
    )
    expect(only({ key: null, value: Buffer.alloc(0) })).toBe(sha256(int32(-1), int32(0), int32(0)))
  })

  it('hashes headers in their order', () => {
    const a = { key: 'ä', value: null }
    const b = { key: '', value: Buffer.from('1') }
    const record = { key: null, value: null }
    const nulls = [int32(-1), int32(-1), int32(2)]
    const first = [int32(2), Buffer.from('ä'), int32(-1)]
    const second = [int32(0), int32(1), Buffer.from('1')]
    expect(only({ ...record, headers: [a, b] })).toBe(sha256(...nulls, ...first, ...second))
    expect(only({ ...record, headers: [b, a] })).toBe(sha256(...nulls, ...second, ...first))
  })

  it.each([65_530, 65_536, 65_537, 300_000])('does not depend on how values of %i bytes fall into its room', (length) => {
    const value = Buffer.alloc(length, 'x')
    expect(only({ key: Buffer.from('key'), value })).toBe(sha256(int32(3), Buffer.from('key'), int32(length), value, int32(0)))
  })

  it('counts per partition and has a line for an empty one', () => {
    const digest = topicDigest()
    digest.add(1, 5n, { key: Buffer.from('ab'), value: Buffer.from('c') })
    digest.add(1, 9n, { key: null, value: null })
    expect(digest.results(2)).toEqual([
      { partition: 0, count: 0, first: -1n, last: -1n, bytes: 0, sha256: sha256() },
      { partition: 1, count: 2, first: 5n, last: 9n, bytes: 3, sha256: expect.any(String) as string },
    ])
  })
})
