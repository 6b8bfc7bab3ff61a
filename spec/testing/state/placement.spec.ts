import { place, replicasProblem } from '../../../lib/testing/state/placement'
import type { ClusterNode } from '../../../lib/testing/state/node'

interface Some {
  readonly racks?: readonly (string | null)[]
  readonly fenced?: readonly number[]
}

function nodesOf(count: number, { racks = [], fenced = [] }: Some = {}): ReadonlyMap<number, ClusterNode> {
  const ids = Array.from({ length: count }, (_, i) => i + 1)
  return new Map(
    ids.map((id, i) => [id, { id, rack: racks[i] ?? null, status: 'up', fenced: fenced.includes(id), isolated: false, addresses: {} }]),
  )
}

const placed = (count: number, [partitions, replicationFactor, first = 0]: readonly [number, number, number?], some?: Some) => {
  const result = place({ nodes: nodesOf(count, some) }, { partitions, replicationFactor, first })
  return 'problem' in result ? result.problem : result.assignment
}

describe('placement', () => {
  it('lets brokers lead in turn, their followers beside them', () => {
    expect(placed(3, [4, 2])).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
    ])
  })

  it('goes on where the partitions before ended', () => {
    expect(placed(3, [2, 1, 2])).toEqual([[3], [1]])
  })

  it('puts replicas on different racks where it can', () => {
    const racks = ['north', 'north', 'south', 'south']

    expect(placed(4, [4, 2], { racks })).toEqual([
      [1, 3],
      [3, 2],
      [2, 4],
      [4, 1],
    ])
  })

  it('takes a broker that was given up last, and never to lead', () => {
    expect(placed(3, [2, 2], { fenced: [1] })).toEqual([
      [2, 3],
      [3, 2],
    ])
    expect(placed(3, [2, 3], { fenced: [1] })).toEqual([
      [2, 3, 1],
      [3, 2, 1],
    ])
  })

  it.each([
    ['4 replicas need as many brokers, there are 3', 4, {}],
    ['All brokers are fenced', 1, { fenced: [1, 2, 3] }],
  ])('says: %s', (problem, replicationFactor, some) => {
    expect(placed(3, [1, replicationFactor], some)).toBe(problem)
  })

  it('takes replicas that somebody chose when they are different brokers, as many as elsewhere, and one of them is there', () => {
    const nodes = nodesOf(3, { fenced: [2, 3] })
    const problem = (...replicas: readonly number[]) => replicasProblem(nodes, replicas, 2)

    expect([problem(1, 2), problem(2, 1)]).toEqual([undefined, undefined])
    expect([problem(), problem(1, 4), problem(1, 1), problem(1), problem(2, 3)]).toEqual([
      expect.stringContaining('at least'),
      expect.stringContaining('no broker 4'),
      expect.stringContaining('twice'),
      expect.stringContaining('other partitions have 2'),
      expect.stringContaining('fenced'),
    ])
  })
})
