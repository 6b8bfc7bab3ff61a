import { ErrorCode } from '../../../lib/generated/error-codes'
import { FindCoordinatorRequest } from '../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../lib/generated/messages/FindCoordinatorResponse'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import { groupClients } from '../support/group-clients'
import type { GroupClients } from '../support/group-clients'

const GROUP = 0
const TRANSACTION = 1
const SHARE = 2

const find = ({ ask }: GroupClients, keyType: number, coordinatorKeys: readonly string[], version = 6) =>
  ask()(FindCoordinatorRequest, FindCoordinatorResponse, { keyType, coordinatorKeys }, version).coordinators

describe('FindCoordinator', () => {
  it.each([4, 5, 6])('names the coordinators of several groups in version %i', (version) => {
    const clients = groupClients({ brokers: 3 })
    const coordinators = find(clients, GROUP, ['a', 'b', 'c'], version)

    expect(coordinators.map(({ key, errorCode, errorMessage }) => [key, errorCode, errorMessage])).toEqual([
      ['a', 0, ''],
      ['b', 0, ''],
      ['c', 0, ''],
    ])
    expect(coordinators.map(({ nodeId, host, port }) => `${host}:${String(port)} is ${String(nodeId)}`)).toEqual(
      coordinators.map(({ nodeId }) => `${clients.cluster.brokers[nodeId - 1] ?? ''} is ${String(nodeId)}`),
    )
    expect(new Set(coordinators.map(({ nodeId }) => nodeId)).size).toBeGreaterThan(1)
  })

  it.each([0, 1, 2, 3])('names one coordinator in version %i', (version) => {
    const clients = groupClients({ brokers: 3 })
    const answer = clients.ask()(FindCoordinatorRequest, FindCoordinatorResponse, { key: 'a' }, version)

    expect(answer).toMatchObject({
      errorCode: 0,
      errorMessage: version === 0 ? '' : 'NONE',
      nodeId: find(clients, GROUP, ['a'])[0]?.nodeId,
    })
    expect(`${answer.host}:${String(answer.port)}`).toBe(clients.cluster.brokers[answer.nodeId - 1])
  })

  it('makes the topics in which groups and transactions are kept, and they are internal', () => {
    const clients = groupClients({ configs: { 'transaction.state.log.num.partitions': '5' } })
    find(clients, GROUP, ['a'])
    find(clients, TRANSACTION, ['a'])
    const { topics } = clients.ask()(MetadataRequest, MetadataResponse, { topics: null })
    const internal = topics.filter(({ isInternal }) => isInternal).map(({ name, partitions }) => [name, partitions.length])

    expect(internal.sort()).toEqual([
      ['__consumer_offsets', 50],
      ['__transaction_state', 5],
    ])
  })

  it('names nobody while the partition of the key has no leader', () => {
    const clients = groupClients({ brokers: 2, configs: { 'offsets.topic.num.partitions': '1', 'offsets.topic.replication.factor': '1' } })
    const [before] = find(clients, GROUP, ['a'])
    clients.cluster.broker(before?.nodeId ?? 0).stop()
    const other = before?.nodeId === 1 ? 2 : 1
    const asked = { keyType: GROUP, coordinatorKeys: ['a'] }
    const { coordinators } = clients.ask(other)(FindCoordinatorRequest, FindCoordinatorResponse, asked)
    const old = clients.ask(other)(FindCoordinatorRequest, FindCoordinatorResponse, { key: 'a' }, 3)

    expect(coordinators).toMatchObject([{ key: 'a', errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, nodeId: -1, host: '', port: -1 }])
    expect(old).toMatchObject({ errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE, nodeId: -1, host: '', port: -1 })
  })

  it.each([
    ['share groups', SHARE],
    ['a type that there is not', 9],
  ])('refuses keys of %s', (_, keyType) => {
    const clients = groupClients()

    expect(find(clients, keyType, ['g:orders:0'])).toMatchObject([{ key: 'g:orders:0', errorCode: ErrorCode.INVALID_REQUEST, nodeId: -1 }])
  })

  it('answers with the error that was ordered', () => {
    const clients = groupClients()
    clients.cluster.next('FindCoordinator').fail('COORDINATOR_NOT_AVAILABLE')

    expect(find(clients, GROUP, ['a']).map(({ errorCode }) => errorCode)).toEqual([ErrorCode.COORDINATOR_NOT_AVAILABLE])
    expect(find(clients, GROUP, ['a']).map(({ errorCode }) => errorCode)).toEqual([ErrorCode.NONE])
  })
})
