import { recordBatch } from '../../lib/batch/record-batch'
import { aRecord, batchOf, batchOfRaw, bytes, patched } from '../integration/differential/support/batches'
import { bindings } from '../integration/differential/support/bindings'
import { chanceOf } from '../integration/differential/support/chance'
import { judge } from '../integration/differential/support/judge'
import type { Asked, Rules } from '../integration/differential/support/judge'
import { mapPair, same, zip } from '../integration/differential/support/pair'
import { describeDifferences } from '../integration/differential/support/report'
import { fitting, shapeOf } from '../integration/differential/support/shapes'
import { leavesOf } from '../integration/differential/support/walk'
import type { Fields, Leaf, WalkOptions } from '../integration/differential/support/walk'

const NO_RULES: Rules = { bound: [], unordered: [], growing: [], appendTimes: [], ownWords: [], accepted: [] }
const ASKED: Asked = { scenario: 'a spec', api: 'Metadata', version: 12, request: '{}' }
const NOW = 1_000_000

const leaf = (path: string, theirs: Leaf['theirs'], ours: Leaf['ours'], where = path): Leaf => ({ path, where, theirs, ours })

const judged = (rules: Partial<Rules>, ...leaves: readonly Leaf[]) => {
  const the = judge({ ...NO_RULES, ...rules }, () => NOW)
  the.answered(ASKED, leaves)
  return the
}

const walked = (message: string, theirs: Fields, ours: Fields, options: Partial<WalkOptions> = {}): readonly Leaf[] =>
  leavesOf({ theirs, ours }, shapeOf(message), { version: 0, keyOf: () => undefined, ...options })

const different = (leaves: readonly Leaf[]) => leaves.filter((each) => each.theirs !== each.ours)

describe('bindings', () => {
  it('bind two values that were never seen, and hold them to each other', () => {
    const ids = bindings()
    expect(ids.agree('topic id', { theirs: 'a', ours: 'x' })).toBe(true)
    expect(ids.agree('topic id', { theirs: 'a', ours: 'x' })).toBe(true)
    expect(ids.agree('topic id', { theirs: 'a', ours: 'y' })).toBe(false)
    expect(ids.agree('topic id', { theirs: 'b', ours: 'x' })).toBe(false)
    expect(ids.agree('topic id', { theirs: 'b', ours: 'y' })).toBe(true)
    expect(ids.size).toBe(2)
  })

  it('keep kinds apart', () => {
    const ids = bindings()
    expect(ids.agree('topic id', { theirs: 'a', ours: 'x' })).toBe(true)
    expect(ids.agree('member id', { theirs: 'a', ours: 'y' })).toBe(true)
  })

  it.each([[-1n], [''], [null], ['AAAAAAAAAAAAAAAAAAAAAA']])('never bind %p, which stands for none', (none) => {
    const ids = bindings()
    expect(ids.agree('id', { theirs: none, ours: none })).toBe(true)
    expect(ids.agree('id', { theirs: none, ours: 'x' })).toBe(false)
    expect(ids.agree('id', { theirs: 'a', ours: none })).toBe(false)
    expect(ids.size).toBe(0)
  })

  it('name a bound value alike on both sides', () => {
    const ids = bindings()
    ids.agree('id', { theirs: 1n, ours: 7n })
    expect(ids.canonical('id', 'theirs', 1n)).toBe(ids.canonical('id', 'ours', 7n))
    expect(ids.canonical('id', 'theirs', 7n)).not.toBe(ids.canonical('id', 'theirs', 1n))
  })
})

