import { promisify } from 'node:util'
import { gunzipSync, gzip as gzipElsewhere, gzipSync } from 'node:zlib'
import { joined, problemOutside, roomFor, withinLimit } from './codec'
import type { Codec } from './codec'

/** zlib's own choice, which is 6; Kafka's default too. */
const DEFAULT_LEVEL = -1

const gzipLater: (bytes: Uint8Array, options: { readonly level: number; readonly chunkSize: number }) => Promise<Uint8Array> =
  promisify(gzipElsewhere)

export const gzip: Codec = {
  atOnce: 65_536,
  problemOf: (level) => (level === DEFAULT_LEVEL ? undefined : problemOutside(1, 9, level)),
  compress: (parts, level = DEFAULT_LEVEL) => {
    const bytes = joined(parts)
    return [gzipSync(bytes, { level, ...roomFor(bytes) })]
  },
  async compressElsewhere(parts, level = DEFAULT_LEVEL) {
    const bytes = joined(parts)
    return [await gzipLater(bytes, { level, ...roomFor(bytes) })]
  },
  decompress: (bytes, maxBytes) => withinLimit(maxBytes, (options) => gunzipSync(bytes, options)),
}
