import { promisify } from 'node:util'
import { gunzipSync, gzip as gzipElsewhere, gzipSync } from 'node:zlib'
import { joined, problemOutside, withinLimit } from './codec'
import type { Codec } from './codec'

/** zlib's own choice, which is 6; Kafka's default too. */
const DEFAULT_LEVEL = -1

const gzipLater: (bytes: Uint8Array, options: { readonly level: number }) => Promise<Uint8Array> = promisify(gzipElsewhere)

export const gzip: Codec = {
  problemOf: (level) => (level === DEFAULT_LEVEL ? undefined : problemOutside(1, 9, level)),
  compress: (parts, level = DEFAULT_LEVEL) => gzipSync(joined(parts), { level }),
  compressElsewhere: (parts, level = DEFAULT_LEVEL) => gzipLater(joined(parts), { level }),
  decompress: (bytes, maxBytes) => withinLimit(maxBytes, (options) => gunzipSync(bytes, options)),
}
