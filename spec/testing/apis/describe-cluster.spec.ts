import { DescribeClusterRequest } from '../../../lib/generated/messages/DescribeClusterRequest'
import type { DescribeClusterRequestInput } from '../../../lib/generated/messages/DescribeClusterRequest'
import { DescribeClusterResponse } from '../../../lib/generated/messages/DescribeClusterResponse'
import { administrated, nameOf } from '../support/admin'

function asking() {
  const { ask, ...rest } = administrated({ brokers: 3, racks: ['north', 'south', 'north'] })
  const describeCluster = (more: Partial<DescribeClusterRequestInput> = {}, version?: number) =>
    ask(
      DescribeClusterRequest,
      DescribeClusterResponse,
      { includeClusterAuthorizedOperations: false, includeFencedBrokers: false, ...more },
      version,
    )
  return { ...rest, describeCluster }
}

describe('DescribeCluster', () => {
  it.each([0, 1, 2])('tells the brokers and who takes what is for the controller, in version %i', (version) => {
    const { describeCluster, metadata } = asking()
    const { brokers, controllerId, clusterId, clusterAuthorizedOperations } = describeCluster({}, version)

    expect(brokers.map(({ brokerId, host, port, rack }) => [brokerId, host, port, rack])).toEqual([
      [1, 'broker-1', 9092, 'north'],
      [2, 'broker-2', 9092, 'south'],
      [3, 'broker-3', 9092, 'north'],
    ])
    expect([controllerId, clusterId]).toEqual([1, metadata([]).clusterId])
    expect(clusterAuthorizedOperations).toBe(-2147483648)
  })

  it('tells what a client may do when it asks', () => {
    expect(asking().describeCluster({ includeClusterAuthorizedOperations: true }).clusterAuthorizedOperations).toBe(8096)
  })

  it('tells brokers that were given up only to who asks for them', () => {
    const { time, cluster, describeCluster } = asking()
    cluster.broker(2).kill()
    time.advance(20_000)
    const fenced = (includeFencedBrokers: boolean) =>
      describeCluster({ includeFencedBrokers }).brokers.map(({ brokerId, isFenced }) => [brokerId, isFenced])

    expect(fenced(false)).toEqual([
      [1, false],
      [3, false],
    ])
    expect(fenced(true)).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
  })

  it.each([
    [2, 'MISMATCHED_ENDPOINT_TYPE'],
    [3, 'UNSUPPORTED_ENDPOINT_TYPE'],
    [0, 'UNSUPPORTED_ENDPOINT_TYPE'],
  ])('is no endpoint of type %i: %s', (endpointType, error) => {
    const { errorCode, brokers } = asking().describeCluster({ endpointType })

    expect([nameOf(errorCode), brokers]).toEqual([error, []])
  })

  it('says an error that was ordered', () => {
    const { cluster, describeCluster } = asking()
    cluster.next('DescribeCluster').fail('CLUSTER_AUTHORIZATION_FAILED')

    expect([describeCluster(), describeCluster()].map(({ errorCode, brokers }) => [nameOf(errorCode), brokers.length])).toEqual([
      ['CLUSTER_AUTHORIZATION_FAILED', 0],
      ['NONE', 3],
    ])
  })
})
