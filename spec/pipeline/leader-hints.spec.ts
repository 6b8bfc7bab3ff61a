import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import type { ProduceResponseInput } from '../../lib/generated/messages/ProduceResponse'
import { leaderHints } from '../../lib/pipeline/leader-hints'

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const currentLeader = { leaderId: 2, leaderEpoch: 6 }

const read = (answer: ProduceResponseInput, version: number): ProduceResponse =>
  ProduceResponse.decode(ProduceResponse.encode(answer, version), version)

const response = (topic: { readonly name?: string; readonly topicId?: string }, leader = currentLeader): ProduceResponseInput => ({
  responses: [{ ...topic, partitionResponses: [{ index: 3, errorCode: 6, baseOffset: -1n, currentLeader: leader }] }],
  nodeEndpoints: [{ nodeId: 2, host: 'b2', port: 9092, rack: 'r' }],
})

describe('the hints in a Produce answer', () => {
  it('name the topic by the id under which it was sent', () => {
    expect(leaderHints(read(response({ topicId: ID }), 13), new Map([[ID, 'orders']]))).toEqual([
      { topic: 'orders', topicId: ID, partition: 3, leader: 2, leaderEpoch: 6, node: { id: 2, host: 'b2', port: 9092, rack: 'r' } },
    ])
  })

  it.each([
    ['that was known when it was sent', ID],
    ['that nobody knew', NO_ID],
  ])('have the id %s, also when the answer has the name alone', (_what, id) => {
    expect(leaderHints(read(response({ name: 'orders' }), 12), new Map([[id, 'orders']]))).toMatchObject([{ topic: 'orders', topicId: id }])
  })

  it('are none where the broker does not say who leads', () => {
    expect(leaderHints(read(response({ topicId: ID }, { leaderId: -1, leaderEpoch: -1 }), 13), new Map([[ID, 'orders']]))).toEqual([])
  })
})
