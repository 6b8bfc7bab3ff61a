import { Subject, from, toArray } from 'rxjs'
import type { Observable } from 'rxjs'
import { ProtocolError } from '../../lib/errors'
import { frames } from '../../lib/network/frames'

const frame = (...body: readonly number[]): Uint8Array => Uint8Array.of(0, 0, body.length >> 8, body.length & 0xff, ...body)
const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]))

/** What came out, and how it ended. */
function watch(chunks: Observable<Uint8Array>, maxLength = 1000) {
  const seen: { frames: number[][]; ended: unknown } = { frames: [], ended: undefined }
  chunks.pipe(frames(maxLength)).subscribe({
    next: (bytes) => seen.frames.push([...bytes]),
    error: (error: unknown) => (seen.ended = error),
    complete: () => (seen.ended = 'complete'),
  })
  return seen
}

const chunked = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.slice(i * size, (i + 1) * size))

describe('frames', () => {
  const stream = concat(frame(1, 2, 3), frame(), frame(4), frame(5, 6, 7, 8, 9))
  const expected = [[1, 2, 3], [], [4], [5, 6, 7, 8, 9]]

  for (let size = 1; size <= stream.length; size++) {
    it(`come out the same from chunks of ${String(size)} bytes`, () => {
      expect(watch(from(chunked(stream, size)))).toEqual({ frames: expected, ended: 'complete' })
    })
  }

  it('are views of their chunk when they lie in one', () => {
    const chunk = concat(frame(1, 2), frame(3))
    const seen: Uint8Array[] = []
    from([chunk])
      .pipe(frames(10))
      .subscribe((each) => seen.push(each))
    expect(seen.map((each) => each.buffer === chunk.buffer)).toEqual([true, true])
  })

  it('ignore empty chunks', () => {
    expect(watch(from([new Uint8Array(0), frame(1), new Uint8Array(0)])).frames).toEqual([[1]])
  })

  it('keep what is unfinished to themselves when the stream ends', () => {
    expect(watch(from([Uint8Array.of(0, 0, 0, 5, 1, 2)]))).toEqual({ frames: [], ended: 'complete' })
  })

  it('refuse a negative length, after the frames before it', () => {
    const seen = watch(from([concat(frame(7), Uint8Array.of(0xff, 0xff, 0xff, 0xfe, 1))]))
    expect(seen.frames).toEqual([[7]])
    expect(seen.ended).toBeInstanceOf(ProtocolError)
    expect(String(seen.ended)).toContain('claims -2 bytes')
  })

  it('refuse a length above the bound and take one at the bound', () => {
    expect(watch(from([frame(1, 2, 3)]), 3).frames).toEqual([[1, 2, 3]])
    expect(watch(from([frame(1, 2, 3, 4)]), 3).ended).toBeInstanceOf(ProtocolError)
  })

  it('refuse 2 GB in the same moment, without allocating it', () => {
    expect(watch(from([Uint8Array.of(0x7f, 0xff, 0xff, 0xff)])).ended).toBeInstanceOf(ProtocolError)
  })

  it.each([
    ['an alert', [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50]],
    ['a handshake', [0x16, 0x03, 0x01, 0x02, 0x00]],
  ])('know TLS when they see it: %s', (_what, bytes) => {
    expect(watch(from([Uint8Array.from(bytes)]), 1 << 20).ended).toMatchObject({ code: 'TLS_REQUIRED', retriable: false })
  })

  it('stop when a subscriber leaves in the middle of a chunk', () => {
    const chunks = new Subject<Uint8Array>()
    const seen: number[][] = []
    const subscription = chunks.pipe(frames(10)).subscribe((each) => {
      seen.push([...each])
      subscription.unsubscribe()
    })
    chunks.next(concat(frame(1), frame(2)))
    expect(seen).toEqual([[1]])
    expect(chunks.observed).toBe(false)
  })

  it('pass on the error of the stream', () => {
    const chunks = new Subject<Uint8Array>()
    const seen = watch(chunks)
    const broken = new Error('broken')
    chunks.error(broken)
    expect(seen.ended).toBe(broken)
  })

  it('join a frame of 200,000 one-byte chunks in linear time', () => {
    const size = 200_000
    const chunks = new Subject<Uint8Array>()
    let length = 0
    chunks.pipe(frames(size)).subscribe((each) => (length = each.length))
    chunks.next(Uint8Array.of(0, 0x03, 0x0d, 0x40))
    for (let i = 0; i < size; i++) chunks.next(Uint8Array.of(1))
    expect(length).toBe(size)
  })

  it('start anew for each subscriber', () => {
    const source = from(chunked(stream, 3)).pipe(frames(100), toArray())
    for (let i = 0; i < 2; i++) source.subscribe((all) => expect(all).toHaveLength(4))
    expect.assertions(2)
  })
})
