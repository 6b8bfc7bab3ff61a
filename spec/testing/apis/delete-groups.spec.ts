import { DeleteGroupsRequest } from '../../../lib/generated/messages/DeleteGroupsRequest'
import { DeleteGroupsResponse } from '../../../lib/generated/messages/DeleteGroupsResponse'
import { OffsetCommitRequest } from '../../../lib/generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../../lib/generated/messages/OffsetCommitResponse'
import { OffsetFetchRequest } from '../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../lib/generated/messages/OffsetFetchResponse'
import { groupClients } from '../support/group-clients'
import { nameOf } from '../support/group-members'

function started() {
  const clients = groupClients({ brokers: 2, configs: { 'offsets.topic.num.partitions': '1' } })
  const node = clients.coordinator()
  const remove = (groupsNames: readonly string[], { version = 3, from = node } = {}): readonly (readonly [string, string])[] => {
    const { results } = clients.ask(from)(DeleteGroupsRequest, DeleteGroupsResponse, { groupsNames }, version)
    return results.map(({ groupId, errorCode }) => [groupId, nameOf(errorCode)])
  }
  const commit = (): void => {
    const partitions = [{ partitionIndex: 0, committedOffset: 5n, committedMetadata: null }]
    clients.ask(node)(
      OffsetCommitRequest,
      OffsetCommitResponse,
      { groupId: 'h', memberId: '', topics: [{ name: 'orders', partitions }] },
      9,
    )
  }
  const committed = (): number => {
    const { groups } = clients.ask(node)(OffsetFetchRequest, OffsetFetchResponse, { groups: [{ groupId: 'h', topics: null }] }, 9)
    return groups[0]?.topics.length ?? 0
  }
  return { ...clients, node, remove, commit, committed }
}

describe('DeleteGroups', () => {
  it.each([0, 1, 2, 3])('deletes a group with its offsets in version %i', (version) => {
    const { remove, commit, committed } = started()
    commit()
    const before = committed()
    const results = remove(['h', 'h'], { version })

    expect([before, committed()]).toEqual([1, 0])
    expect(results).toEqual([['h', 'NONE']])
    expect(remove(['h'], { version })).toEqual([['h', 'GROUP_ID_NOT_FOUND']])
  })

  it('spares groups that have members, and says so for each', () => {
    const { soleMember, remove, commit, heartbeat } = started()
    const { memberId } = soleMember()
    commit()

    expect(remove(['g', 'nobody', 'h'])).toEqual([
      ['g', 'NON_EMPTY_GROUP'],
      ['nobody', 'GROUP_ID_NOT_FOUND'],
      ['h', 'NONE'],
    ])
    expect(heartbeat(memberId, 1)).toBe('NONE')
  })

  it('leaves no timer of a group behind that had only given out an id', () => {
    const { time, join, remove } = started()
    join()
    time.advance(1)

    expect(remove(['g'])).toEqual([['g', 'NONE']])
    expect(time.pending).toBe(0)
  })

  it('deletes only groups that the broker looks after', () => {
    const { node, remove, commit, committed } = started()
    commit()

    expect(remove(['h'], { from: node === 1 ? 2 : 1 })).toEqual([['h', 'NOT_COORDINATOR']])
    expect(committed()).toBe(1)
  })

  it('answers with the error that was ordered, and the group is still there', () => {
    const { cluster, remove, commit, committed } = started()
    commit()
    cluster.next('DeleteGroups').fail('GROUP_AUTHORIZATION_FAILED')

    expect(remove(['h'])).toEqual([['h', 'GROUP_AUTHORIZATION_FAILED']])
    expect(committed()).toBe(1)
  })
})
