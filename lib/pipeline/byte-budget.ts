/** A number of bytes that may be in use at once. */
export class ByteBudget {
  #used = 0

  constructor(readonly total: number) {}

  get used(): number {
    return this.#used
  }

  /** False, and nothing changed, when the budget does not allow it. */
  take(bytes: number): boolean {
    if (this.#used + bytes > this.total) return false
    this.#used += bytes
    return true
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}
