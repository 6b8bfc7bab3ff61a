import { ErrorCode } from '../../../lib/generated/error-codes'
import { ApiVersionsRequest } from '../../../lib/generated/messages/ApiVersionsRequest'
import type { ApiVersionsRequestInput } from '../../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../../lib/generated/messages/ApiVersionsResponse'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import { ProduceRequest } from '../../../lib/generated/messages/ProduceRequest'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { handlers } from '../../../lib/testing/apis/all'
import { administrated, nameOf } from '../support/admin'

function asking(options: TestClusterOptions = {}) {
  const { ask, ...rest } = administrated(options)
  const versions = (more: Partial<ApiVersionsRequestInput> = {}, version?: number) =>
    ask(ApiVersionsRequest, ApiVersionsResponse, { clientSoftwareName: 'spec', clientSoftwareVersion: '1.0', ...more }, version)
  return { ...rest, versions }
}

const rangesOf = ({ apiKeys }: Pick<ApiVersionsResponse, 'apiKeys'>) =>
  new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion]]))

describe('ApiVersions', () => {
  it.each([0, 1, 2, 3, 4, 5])('tells every api that there is, in version %i', (version) => {
    const { versions } = asking()
    const { errorCode, apiKeys } = versions({}, version)

    expect(errorCode).toBe(ErrorCode.NONE)
    expect(apiKeys.map(({ apiKey }) => apiKey)).toEqual([...handlers.keys()].sort((a, b) => a - b))
  })

  it('tells the versions of Kafka 4.4, and Produce from 0 on', () => {
    const ranges = rangesOf(asking().versions())

    expect(ranges.get(ProduceRequest.apiKey ?? -1)).toEqual([0, 13])
    expect(ranges.get(MetadataRequest.apiKey ?? -1)).toEqual([0, 13])
    expect(ranges.get(ApiVersionsRequest.apiKey ?? -1)).toEqual([0, 5])
  })

  it('tells a range that was narrowed, and leaves out an api that is not to be known', () => {
    const ranges = rangesOf(asking({ versions: { Produce: { min: 4, max: 9 }, DescribeCluster: null } }).versions())

    expect(ranges.get(ProduceRequest.apiKey ?? -1)).toEqual([4, 9])
    expect(ranges.has(60)).toBe(false)
  })

  describe('features', () => {
    it('finalizes the version of transactions that was asked for', () => {
      const finalized = (transactionVersion: 0 | 1 | 2) =>
        asking({ transactionVersion })
          .versions()
          .finalizedFeatures.find(({ name }) => name === 'transaction.version')

      expect(finalized(2)).toMatchObject({ minVersionLevel: 2, maxVersionLevel: 2 })
      expect(finalized(1)).toMatchObject({ minVersionLevel: 1, maxVersionLevel: 1 })
      expect(finalized(0)).toBeUndefined()
    })

    it('tells in version 3 only of features whose range begins above 0, and before it of none', () => {
      const names = (version: number) =>
        asking()
          .versions({}, version)
          .supportedFeatures.map(({ name }) => name)

      expect(names(2)).toEqual([])
      expect(names(3)).toEqual(['metadata.version'])
      expect(names(4)).toEqual(expect.arrayContaining(['metadata.version', 'transaction.version', 'kraft.version']))
    })

    it('tells none of an api that is not spoken', () => {
      const names = asking({ versions: { ConsumerGroupHeartbeat: null } })
        .versions()
        .finalizedFeatures.map(({ name }) => name)

      expect(names).toContain('metadata.version')
      expect(names).not.toContain('group.version')
    })
  })

  it.each(['', '-', 'a b', 'a-'])('refuses a client that calls itself %p', (clientSoftwareName) => {
    const { versions } = asking()

    expect(versions({ clientSoftwareName }, 3)).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, apiKeys: [] })
    expect(versions({ clientSoftwareName }, 2).errorCode).toBe(ErrorCode.NONE)
  })

  it('remembers what a client calls itself', () => {
    const { cluster, versions, metadata } = asking()
    const seen: unknown[] = []
    cluster.requests$.subscribe(({ session }) => seen.push(session.software))
    versions({ clientSoftwareName: 'kafkarx', clientSoftwareVersion: '2.0' })
    metadata([])

    expect(seen[1]).toEqual({ name: 'kafkarx', version: '2.0' })
  })

  it.each([
    ['NONE', 'own', 1],
    ['NONE', null, -1],
    ['INVALID_REQUEST', 'own', -1],
    ['INVALID_REQUEST', null, 1],
    ['REBOOTSTRAP_REQUIRED', 'own', 2],
    ['REBOOTSTRAP_REQUIRED', 'another', 1],
  ])('says %s to who means the cluster %p and its broker %i', (error, cluster, nodeId) => {
    const { versions, metadata } = asking()
    const clusterId = cluster === 'own' ? metadata([]).clusterId : cluster

    expect(nameOf(versions({ clusterId, nodeId }).errorCode)).toBe(error)
  })

  it('says an error that was ordered, and no apis', () => {
    const { cluster, versions } = asking()
    cluster.next('ApiVersions').fail('UNSUPPORTED_VERSION')

    expect(versions()).toMatchObject({ errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys: [] })
    expect(versions().errorCode).toBe(ErrorCode.NONE)
  })
})
