/**
 * Looks into the memory of the producer that runs: what its pool holds and what waits for it is seen at every single step, not only when
 * somebody asks. What comes back to the pool is overwritten, so that a batch that somebody still sends shows it.
 */
import { BufferPool } from '../../lib/batch/buffer-pool'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import { WaitingRoom } from '../../lib/pipeline/waiting-room'

export interface Probe {
  /** Records that waited for memory. */
  readonly waits: number
  /** What is wrong with what is held now, or was at some step since the last call. */
  excesses(): readonly string[]
  /** What is still held though nothing is left to be sent. */
  leftovers(): readonly string[]
}

interface Watched {
  readonly pools: Set<BufferPool>
  readonly budgets: Set<ByteBudget>
  readonly excesses: string[]
  waits: number
}

const OVERWRITTEN = 0xdb

let watched: Watched | undefined

/** One at a time: what is made from now on belongs to this one. */
export function probeMemory(): Probe {
  install()
  const mine: Watched = { pools: new Set(), budgets: new Set(), excesses: [], waits: 0 }
  watched = mine
  return {
    get waits() {
      return mine.waits
    },
    excesses: () => {
      for (const pool of mine.pools) note(mine, 'bufferMemory', pool.held, pool.total)
      return mine.excesses.splice(0)
    },
    leftovers: () => [
      ...[...mine.pools].flatMap(({ held }) => (held === 0 ? [] : `${held} bytes of bufferMemory are held`)),
      ...[...mine.budgets].flatMap(({ used }) => (used === 0 ? [] : `${used} bytes of waitingMemory are taken`)),
    ],
  }
}

function note({ excesses }: Watched, what: string, is: number, most: number): void {
  if (is > most || is < 0) excesses.push(`${what}: ${is} bytes of ${most}`)
}

let installed = false

/** Once in a process: the classes stay watched, and report to whoever runs. */
function install(): void {
  if (installed) return
  installed = true
  const { take, give } = BufferPool.prototype
  BufferPool.prototype.take = function (size) {
    const piece = take.call(this, size)
    if (watched !== undefined && this.total !== Infinity) notePool(watched, this)
    return piece
  }
  BufferPool.prototype.give = function (pieces) {
    if (this.total !== Infinity) for (const piece of pieces) piece.fill(OVERWRITTEN)
    give.call(this, pieces)
  }
  watchWaiting()
}

function notePool(mine: Watched, pool: BufferPool): void {
  mine.pools.add(pool)
  note(mine, 'bufferMemory', pool.held, pool.total)
}

function watchWaiting(): void {
  const budgetTake = ByteBudget.prototype.take
  ByteBudget.prototype.take = function (bytes) {
    const taken = budgetTake.call(this, bytes)
    watched?.budgets.add(this)
    if (watched !== undefined) note(watched, 'waitingMemory', this.used, this.total)
    return taken
  }
  const { enter } = WaitingRoom.prototype
  WaitingRoom.prototype.enter = function (record, until) {
    const entered = enter.call(this, record, until)
    if (watched !== undefined && entered) watched.waits++
    return entered
  }
}
