/** Every scenario, by how both sides are set up for it. */
import type { Scenario } from '../support/scenario'
import type { SidesOptions } from '../support/sides'
import { apiVersions } from './api-versions'
import { configs } from './configs'
import { fetches } from './fetch'
import { fetchSessions } from './fetch-sessions'
import { groups } from './groups'
import { metadata, metadataWithoutCreation } from './metadata'
import { offsets } from './offsets'
import { produces } from './produce'
import { randomTopics } from './random-topics'
import { randomTransactions } from './random-transactions'
import { sequences } from './sequences'
import { topics } from './topics'
import { transactionRefusals } from './transaction-refusals'
import { newerTransactions, olderTransactions } from './transactions'
import { wire } from './wire'

export interface Suite {
  readonly name: string
  readonly sides: Omit<SidesOptions, 'seed'>
  readonly scenarios: readonly Scenario[]
}

export const SUITES: readonly Suite[] = [
  {
    name: 'as they are by default',
    sides: {},
    scenarios: [
      ...[...apiVersions, ...metadata, ...topics, ...configs, ...randomTopics],
      ...[...produces, ...sequences, ...fetches, ...fetchSessions],
      ...[...groups, ...offsets],
      ...[...olderTransactions, ...newerTransactions, ...transactionRefusals, ...randomTransactions(['older', 'newer'])],
      ...wire,
    ],
  },
  {
    name: 'with the older transactions, and topics that nobody creates by asking',
    sides: { transactionVersion: 0, configs: { 'auto.create.topics.enable': 'false' } },
    scenarios: [...apiVersions, ...metadataWithoutCreation, ...olderTransactions, ...randomTransactions(['older'])],
  },
]
