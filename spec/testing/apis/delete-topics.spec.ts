import { DeleteTopicsRequest } from '../../../lib/generated/messages/DeleteTopicsRequest'
import { DeleteTopicsResponse } from '../../../lib/generated/messages/DeleteTopicsResponse'
import { ZERO_UUID } from '../../../lib/wire/uuid'
import { administrated, errorsOf, nameOf } from '../support/admin'
import type { TestClusterOptions } from '../../../lib/testing/settings'

const NOBODYS = 'AAAAAAAAAAAAAAAAAAAAAg'

interface Named {
  readonly name?: string
  readonly topicId?: string
}

function deleting(options: TestClusterOptions = {}) {
  const { ask, ...rest } = administrated({ topics: { a: 1, b: 1, c: 1 }, ...options })
  const remove = (names: readonly string[], version?: number, timeoutMs = 1000) =>
    version !== undefined && version < 6
      ? ask(DeleteTopicsRequest, DeleteTopicsResponse, { topics: [], topicNames: names, timeoutMs }, version).responses
      : removeThese(
          names.map((name) => ({ name })),
          timeoutMs,
        )
  const removeThese = (topics: readonly Named[], timeoutMs = 1000) =>
    ask(DeleteTopicsRequest, DeleteTopicsResponse, {
      topics: topics.map(({ name = null, topicId = ZERO_UUID }) => ({ name, topicId })),
      topicNames: [],
      timeoutMs,
    }).responses
  const left = (): readonly (string | null)[] => rest.metadata(null).topics.map(({ name }) => name)
  return { ...rest, remove, removeThese, left }
}

describe('DeleteTopics', () => {
  it.each([1, 2, 3, 4, 5, 6])('deletes by name, in version %i', (version) => {
    const { remove, left } = deleting()

    expect(errorsOf(remove(['a', 'nonsense'], version))).toEqual(['a: NONE', 'nonsense: UNKNOWN_TOPIC_OR_PARTITION'])
    expect(left()).toEqual(['b', 'c'])
  })

  it('deletes by id, and tells name and id of what it deleted', () => {
    const { removeThese, topic, left } = deleting()
    const [a, b] = [topic('a').topicId, topic('b').topicId]

    expect(removeThese([{ topicId: a }, { name: 'b' }, { topicId: NOBODYS }])).toMatchObject([
      { name: 'a', topicId: a, errorCode: 0, errorMessage: null },
      { name: 'b', topicId: b, errorCode: 0 },
      { name: null, topicId: NOBODYS, errorCode: 100 },
    ])
    expect(left()).toEqual(['c'])
  })

  it('deletes nothing that is named more than once, in whatever way', () => {
    const { remove, removeThese, topic, left } = deleting()
    const [a, b, c] = ['a', 'b', 'c'].map((name) => topic(name).topicId)

    expect(errorsOf(remove(['a', 'a', 'a'], 1))).toEqual(['a: INVALID_REQUEST'])
    expect(removeThese([{ topicId: a ?? '' }, { topicId: a ?? '' }])).toMatchObject([{ name: null, topicId: a, errorCode: 42 }])
    expect(removeThese([{ topicId: b ?? '' }, { name: 'b' }])).toMatchObject([{ name: 'b', topicId: b, errorCode: 42 }])
    expect(removeThese([{ name: 'c', topicId: c ?? '' }])).toMatchObject([{ name: 'c', topicId: c, errorCode: 42 }])
    expect(removeThese([{}])).toMatchObject([{ name: null, topicId: ZERO_UUID, errorCode: 42 }])
    expect(left()).toEqual(['a', 'b', 'c'])
  })

  it('gives a topic of the same name another id, so that the old one is known no more', () => {
    const { remove, create, topic, metadata } = deleting()
    const before = topic('a').topicId
    remove(['a'])
    create([{ name: 'a', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }])

    expect(topic('a').topicId).not.toBe(before)
    expect(metadata([], { topics: [{ topicId: before, name: null }] }).topics.map(({ errorCode }) => nameOf(errorCode))).toEqual([
      'UNKNOWN_TOPIC_ID',
    ])
  })

  it.each([
    [2, 'INVALID_REQUEST'],
    [3, 'TOPIC_DELETION_DISABLED'],
    [6, 'TOPIC_DELETION_DISABLED'],
  ])('deletes nothing where the brokers are set so: version %i says %s', (version, error) => {
    const { remove, left } = deleting({ configs: { 'delete.topic.enable': 'false' } })

    expect(errorsOf(remove(['a', 'nonsense'], version))).toEqual([`a: ${error}`, `nonsense: ${error}`])
    expect(left()).toEqual(['a', 'b', 'c'])
  })

  it('deletes nothing when it has no time', () => {
    const { remove, removeThese, left } = deleting()

    expect(errorsOf(remove(['a', 'b'], 5, 0))).toEqual(['a: REQUEST_TIMED_OUT', 'b: REQUEST_TIMED_OUT'])
    expect(errorsOf(removeThese([{}], 0))).toEqual(['-: INVALID_REQUEST'])
    expect(left()).toEqual(['a', 'b', 'c'])
  })

  it('keeps a topic whose error was ordered', () => {
    const { cluster, remove, left } = deleting()
    cluster.next('DeleteTopics', { topic: 'b' }).fail('TOPIC_AUTHORIZATION_FAILED')

    expect(errorsOf(remove(['a', 'b']))).toEqual(['a: NONE', 'b: TOPIC_AUTHORIZATION_FAILED'])
    expect(left()).toEqual(['b', 'c'])
  })
})
