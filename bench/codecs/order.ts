import type { Pace } from './timing'

export const CLIENTS = ['kafkarx', 'kafkajs', 'platformatic'] as const

export type Client = (typeof CLIENTS)[number]

/** What a process is told to do. */
export interface Order {
  readonly client: Client
  /** The built library's protocol entry. */
  readonly built: string
  /** Where the client is installed, if it is not ours. */
  readonly folder: string
  readonly round: number
  /** Null: time nothing, tell what the results say. */
  readonly pace: Pace | null
}

/** By task: nanoseconds, or the digest of what the result says. */
export type Outcome = Readonly<Record<string, number | string>>
