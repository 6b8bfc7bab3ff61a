import type { Batch, Settlement } from './batch'
import type { Fate, InFront, Sequencer } from './sequencer'

/**
 * The batches of one partition that have no end yet, in the order of their records:
 *
 *     |  on its way  |  came back  |  on its way  |  sealed  |  open  |
 *     ▲ told first                                 ▲ leaves first of those that have not left
 *
 * A batch never changes its place. What leaves next is the first that is not on its way, so a batch that came back goes before all that
 * have not left: this keeps the order of a partition through retries. Results are told in this order too.
 */
export class PartitionQueue<C> {
  readonly #batches: Batch<C>[] = []
  /** The last of them, beside the list: every record asks for it. */
  #last: Batch<C> | undefined
  #onWay = 0
  /** Where those on their way are. Batches at two nodes could arrive in any order. */
  #node: number | undefined

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly sequencer: Sequencer,
  ) {}

  get hasOnWay(): boolean {
    return this.#onWay > 0
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  /** The first that is not on its way: what leaves next. */
  get head(): Batch<C> | undefined {
    return this.#batches.find((batch) => !batch.onWay && batch.settlement === undefined)
  }

  /** The oldest whose end is not known. */
  get oldest(): Batch<C> | undefined {
    return this.#batches.find((batch) => batch.settlement === undefined)
  }

  get last(): Batch<C> | undefined {
    return this.#last
  }

  /** The batch that takes another record, if there is one. */
  get open(): Batch<C> | undefined {
    return this.#last?.isOpen === true ? this.#last : undefined
  }

  /** All whose end is not known. */
  get unsettled(): readonly Batch<C>[] {
    return this.#batches.filter(({ settlement }) => settlement === undefined)
  }

  /** Those of them that are not on their way. */
  get waiting(): readonly Batch<C>[] {
    return this.#batches.filter(({ settlement, onWay }) => settlement === undefined && !onWay)
  }

  /** What waits, in batches of so many bytes; each counts as one at least. Asked at every choice of a partition: it makes no list. */
  lengthIn(batchSize: number): number {
    let length = 0
    for (const { settlement, onWay, size } of this.#batches) {
      if (settlement === undefined && !onWay) length += Math.max(1, Math.floor(size / batchSize))
    }
    return length
  }

  push(batch: Batch<C>): void {
    this.#batches.push(batch)
    this.#last = batch
  }

  /** Whether the head may leave for the node now, as far as the order goes. */
  mayLeave(head: Batch<C>, node: number): boolean {
    return (this.#onWay === 0 || this.#node === node) && this.sequencer.mayLeave(head, this.#inFrontOf(head))
  }

  leave(head: Batch<C>, node: number): void {
    this.sequencer.leaves(head, this.#onWay === 0 ? this.unsettled : [])
    head.onWay = true
    head.triedAt = node
    this.#node = node
    this.#onWay++
  }

  /** It is no longer on its way: its answer is here, or never comes. */
  arrived(batch: Batch<C>): void {
    if (!batch.onWay) return
    batch.onWay = false
    this.#onWay--
  }

  madeAnew(): void {
    this.sequencer.madeAnew()
  }

  /** It waits to be sent again. */
  returned(batch: Batch<C>): void {
    this.sequencer.returned(batch)
  }

  outOfOrder(batch: Batch<C>): 'again' | 'unknown' {
    return this.sequencer.outOfOrder(batch, this.#batches[0] === batch)
  }

  /** Gives every end that can be told now: none is told before those of the batches in front. */
  settle(settlement: Settlement<C>): readonly Settlement<C>[] {
    const { batch } = settlement
    if (batch.settlement !== undefined) return []
    batch.settlement = settlement
    if (!batch.onWay) this.sequencer.ended(batch, fateOf(settlement))
    const told = this.#tell()
    this.#forget()
    return told
  }

  /** What became of a batch whose end was told while it was on its way. */
  late(batch: Batch<C>, fate: Fate): void {
    this.sequencer.ended(batch, fate)
    this.#forget()
  }

  /** Parts of the same records take its place, with its numbers. */
  divide(batch: Batch<C>, parts: readonly Batch<C>[]): void {
    for (const part of parts) part.doubtful = batch.doubtful
    this.sequencer.divided(batch, parts)
    this.#replace(batch, parts)
  }

  /** Others take its place after it was refused. */
  substitute(batch: Batch<C>, by: readonly Batch<C>[]): void {
    this.sequencer.ended(batch, 'refused')
    this.#replace(batch, by)
  }

  #replace(batch: Batch<C>, by: readonly Batch<C>[]): void {
    this.#batches.splice(this.#batches.indexOf(batch), 1, ...by)
    this.#last = this.#batches.at(-1)
  }

  #inFrontOf(head: Batch<C>): InFront {
    const oldest = this.#batches.findIndex(({ settlement }) => settlement === undefined)
    return { onWay: this.#onWay, sinceOldest: this.#batches.indexOf(head) - oldest }
  }

  #tell(): Settlement<C>[] {
    const told: Settlement<C>[] = []
    for (const batch of this.#batches) {
      if (batch.settlement === undefined) break
      if (!batch.told) told.push(batch.settlement)
      batch.told = true
    }
    return told
  }

  #forget(): void {
    const batches = this.#batches
    let done = 0
    while (done < batches.length && batches[done].told && !batches[done].onWay) done++
    if (done > 0) batches.splice(0, done)
    if (batches.length === 0) this.#last = undefined
  }
}

function fateOf({ type, batch }: Settlement): Fate {
  if (type === 'delivered') return 'appended'
  return batch.doubtful ? 'unknown' : 'refused'
}
