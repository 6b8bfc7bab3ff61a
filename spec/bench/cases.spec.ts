import { CASES, jobOf, quickened } from '../../bench/cases'
import { CLIENTS } from '../../bench/clients/all'
import { TARGETS } from '../../bench/targets'

const where = { bootstrap: '127.0.0.1:9092', topic: 'bench-1', payloads: 'payloads.txt' }
const named = (name: string) => {
  const found = CASES.find((one) => one.name === name)
  if (!found) throw new Error(`no case ${name}`)
  return found
}

describe('the cases of the bench', () => {
  it('have names of their own, and so have the clients', () => {
    for (const all of [CASES, CLIENTS]) expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  })

  it('are played by clients that there are, each once', () => {
    const names = new Set(CLIENTS.map(({ name }) => name))
    for (const { clients } of CASES) {
      expect(clients.filter((client) => !names.has(client))).toEqual([])
      expect(new Set(clients).size).toBe(clients.length)
    }
  })

  it('hold every reference that a target names, and the figure that it looks at', () => {
    const missing = TARGETS.filter((target) => {
      const { clients, metrics } = named(target.case)
      return !metrics.includes(target.metric) || (target.of && !target.of.clients.some((client) => clients.includes(client)))
    })
    expect(missing).toEqual([])
  })

  it('are played by kafkarx wherever it has a target', () => {
    for (const target of TARGETS) expect(named(target.case).clients).toEqual(expect.arrayContaining(['kafkarx', 'kafkarx-24']))
  })
})

describe('what a client is asked to do', () => {
  it('is its share of the records in bulk', () => {
    const job = jobOf(named('bulk-1k'), 0.25, where)
    expect(job).toMatchObject({
      ...where,
      kind: 'bulk',
      recordBytes: 1_000,
      records: 200_000,
      warmUp: 25_000,
      linger: 'default',
      codec: 'none',
    })
  })

  it('is the whole case where a rate or a burst is the point', () => {
    expect(jobOf(named('burst'), 0.1, where)).toMatchObject({ records: 200_000, source: 'subject' })
    expect(jobOf(named('rate-50k-linger-0'), 0.1, where)).toMatchObject({ records: 150_000, perTick: 50, linger: 0 })
  })

  it('is a tenth when it must be quick, in whole ticks', () => {
    expect(quickened(named('bulk-1k'))).toMatchObject({ records: 80_000, warmUp: 10_000 })
    expect(quickened({ ...named('rate-50k-linger-0'), records: 1_001 })).toMatchObject({ records: 150, perTick: 50 })
  })
})
