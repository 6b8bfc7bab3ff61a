import type { CaseName } from '../../bench/cases'
import type { ClientName } from '../../bench/clients/client'
import type { Outcome } from '../../bench/job'
import type { Measured, Part } from '../../bench/results'

/** A run of a million records in so many seconds. */
export const outcome = (seconds: number, rest: Partial<Outcome> = {}): Outcome => ({
  ...{ records: 1_000_000, seconds, cpuSeconds: seconds, peakBytes: 100 * 1024 ** 2 },
  ...{ p50: 1, p99: 2, p999: 3, held: null },
  ...rest,
})

export const part = (client: ClientName, ...outcomes: readonly Outcome[]): Part => ({ client, version: `${client} 1.0`, outcomes })

export const absent = (client: ClientName, reason: string): Part => ({ client, version: '', outcomes: [], reason })

export const measured = (name: CaseName, ...parts: readonly Part[]): Measured => ({
  ...{ case: name, at: '2026-11-28T12:00:00.000Z', machine: '2 × some CPU', load: 0.1, rounds: 2 },
  parts,
})
