import { asyncScheduler } from 'rxjs'
import { perTenant } from '../../examples/tenants'
import type { TenantEvent } from '../../examples/tenants'
import { testCluster } from '../../lib/entries/testing'
import { producer } from '../../lib/index'
import { marbles } from '../support/marbles'

const event = (tenant: string, action: string): TenantEvent => ({ tenant, user: 'ann', action })

/** In RxJS's own virtual time, where groupBy's duration runs on the same clock. */
describe('examples/tenants', () => {
  const start = (topics: Readonly<Record<string, number>>) => {
    const cluster = testCluster({ topics, scheduler: asyncScheduler })
    const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
    const valuesIn = (topic: string) =>
      cluster.records(topic).map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as unknown)
    return { cluster, kafka, valuesIn }
  }

  it('sends each tenant to its topic, in order', () => {
    marbles(({ cold, flush }) => {
      const { kafka, valuesIn } = start({ 'events.acme': 1, 'events.globex': 1 })
      const events = { a: event('acme', 'in'), b: event('globex', 'in'), c: event('acme', 'out') }
      const seen: string[] = []
      perTenant(cold('(abc|)', events), kafka).subscribe((line) => seen.push(line))
      flush()
      expect([...seen].sort()).toEqual(['acme: ann in: delivered', 'acme: ann out: delivered', 'globex: ann in: delivered'])
      expect(valuesIn('events.acme')).toEqual([events.a, events.c])
      expect(valuesIn('events.globex')).toEqual([events.b])
    })
  })

  it('fails nobody else when one topic is refused', () => {
    marbles(({ cold, flush }) => {
      const { kafka, cluster } = start({ 'events.acme': 1, 'events.globex': 1 })
      cluster.every('Produce', { topic: 'events.globex' }).fail('TOPIC_AUTHORIZATION_FAILED')
      const seen: string[] = []
      const events$ = cold('(abc|)', { a: event('acme', 'in'), b: event('globex', 'in'), c: event('acme', 'out') })
      perTenant(events$, kafka).subscribe((line) => seen.push(line))
      flush()
      expect([...seen].sort()).toEqual(['acme: ann in: delivered', 'acme: ann out: delivered', 'globex: ann in: failed'])
    })
  })

  it('forgets a tenant that was silent for a minute, and knows it again', () => {
    marbles(({ cold, flush }) => {
      const { kafka, valuesIn } = start({ 'events.acme': 1 })
      const events = { a: event('acme', 'in'), b: event('acme', 'out') }
      const seen: string[] = []
      perTenant(cold('a 61s b 61s |', events), kafka).subscribe((line) => seen.push(line))
      flush()
      expect(seen).toEqual(['acme: ann in: delivered', 'acme: ann out: delivered'])
      expect(valuesIn('events.acme')).toEqual([events.a, events.b])
    })
  })
})
