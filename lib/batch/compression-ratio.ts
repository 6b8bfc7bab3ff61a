/**
 * How much smaller compression makes the records of each topic, as far as its batches have shown: what is written into an open batch is not
 * compressed yet, and its size is a guess. Kafka's rule (CompressionRatioEstimator): a disappointment counts at once, good luck only
 * little by little, since a batch that turns out too large costs a round trip and one that turns out small costs nothing.
 */

/** Kafka's COMPRESSION_RATIO_DETERIORATE_STEP: this much on top when a batch came out larger than expected. */
const WORSE = 0.05
/** Kafka's COMPRESSION_RATIO_IMPROVING_STEP. */
const BETTER = 0.005
/** Nothing is known: as large as it is uncompressed. */
const UNKNOWN = 1

export class CompressionRatios {
  readonly #expected = new Map<string, number>()

  /** Bytes after compression for each byte before it. */
  of(topic: string): number {
    return this.#expected.get(topic) ?? UNKNOWN
  }

  /** A batch of the topic came to this. */
  observe(topic: string, ratio: number): void {
    const expected = this.of(topic)
    this.#expected.set(topic, Math.max(ratio > expected ? expected + WORSE : expected - BETTER, ratio))
  }

  /** A broker found a batch of the topic too large: what was learnt led astray. Compressed, no batch of ours is larger than before. */
  forget(topic: string): void {
    this.#expected.delete(topic)
  }
}