describe('the fields of two answers', () => {
  const partition = (partitionIndex: number, leaderId = 1) => ({
    ...{ errorCode: 0, partitionIndex, leaderId, leaderEpoch: 0, replicaNodes: [1], isrNodes: [1], offlineReplicas: [] },
  })
  const metadata = (topics: readonly Fields[]): Fields => ({ brokers: [], topics, throttleTimeMs: 0, clusterId: null, controllerId: 1 })
  const topic = (name: string, ...partitions: readonly Fields[]): Fields => ({ errorCode: 0, name, topicId: 'x', partitions })

  it('are found with their places', () => {
    const [theirs, ours] = [metadata([topic('a', partition(0))]), metadata([topic('a', partition(0, 2))])]
    expect(different(walked('MetadataResponse', theirs, ours))).toEqual([
      leaf('topics[].partitions[].leaderId', 1, 2, 'topics[0].partitions[0].leaderId'),
    ])
  })

  it('are only those of the version', () => {
    const paths = (version: number) => walked('MetadataResponse', metadata([]), metadata([]), { version }).map(({ path }) => path)
    expect(paths(0)).toEqual(['brokers.length', 'topics.length'])
    expect(paths(3)).toEqual(['throttleTimeMs', 'brokers.length', 'clusterId', 'controllerId', 'topics.length'])
  })

  it('tell arrays of another length, and compare what both have', () => {
    const [theirs, ours] = [metadata([topic('a'), topic('b')]), metadata([topic('c')])]
    expect(different(walked('MetadataResponse', theirs, ours))).toEqual([
      leaf('topics.length', 2, 1),
      leaf('topics[].name', 'a', 'c', 'topics[0].name'),
    ])
  })

  it('are matched by key where the order means nothing, and what one side lacks is told', () => {
    const [theirs, ours] = [metadata([topic('a'), topic('b')]), metadata([topic('c'), topic('a')])]
    const keyOf = (path: string) => (path === 'topics' ? (element: Fields) => String(element['name']) : undefined)
    expect(different(walked('MetadataResponse', theirs, ours, { keyOf }))).toEqual([
      leaf('topics[]', 'there', undefined, 'topics[b]'),
      leaf('topics[]', undefined, 'there', 'topics[c]'),
    ])
  })

  it('tell apart elements that have the same key', () => {
    const [theirs, ours] = [metadata([topic('a'), topic('a')]), metadata([topic('a')])]
    const keyOf = () => (element: Fields) => String(element['name'])
    expect(different(walked('MetadataResponse', theirs, ours, { keyOf }))).toEqual([leaf('topics[]', 'there', undefined, 'topics[a#2]')])
  })

  it('tell null from nothing', () => {
    const answer = (records: Uint8Array | null): Fields => ({
      responses: [{ topic: 'a', partitions: [{ partitionIndex: 0, errorCode: 0, highWatermark: 0n, abortedTransactions: null, records }] }],
    })
    expect(different(walked('FetchResponse', answer(null), answer(new Uint8Array(0)), { version: 4 }))).toEqual([
      leaf('responses[].partitions[].records', null, '0x', 'responses[0].partitions[0].records'),
    ])
  })

  it('reach into record batches', () => {
    const answer = (value: string): Fields => ({
      responses: [{ topic: 'a', partitions: [{ partitionIndex: 0, records: batchOf({ records: [aRecord('same'), aRecord(value)] }) }] }],
    })
    const leaves = walked('FetchResponse', answer('a'), answer('b'), { version: 4 })
    const where = 'responses[0].partitions[0].records.batches[0].records[1].value'
    expect(different(leaves)).toEqual([leaf('responses[].partitions[].records.batches[].records[].value', '0x61', '0x62', where)])
  })

  it('forgive two compressors their sizes, and not their records', () => {
    const answer = (...values: readonly string[]): Fields => ({
      responses: [
        {
          topic: 'a',
          partitions: values.map((value) => ({ records: batchOf({ records: [aRecord(value), aRecord('same')], compression: 'gzip' }) })),
        },
      ],
    })
    const differences = different(walked('FetchResponse', answer('aaaaaaaaaaaaaaaaa'), answer('abcdefghijklmnopq'), { version: 4 }))
    expect(differences.map(({ path }) => path)).toEqual(['responses[].partitions[].records.batches[].records[].value'])
  })

  it('tell tagged fields that nobody knows', () => {
    const tagged = { ...metadata([]), unknownTaggedFields: [{ tag: 9, data: Uint8Array.of(1) }] }
    expect(different(walked('MetadataResponse', metadata([]), tagged))).toEqual([leaf('unknownTaggedFields', '', '9:01')])
  })
})

