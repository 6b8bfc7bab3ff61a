/** A sequence of requests with a name, and how it is played to both sides. */
import { chanceOf } from './chance'
import type { Chance } from './chance'
import { client } from './client'
import type { Client } from './client'
import type { Judge } from './judge'
import type { Reach } from './lane'
import type { Pair } from './pair'

export interface Scenario {
  readonly name: string
  play(stage: Stage): Promise<void>
}

export interface Stage {
  readonly chance: Chance
  /** A client with a connection of its own to each side; closed when the scenario ends. */
  client(clientId?: string): Client
}

export interface Theatre {
  readonly reach: Pair<Reach>
  readonly judge: Judge
  readonly seed: number
}

export const scenario = (name: string, play: Scenario['play']): Scenario => ({ name, play })

export async function play({ name, play }: Scenario, { reach, judge, seed }: Theatre): Promise<void> {
  const clients: Client[] = []
  const open = (clientId?: string): Client => {
    const opened = client({ scenario: name, reach, judge, ...(clientId !== undefined && { clientId }) })
    clients.push(opened)
    return opened
  }
  try {
    await play({ chance: chanceOf(seed, name), client: open })
  } finally {
    for (const each of clients) each.close()
  }
}
