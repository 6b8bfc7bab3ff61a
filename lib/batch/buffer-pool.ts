/**
 * The bytes that batches may hold. Memory is handed out in pieces that grow with the batch that asks, so what is held follows
 * what is queued and not partitions × batch size.
 */

const SMALLEST_PIECE = 1024
export const LARGEST_PIECE = 32_768

/** The size of the piece that follows one of `previous` bytes: doubling, within the pooled sizes, and never below what is needed. */
export function nextPieceSize(previous: number, needed: number): number {
  const doubled = Math.min(Math.max(previous * 2, SMALLEST_PIECE), LARGEST_PIECE)
  if (needed > LARGEST_PIECE) return needed
  let size = doubled
  while (size < needed) size *= 2
  return size
}

/** A doubling of the smallest: what somebody will ask for again. */
const isPooled = (size: number): boolean =>
  size >= SMALLEST_PIECE && size <= LARGEST_PIECE && Number.isInteger(Math.log2(size / SMALLEST_PIECE))

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0)

/** Where a batch gets its memory, and gives it back. */
export interface PieceSource {
  /** A piece of exactly `size` bytes, or undefined when there is no room for it. */
  take(size: number): Uint8Array | undefined
  /** Takes pieces back. Whoever held them must not touch them again. */
  give(pieces: readonly Uint8Array[]): void
}

export class BufferPool implements PieceSource {
  /** Pieces that came back, by their size; only the sizes from SMALLEST_PIECE to LARGEST_PIECE are kept. */
  readonly #idle = new Map<number, Uint8Array[]>()
  #idleBytes = 0
  #held = 0

  /** Called after pieces came back. */
  onGiven: () => void = () => undefined

  /** Called after what is held has changed, maybe in the middle of an append: it may take a note, and not come back here. */
  onChanged: () => void = () => undefined

  /** `total`: bytes that may be held at once. */
  constructor(readonly total: number) {}

  /** Bytes that batches hold now. */
  get held(): number {
    return this.#held
  }

  get free(): number {
    return this.total - this.#held
  }

  take(size: number): Uint8Array | undefined {
    return size > this.free ? undefined : this.#take(size)
  }

  /**
   * Pieces of these sizes for others that come back in the same moment, or undefined, and then nothing has changed: the parts of a batch
   * that is split take the place of the whole. Nobody who waits comes between, since he may be waiting for this very batch.
   */
  exchange(pieces: readonly Uint8Array[], sizes: readonly number[]): Uint8Array[] | undefined {
    if (sum(sizes) > this.free + sum(pieces.map(({ length }) => length))) return undefined
    for (const piece of pieces) this.#takeBack(piece)
    return sizes.map((size) => this.#take(size))
  }

  /** Counted once it is there: the machine may have no memory though the pool has room, and then nothing is held. */
  #take(size: number): Uint8Array {
    const piece = this.#takeIdle(size) ?? this.#allocate(size)
    this.#held += size
    this.onChanged()
    return piece
  }

  #takeIdle(size: number): Uint8Array | undefined {
    const idle = this.#idle.get(size)?.pop()
    if (idle !== undefined) this.#idleBytes -= size
    return idle
  }

  #allocate(size: number): Uint8Array {
    this.#forgetIdle(this.#held + size + this.#idleBytes - this.total)
    return Buffer.allocUnsafeSlow(size)
  }

  give(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) this.#takeBack(piece)
    this.onChanged()
    this.onGiven()
  }

  #takeBack(piece: Uint8Array): void {
    this.#held -= piece.length
    if (isPooled(piece.length)) this.#keep(piece)
  }

  #keep(piece: Uint8Array): void {
    const idle = this.#idle.get(piece.length)
    if (idle === undefined) this.#idle.set(piece.length, [piece])
    else idle.push(piece)
    this.#idleBytes += piece.length
  }

  /**
   * Idle pieces of other sizes would add to what is held: together they stay within the total. So many bytes of them and no more, or with
   * many partitions every piece would be allocated anew.
   */
  #forgetIdle(bytes: number): void {
    let left = bytes
    for (const [size, pieces] of this.#idle) {
      for (; left > 0 && pieces.pop() !== undefined; left -= size) this.#idleBytes -= size
    }
  }
}
