import { Subject } from 'rxjs'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { encodeRequest } from '../../../lib/protocol/envelope'
import { cutWithinRequests } from '../../../lib/testing/broker/cut-within-requests'
import type { RequestHead } from '../../../lib/testing/broker/cut-within-requests'

const request = (correlationId: number, clientId = 'spec'): Buffer =>
  Buffer.concat(encodeRequest(MetadataRequest, { topics: null }, 12, { clientId, correlationId }))

const watched = (cutAfter: (head: RequestHead) => number | undefined) => {
  const chunks$ = new Subject<Uint8Array>()
  const seen: Uint8Array[] = []
  const ends: string[] = []
  chunks$.pipe(cutWithinRequests(cutAfter)).subscribe({
    next: (chunk) => seen.push(chunk),
    error: (error: unknown) => ends.push(String(error)),
    complete: () => ends.push('complete'),
  })
  return { chunks$, ends, seen: () => Buffer.concat(seen) }
}

describe('cutWithinRequests', () => {
  it('asks once for each request, whatever its pieces, and lets everything through', () => {
    const all = Buffer.concat([request(1), request(2, 'another'), request(3)])
    for (const size of [1, 3, 17, 1000]) {
      const heads: RequestHead[] = []
      const { chunks$, ends, seen } = watched((head) => void heads.push(head))
      for (let at = 0; at < all.length; at += size) chunks$.next(all.subarray(at, at + size))
      chunks$.complete()
      expect(seen()).toEqual(all)
      const sizes = [request(1), request(2, 'another'), request(3)].map(({ length }) => length)
      expect(heads).toEqual(['spec', 'another', 'spec'].map((clientId, i) => ({ size: sizes[i], apiKey: 3, version: 12, clientId })))
      expect(ends).toEqual(['complete'])
    }
  })

  it('ends the stream after so many bytes of the request that is to be cut, in whatever piece they are', () => {
    const [first, second] = [request(1), request(2, 'another')]
    const all = Buffer.concat([first, second])
    for (const size of [1, 5, 1000]) {
      const { chunks$, ends, seen } = watched(({ clientId }) => (clientId === 'another' ? 24 : undefined))
      for (let at = 0; at < all.length; at += size) chunks$.next(all.subarray(at, at + size))
      expect(seen()).toEqual(all.subarray(0, first.length + 24))
      expect(ends).toEqual([expect.stringContaining('cut within a request')])
    }
  })

  it('passes on what is no request', () => {
    const { chunks$, ends, seen } = watched(() => 1)
    const short = Buffer.from([0, 0, 0, 2, 7, 7])
    chunks$.next(Buffer.concat([short, short]))
    chunks$.complete()
    expect([seen(), ends]).toEqual([Buffer.concat([short, short]), ['complete']])
  })
})
