/** How many batches are on their way to each node. */
export class OnWay {
  readonly #counts = new Map<number, number>()

  get isEmpty(): boolean {
    return this.#counts.size === 0
  }

  isBusy(node: number): boolean {
    return this.#counts.has(node)
  }

  left(node: number): void {
    this.#counts.set(node, (this.#counts.get(node) ?? 0) + 1)
  }

  arrived(node: number): void {
    const others = (this.#counts.get(node) ?? 0) - 1
    if (others > 0) this.#counts.set(node, others)
    else this.#counts.delete(node)
  }
}
