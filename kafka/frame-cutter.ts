const LENGTH_BYTES = 4

/** Kafka's frames out of chunks, each with the length before it, as it came. */
export const frameCutter = (onFrame: (frame: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0)
  const take = (): Buffer | undefined => {
    if (rest.length < LENGTH_BYTES) return undefined
    const end = LENGTH_BYTES + rest.readInt32BE(0)
    if (rest.length < end) return undefined
    const frame = rest.subarray(0, end)
    rest = rest.subarray(end)
    return frame
  }
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (let frame = take(); frame; frame = take()) onFrame(frame)
  }
}
