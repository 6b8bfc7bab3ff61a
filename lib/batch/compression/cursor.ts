import { CorruptData } from './codec'

/** Goes through the frame of a codec, front to back, and never past the end. */
export class Cursor {
  position = 0

  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.position === this.bytes.length
  }

  /** An unsigned number of `size` bytes, the lowest first, as LZ4 and Zstandard have them. */
  littleEndian(size: number): number {
    const start = this.skip(size)
    let value = 0
    for (let i = size - 1; i >= 0; i--) value = value * 256 + (this.bytes[start + i] ?? 0)
    return value
  }

  /** An unsigned number of `size` bytes, the highest first, as xerial's snappy has them. */
  bigEndian(size: number): number {
    const start = this.skip(size)
    let value = 0
    for (let i = 0; i < size; i++) value = value * 256 + (this.bytes[start + i] ?? 0)
    return value
  }

  /** The position of the next `size` bytes, and past them. */
  skip(size: number): number {
    const start = this.position
    const left = this.bytes.length - start
    if (size > left) throw new CorruptData(`they are cut off: ${String(size)} bytes wanted, ${String(left)} left`, start)
    this.position = start + size
    return start
  }
}
