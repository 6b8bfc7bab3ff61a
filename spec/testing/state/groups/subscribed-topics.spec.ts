import { ConsumerProtocolSubscription } from '../../../../lib/generated/messages/ConsumerProtocolSubscription'
import { subscribedTopics } from '../../../../lib/testing/state/groups/subscribed-topics'
import { Writer } from '../../../../lib/wire/writer'

function subscription(topics: readonly string[], version: number): Uint8Array {
  const writer = new Writer()
  writer.int16(version)
  ConsumerProtocolSubscription.write(writer, { topics, userData: null }, version)
  return writer.finish()
}

describe('the topics that consumers want', () => {
  it('are those of all of them, whatever version each speaks', () => {
    const topics = subscribedTopics([subscription(['orders', 'bills'], 0), subscription(['orders', 'news'], 3), subscription([], 1)])

    expect([...(topics ?? [])]).toEqual(['orders', 'bills', 'news'])
  })

  it('are none when nobody is there', () => {
    expect(subscribedTopics([])?.size).toBe(0)
  })

  it.each([
    ['is empty', new Uint8Array()],
    ['ends too early', subscription(['orders'], 0).subarray(0, 9)],
  ])('are not known when what one of them said %s', (_, said) => {
    expect(subscribedTopics([subscription(['orders'], 0), said])).toBeNull()
  })
})
