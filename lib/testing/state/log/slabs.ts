/** Copies of bytes that live about equally long, many of them in one piece of memory: a buffer of its own costs more than a small batch. */

const SMALLEST = 1024
const LARGEST = 64 * 1024
/** What takes more of the largest slab stands by itself. */
const MOST_SHARED = LARGEST / 4

export class Slabs {
  #slab = new Uint8Array(0)
  #used = 0
  #size = SMALLEST

  /** A slab goes when all of its copies have gone. */
  copy(bytes: Uint8Array): Uint8Array {
    if (bytes.length > MOST_SHARED) return new Uint8Array(bytes)
    if (this.#used + bytes.length > this.#slab.length) this.#renew(bytes.length)
    const copy = this.#slab.subarray(this.#used, this.#used + bytes.length)
    copy.set(bytes)
    this.#used += bytes.length
    return copy
  }

  #renew(least: number): void {
    while (this.#size < least) this.#size *= 2
    this.#slab = new Uint8Array(this.#size)
    this.#used = 0
    this.#size = Math.min(LARGEST, this.#size * 2)
  }
}
