/** What an accumulator does to compress its batches: what they are expected to come to, what they came to, and on which thread. */
import type { Batch } from './batch'
import type { BatchCompression } from './batch-compression'
import type { Compressor } from './compression/compression'
import { CompressionRatios } from './compression-ratio'

/** libuv has as many threads. More batches would only wait there, each with a second copy of its records that nobody counts. */
const MOST_AT_ONCE = 4

/** So many times as much as one batch may have is compressed before the event loop has its turn. */
const IN_ONE_GO = 4

export interface CompressingOptions {
  /** Undefined: batches are not compressed. */
  readonly compressor?: Compressor | undefined
  /** Bytes above which a batch is compressed on another thread. Default: none is. */
  readonly compressElsewhereAbove?: number | undefined
}

export class Compressing {
  readonly #ratios = new CompressionRatios()
  #atOnce = 0

  /** Called when a batch that was compressed elsewhere can leave. */
  onDone: () => void = () => undefined

  constructor(private readonly options: CompressingOptions) {}

  /** How a batch that is opened now will be compressed. */
  of(topic: string): BatchCompression | undefined {
    const { compressor } = this.options
    return compressor && { compressor, expectedRatio: this.#ratios.of(topic) }
  }

  /** So large that the event loop would be held for too long, after so many bytes that were compressed in the same go. */
  isLarge(batch: Batch, before = 0): boolean {
    if (batch.isSealed || batch.compression === undefined) return false
    const { compressElsewhereAbove: most = Infinity } = this.options
    return batch.heldSize > most || before + batch.heldSize > IN_ONE_GO * most
  }

  /** From here on its size is what it has, and not what was expected. */
  close(batch: Batch): void {
    if (batch.isSealed) return
    batch.close()
    this.learnFrom(batch)
  }

  /** It is passed over until it is done. Where too many are at it, it goes on waiting, and one of them will bring it up again. */
  closeElsewhere(batch: Batch): void {
    if (batch.compression === undefined || this.#atOnce >= MOST_AT_ONCE) return
    this.#atOnce++
    batch.closeElsewhere(batch.compression, () => {
      this.#atOnce--
      this.learnFrom(batch)
      batch.trim()
      this.onDone()
    })
  }

  /** A broker found a batch of the topic too large: what was learnt led astray. */
  forget(topic: string): void {
    this.#ratios.forget(topic)
  }

  learnFrom({ topic, compression, compressionRatio }: Batch): void {
    if (compression !== undefined) this.#ratios.observe(topic, compressionRatio)
  }
}
