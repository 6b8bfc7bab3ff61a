import { fromJson, toJson } from '../../scripts/oracle/json'
import { ourVectors } from '../../scripts/oracle/our-vectors'
import { missingPairs, reportText } from '../../scripts/oracle/report'
import { Tally } from '../../scripts/oracle/tally'
import { codecNamed, differenceFromJava, lineOf, vectorOf, versionsOf } from '../../scripts/oracle/vector'

const SEED = 7
const produced = [...ourVectors('FetchResponse', SEED, 2)]

describe('values in JSON', () => {
  it('come back as they were, whatever JSON cannot say', () => {
    const value = {
      long: -(2n ** 63n),
      bytes: new Uint8Array(2000),
      floats: [1.5, -0, NaN, -Infinity, 2 ** 60, 3],
      text: 'a'.repeat(40_000),
      nothing: null,
      list: [{ data: Uint8Array.of(1) }],
    }
    expect(fromJson(toJson(value))).toEqual(value)
    expect(toJson(value).length).toBeLessThan(5000)
  })
})

describe('the vectors that we write', () => {
  it('are of every version, and the same from the same seed', () => {
    const covered = new Set(produced.filter(({ bytes }) => bytes !== null).map(({ version }) => version))
    expect([...covered]).toEqual(versionsOf(codecNamed('FetchResponse')))
    expect([...ourVectors('FetchResponse', SEED, 2)]).toEqual(produced)
    expect([...ourVectors('FetchResponse', SEED + 1, 2)]).not.toEqual(produced)
  })

  it('pass for vectors of Java after a way through their line', () => {
    const lines = produced
      .filter(({ kind, crash }) => kind !== 'tag is known' && crash === undefined)
      .map((vector) => toJson(lineOf(vector)))
    expect(lines.flatMap((line) => differenceFromJava(vectorOf(line)) ?? [])).toEqual([])
  })

  it('differ when a byte does', () => {
    const vector = produced.find(({ kind }) => kind === 'filled 0')
    if (vector === undefined) throw new Error('no filled vector')
    const flipped = { ...vector, bytes: `${vector.bytes?.startsWith('7f') === true ? '00' : '7f'}${vector.bytes?.slice(2) ?? ''}` }
    expect(differenceFromJava(flipped)).toMatchObject({
      where: 'FetchResponse version 4, filled 0',
      ours: vector.bytes,
      java: flipped.bytes,
    })
    expect(differenceFromJava({ ...vector, bytes: null })).toMatchObject({ java: 'refused' })
  })
})

describe('the report', () => {
  const tally = (...pairs: readonly string[]): Tally => {
    const made = new Tally('a direction')
    for (const pair of pairs) made.pairs.add(pair)
    return made
  }
  const differing = tally('A 0', 'A 1')
  for (let i = 0; i < 12; i++) differing.add({ where: `place ${String(i)}`, value: '{}', ours: '00', java: 'refused' })
  const directions = [differing, tally('A 1', 'B 0')]
  const pairs = new Set(['A 0', 'A 1', 'B 0'])

  it('names the pairs that one of the directions lacks', () => {
    expect(missingPairs({ directions, pairs })).toEqual(['A 0', 'B 0'])
  })

  it('counts all differences and shows ten of them', () => {
    const text = reportText({ command: 'oracle', versions: [], tallies: directions, directions, pairs, seconds: 1 })
    expect(text).toContain('covered both ways: 1 of 3\n  not covered: A 0\n  not covered: B 0\ndifferences: 12\n')
    expect(text).toContain('  place 9\n    value {}\n    ours  00\n    Java  refused')
    expect(text).not.toContain('place 10')
  })
})
