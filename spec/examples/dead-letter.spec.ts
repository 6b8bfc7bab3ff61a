import { from, NEVER } from 'rxjs'
import { withDeadLetters } from '../../examples/dead-letter'
import type { Order } from '../../examples/dead-letter'
import { counted, virtually } from './virtually'

const good = (id: string): Order => ({ id, amount: 1 })
const poison = (id: string): Order => ({ id, amount: 2n })
const TOPICS = { orders: 2, 'orders.dead': 1 }

describe('examples/dead-letter', () => {
  const run = async (orders: readonly Order[], refuse?: 'TOPIC_AUTHORIZATION_FAILED') => {
    const here = virtually(TOPICS)
    if (refuse) here.cluster.every('Produce', { topic: 'orders' }).fail(refuse)
    let subscriptions = 0
    const outcome$ = withDeadLetters(
      counted(from(orders), () => subscriptions++),
      here.kafka,
    )
    const seen = here.recorded(outcome$)
    await here.time.settle()
    const outcomes = seen.map((one) => (typeof one === 'string' ? one : `${one.type} ${'topic' in one ? one.topic : ''}`))
    return { ...here, outcomes, subscriptions: () => subscriptions, outcome$ }
  }

  it('sends orders once each, and what fails to the dead letter topic', async () => {
    const { outcomes, subscriptions, valuesIn, cluster } = await run([poison('x'), good('a'), poison('y'), good('b')])
    expect([...outcomes].sort()).toEqual(['delivered orders', 'delivered orders', 'delivered orders.dead', 'delivered orders.dead', '|'])
    expect(outcomes.at(-1)).toBe('|')
    expect(subscriptions()).toBe(1)
    expect(valuesIn('orders').sort()).toEqual([JSON.stringify(good('a')), JSON.stringify(good('b'))])
    expect(valuesIn('orders.dead')).toEqual(['order x, amount 2', 'order y, amount 2'])
    const headers = cluster.records('orders.dead').map((record) => record.headers.map(({ key }) => key))
    expect(headers).toEqual([
      ['code', 'reason'],
      ['code', 'reason'],
    ])
  })

  it('sends nothing twice when everything is over before the second branch subscribes', async () => {
    const { outcomes, subscriptions, valuesIn } = await run([poison('x')])
    expect(outcomes).toEqual(['delivered orders.dead', '|'])
    expect(subscriptions()).toBe(1)
    expect(valuesIn('orders.dead')).toEqual(['order x, amount 2'])
  })

  it('gives orders that the broker refuses a dead letter with the reason', async () => {
    const { outcomes, valuesIn, cluster } = await run([good('a')], 'TOPIC_AUTHORIZATION_FAILED')
    expect(outcomes).toEqual(['delivered orders.dead', '|'])
    expect(valuesIn('orders')).toEqual([])
    const code = cluster.records('orders.dead')[0]?.headers.find(({ key }) => key === 'code')?.value
    expect(Buffer.from(code ?? []).toString()).toBe('TOPIC_AUTHORIZATION_FAILED')
  })

  it('does not end before its source does', async () => {
    const { recorded, kafka, time } = virtually(TOPICS)
    const seen = recorded(withDeadLetters(NEVER, kafka))
    await time.settle()
    expect(seen).toEqual([])
  })
})
