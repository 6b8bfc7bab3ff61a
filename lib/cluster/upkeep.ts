/**
 * When everything that is known is asked for again, and what nobody uses is forgotten. A timer stands only while the producer has
 * unsettled records; what came due meanwhile is made up for when the next one comes, before that looks for its topic.
 */
import type { Alarm } from '../alarm'
import type { Clock } from '../time'
import type { TopicUses } from './topic-uses'

export interface UpkeepOptions {
  readonly clock: Clock
  readonly uses: TopicUses
  /** How old knowledge may become before it is asked for again, in ms. */
  readonly maxAge: number
  /** How long a topic may be unused before it is forgotten, in ms. */
  readonly maxIdle: number
  readonly renewAll: () => void
  readonly forget: (topics: readonly string[]) => void
}

export interface Upkeep {
  /** There are unsettled records now, or none any more. */
  inUse(is: boolean): void
  /** All that is known was answered just now. */
  renewed(): void
  /** Looks whether anything is due. */
  look(): void
  close(): void
}

/** Less would be a question after every answer. Milliseconds. */
const LEAST_AGE = 100

export const createUpkeep = (options: UpkeepOptions): Upkeep => new TimedUpkeep(options)

class TimedUpkeep implements Upkeep {
  private readonly maxAge: number
  private renewedAt = -Infinity
  private lookedAt: number
  /** Undefined while the producer is in use. */
  private unusedSince: number | undefined
  private readonly alarm: Alarm

  constructor(private readonly options: UpkeepOptions) {
    this.maxAge = Math.max(LEAST_AGE, options.maxAge)
    this.lookedAt = this.unusedSince = options.clock.now()
    this.alarm = options.clock.alarm(() => {
      this.look()
      this.arm()
    })
  }

  inUse(is: boolean): void {
    const { clock } = this.options
    if (!is) this.unusedSince = clock.now()
    else {
      this.look()
      this.unusedSince = undefined
    }
    this.arm()
  }

  renewed(): void {
    this.renewedAt = this.options.clock.now()
    this.arm()
  }

  look(): void {
    const { clock, uses, maxIdle, renewAll, forget } = this.options
    const now = clock.now()
    if (now < this.nextLook) return
    const isOld = now >= this.renewedAt + this.maxAge
    this.lookedAt = now
    forget(uses.idle(now - maxIdle, this.unusedSince ?? now))
    if (!isOld) return
    this.renewedAt = now
    renewAll()
  }

  close(): void {
    this.alarm.end()
    this.unusedSince = this.options.clock.now()
  }

  private get nextLook(): number {
    return Math.min(this.renewedAt + this.maxAge, this.lookedAt + this.options.maxIdle)
  }

  private arm(): void {
    if (this.unusedSince === undefined) this.alarm.at(this.nextLook)
    else this.alarm.stop()
  }
}
