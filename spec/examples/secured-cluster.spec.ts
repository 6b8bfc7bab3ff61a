import { of } from 'rxjs'
import { securedProducer, sendWhenLetIn } from '../../examples/secured-cluster'
import { testCluster, virtualTime } from '../../lib/entries/testing'

describe('examples/secured-cluster', () => {
  it('takes no order until it is let in, says why when it is not, and goes on when the vault is right', async () => {
    const time = virtualTime()
    const { scheduler } = time
    const cluster = testCluster({ topics: { orders: 1 }, users: { alice: 'open sesame' }, scheduler })
    const vault = new Map([['alice', 'forgotten']])
    const kafka = securedProducer({ brokers: cluster.brokers, transport: cluster.transport, scheduler }, (user) =>
      Promise.resolve(vault.get(user) ?? ''),
    )
    const log: string[] = []
    const sent = () =>
      sendWhenLetIn(of('a', 'b'), kafka).subscribe({
        next: ({ type, context }) => log.push(`${context} ${type}`),
        error: ({ code }: { readonly code: string }) => log.push(code),
      })

    sent()
    await time.settle()
    expect(log).toEqual(['SASL_AUTHENTICATION_FAILED'])

    vault.set('alice', 'open sesame')
    sent()
    await time.settle()
    expect(log.slice(1)).toEqual(['a delivered', 'b delivered'])
    cluster.close()
  })
})