describe('a judge', () => {
  it('finds a difference, with what was asked, and counts', () => {
    const the = judged({}, leaf('a', 1, 1), leaf('b', 1, 2))
    expect(the.differences).toEqual([{ ...ASKED, ...leaf('b', 1, 2) }])
    expect(the).toMatchObject({ answers: 1, fields: 2, bound: 0 })
  })

  it('binds what is bound, until other clusters are asked', () => {
    const the = judged({ bound: [{ api: 'Metadata', path: 'id', kind: 'topic id' }] }, leaf('id', 'a', 'x'), leaf('id', 'a', 'y'))
    expect(the.differences).toHaveLength(1)
    the.forget()
    the.answered(ASKED, [leaf('id', 'a', 'y')])
    expect(the.differences).toHaveLength(1)
    expect(the.bound).toBe(2)
  })

  const accepted = { api: 'Metadata', versions: [3, 12], path: 'a', theirs: 1, ours: 2, reason: 'a spec' } as const

  it('accepts the difference of a row, and no other value, field, version or api', () => {
    expect(judged({ accepted: [accepted] }, leaf('a', 1, 2)).differences).toEqual([])
    expect(judged({ accepted: [accepted] }, leaf('a', 1, 3)).differences).toHaveLength(1)
    expect(judged({ accepted: [accepted] }, leaf('a', 2, 1)).differences).toHaveLength(1)
    expect(judged({ accepted: [accepted] }, leaf('b', 1, 2)).differences).toHaveLength(1)
    expect(judged({ accepted: [{ ...accepted, versions: [3, 11] }] }, leaf('a', 1, 2)).differences).toHaveLength(1)
    expect(judged({ accepted: [{ ...accepted, api: 'Fetch' }] }, leaf('a', 1, 2)).differences).toHaveLength(1)
  })

  it('takes a row for one element of an array, or for all', () => {
    const inArray = leaf('a[].b', 1, 2, 'a[7].b')
    expect(judged({ accepted: [{ ...accepted, path: 'a[].b' }] }, inArray).differences).toEqual([])
    expect(judged({ accepted: [{ ...accepted, path: 'a[7].b' }] }, inArray).differences).toEqual([])
    expect(judged({ accepted: [{ ...accepted, path: 'a[8].b' }] }, inArray).differences).toHaveLength(1)
  })

  it('names the rows that nothing needed', () => {
    const other = { ...accepted, path: 'b' }
    expect(judged({ accepted: [accepted, other] }, leaf('a', 1, 2), leaf('b', 1, 1)).unused).toEqual([{ ...other, list: 'accepted' }])
  })

  it('lets both say it in their own words, if both say something', () => {
    const ownWords = [{ api: 'Metadata', versions: [0, 13], path: 'message', reason: 'a spec' }] as const
    expect(judged({ ownWords }, leaf('message', 'no', 'never')).differences).toEqual([])
    expect(judged({ ownWords }, leaf('message', 'no', null)).differences).toHaveLength(1)
    expect(judged({ ownWords }, leaf('message', null, 'never')).differences).toHaveLength(1)
    expect(judged({ ownWords }, leaf('another', 'no', 'never')).differences).toHaveLength(1)
  })

  it('believes times of appending that lie in the run', () => {
    const appendTimes = [{ api: 'Metadata', path: 'time' }] as const
    expect(judged({ appendTimes }, leaf('time', BigInt(NOW), BigInt(NOW + 3))).differences).toEqual([])
    expect(judged({ appendTimes }, leaf('time', BigInt(NOW), -1n)).differences).toHaveLength(1)
    expect(judged({ appendTimes }, leaf('time', BigInt(NOW), BigInt(NOW - 5000))).differences).toHaveLength(1)
  })

  it('lets counters grow, each in its own way', () => {
    const growing = [{ api: 'Metadata', path: 'epoch' }] as const
    const the = judged({ growing }, leaf('epoch', 3n, 1n), leaf('epoch', 9n, 1n))
    expect(the.differences).toEqual([])
    the.answered(ASKED, [leaf('epoch', 9n, 0n)])
    the.answered(ASKED, [leaf('epoch', 9n, -1n)])
    expect(the.differences).toHaveLength(2)
  })

  it('knows elements by a bound field as well as by a plain one, and by the next where the first is empty', () => {
    const rules = {
      bound: [{ api: 'Metadata', path: 'topics[].topicId', kind: 'topic id' }],
      unordered: [{ api: 'Metadata', path: 'topics', key: ['name', 'topicId'] }],
    } as const
    const the = judged(rules, leaf('topics[].topicId', 'a', 'x'))
    const keyOf = the.keyOf('Metadata', 'topics')
    expect(keyOf?.({ name: 'orders', topicId: 'a' }, 'theirs')).toBe('orders')
    expect(keyOf?.({ name: null, topicId: 'a' }, 'theirs')).toBe(keyOf?.({ name: '', topicId: 'x' }, 'ours'))
    expect(the.keyOf('Metadata', 'brokers')).toBeUndefined()
  })
})

