/** Where the doctor looks around. */
import type { Observable } from 'rxjs'
import type { ProducerConfig, Settings } from '../config'
import type { Clock } from '../time'

/** The addresses that a name stands for. */
export type Lookup = (host: string) => Observable<readonly string[]>

export interface World {
  /** As it was given: what it leaves open decides which steps there are. */
  readonly config: ProducerConfig
  readonly settings: Settings
  readonly clock: Clock
  readonly lookup: Lookup
}
