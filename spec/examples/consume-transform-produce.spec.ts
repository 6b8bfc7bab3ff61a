import { from } from 'rxjs'
import { invoice } from '../../examples/consume-transform-produce'
import type { Consumed } from '../../examples/consume-transform-produce'
import { virtually } from './virtually'

/** An amount for each record of partition 0, from offset 100 on. */
const consumedWith = (amounts: readonly number[]): readonly Consumed[] =>
  amounts.map((amount, i) => ({ partition: 0, offset: BigInt(100 + i), order: { customer: `c${String(i)}`, amount } }))

describe('examples/consume-transform-produce', () => {
  const start = (amounts: readonly number[]) => {
    const here = virtually({ invoices: 2 })
    const commits: (readonly [number, bigint])[] = []
    const commit = (partition: number, next: bigint) => void commits.push([partition, next])
    const begin = () => here.recorded(invoice({ orders$: from(consumedWith(amounts)), commit }, here.kafka))
    return { ...here, commits, begin }
  }

  it('commits in the order of what was consumed, also what was not worth a record', async () => {
    const { time, begin, commits, valuesIn } = start([70, 0, 30])
    const seen = begin()
    await time.settle()
    expect(seen).toEqual(['100: c0 delivered', '101: c1 skipped', '102: c2 delivered', '|'])
    expect(commits).toEqual([
      [0, 101n],
      [0, 102n],
      [0, 103n],
    ])
    expect(valuesIn('invoices')).toHaveLength(2)
  })

  it('commits nothing before what is in front of it is in Kafka', async () => {
    const { time, cluster, begin, commits } = start([70, 0, 0])
    cluster.every('Produce').delay(10_000)
    begin()
    time.advance(9_000)
    expect(commits).toEqual([])
    await time.settle()
    expect(commits).toHaveLength(3)
  })

  it('never commits past a record that failed', async () => {
    const { time, cluster, begin, commits } = start([0, 70, 0])
    cluster.every('Produce').fail('TOPIC_AUTHORIZATION_FAILED')
    const seen = begin()
    await time.settle()
    expect(seen).toEqual(['100: c0 skipped', expect.stringContaining('TOPIC_AUTHORIZATION_FAILED')])
    expect(commits).toEqual([[0, 101n]])
  })
})