describe('a report', () => {
  it('says what was asked, where it differs, what both said, and how to have it again', () => {
    const text = describeDifferences([{ ...ASKED, ...leaf('a[].b', 1, undefined, 'a[0].b') }], 77)
    for (const part of ['Metadata 12', 'a[0].b', 'Kafka: 1', 'ours:  undefined', 'asked: {}', 'KAFKARX_SEED=77'])
      expect(text).toContain(part)
  })

  it('is short, however many there are', () => {
    const many = Array.from({ length: 1000 }, () => ({ ...ASKED, ...leaf('a', 1, 2) }))
    expect(describeDifferences(many, 1).split('\n').length).toBeLessThan(100)
    expect(describeDifferences(many, 1)).toContain('1000 differences')
  })
})

describe('requests', () => {
  it('leave out what their version lacks, however deep', () => {
    const partitions = [{ partitionIndex: 0, committedOffset: 1n, committedLeaderEpoch: 3 }]
    const request = { groupId: 'g', groupInstanceId: 'i', topics: [{ name: 'a', topicId: 'x', partitions }] }
    expect(fitting(request, 'OffsetCommitRequest', 2)).toEqual({
      groupId: 'g',
      topics: [{ name: 'a', partitions: [{ partitionIndex: 0, committedOffset: 1n }] }],
    })
    expect(fitting(request, 'OffsetCommitRequest', 10)).toEqual({ ...request, topics: [{ topicId: 'x', partitions }] })
  })

  it('come from a seed: the same for the same, and others for another scenario or seed', () => {
    const drawn = (seed: number, name: string) =>
      Array.from(
        { length: 20 },
        (
          (chance) => () =>
            chance.below(1000)
        )(chanceOf(seed, name)),
      )
    expect(drawn(1, 'a')).toEqual(drawn(1, 'a'))
    expect(drawn(1, 'a')).not.toEqual(drawn(1, 'b'))
    expect(drawn(1, 'a')).not.toEqual(drawn(2, 'a'))
  })

  it('can be drawn in any order, each once', () => {
    const values = [1, 2, 3, 4, 5]
    expect(chanceOf(3, 'a').shuffled(values).sort()).toEqual(values)
  })
})

describe('pairs', () => {
  it('keep their sides', () => {
    expect(mapPair({ theirs: 1, ours: 2 }, (value, side) => `${side} ${value}`)).toEqual({ theirs: 'theirs 1', ours: 'ours 2' })
    expect(zip({ theirs: 1, ours: 2 }, same(10), (a, b) => a + b)).toEqual({ theirs: 11, ours: 12 })
  })
})

describe('odd batches', () => {
  it('are wrong in one thing alone: the checksum is right again', () => {
    const batch = patched(batchOf({ records: [aRecord('a')] }), { producerId: 7n, baseSequence: 3 })
    expect(recordBatch.decode(batch)).toMatchObject({ producerId: 7n, baseSequence: 3 })
    expect(() => recordBatch.decode(patched(batch, { crc: 1 }))).toThrow('corrupt')
  })

  it('hold records as they are given', () => {
    const batch = batchOfRaw([{ offsetDelta: 0, key: bytes('k'), value: bytes('v') }, { offsetDelta: 5 }])
    expect(recordBatch.decode(batch).records.map(({ offset }) => offset)).toEqual([0n, 5n])
    expect(() => recordBatch.decode(batchOfRaw([{ offsetDelta: 0, lie: 1 }]))).toThrow()
  })
})
