import { gunzipSync, gzipSync } from 'node:zlib'
import { joined, problemOutside, withinLimit } from './codec'
import type { Codec } from './codec'

/** zlib's own choice, which is 6; Kafka's default too. */
const DEFAULT_LEVEL = -1

export const gzip: Codec = {
  problemOf: (level) => (level === DEFAULT_LEVEL ? undefined : problemOutside(1, 9, level)),
  compress: (parts, level = DEFAULT_LEVEL) => gzipSync(joined(parts), { level }),
  decompress: (bytes, maxBytes) => withinLimit(maxBytes, (options) => gunzipSync(bytes, options)),
}
