import { collision, isInternal, nameProblem } from '../../../lib/testing/state/topic-names'

describe('the name of a topic', () => {
  it.each(['a', 'A.b_c-9', '...', '_', 'x'.repeat(249)])('may be %p', (name) => {
    expect(nameProblem(name)).toBeUndefined()
  })

  it.each(['', '.', '..', 'a b', 'ä', 'a/b', 'x'.repeat(250)])('may not be %p', (name) => {
    expect(nameProblem(name)).toMatch(/name/)
  })

  it('collides with one that differs in dots and underscores alone', () => {
    const topics = new Map([['a.b', 1]])

    expect([collision(topics, 'a_b'), collision(topics, 'a.b'), collision(topics, 'ab')]).toEqual(['a.b', undefined, undefined])
  })

  it('is one of those in which Kafka keeps its own things, or not', () => {
    expect(['__consumer_offsets', '__transaction_state', '__share_group_state', '__cluster_metadata', 'orders'].map(isInternal)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
  })
})
