/** Values on their way from one thread to another: one buffer, whose ownership goes with it, for many. */
const LENGTH_BYTES = 4

/** Each with its length before it, in a buffer that has been used before or a new one with so much room. */
export const packed = (values: readonly Uint8Array[], room: number, used?: ArrayBuffer): ArrayBuffer => {
  const buffer = used ?? new ArrayBuffer(room)
  const [target, view] = [new Uint8Array(buffer), new DataView(buffer)]
  let at = 0
  for (const value of values) {
    view.setUint32(at, value.length)
    target.set(value, at + LENGTH_BYTES)
    at += LENGTH_BYTES + value.length
  }
  return buffer
}

/** Room for so many bytes of so many values. */
export const roomFor = (count: number, bytes: number): number => bytes + count * LENGTH_BYTES

/** So many of them; they lie where they came, and are worth nothing once the buffer has left again. */
export const unpack = (buffer: ArrayBuffer, count: number, onValue: (value: Uint8Array) => void): void => {
  const view = new DataView(buffer)
  let at = 0
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(at)
    onValue(new Uint8Array(buffer, at + LENGTH_BYTES, length))
    at += LENGTH_BYTES + length
  }
}
