import { ListConfigResourcesRequest } from '../../../lib/generated/messages/ListConfigResourcesRequest'
import { ListConfigResourcesResponse } from '../../../lib/generated/messages/ListConfigResourcesResponse'
import { administrated, BROKER, nameOf, TOPIC } from '../support/admin'

function asking() {
  const { ask, ...rest } = administrated({ brokers: 2, topics: { b: 1, a: 1 } })
  const list = (resourceTypes: readonly number[] = [], version?: number) =>
    ask(ListConfigResourcesRequest, ListConfigResourcesResponse, { resourceTypes }, version)
  return { ...rest, list }
}

describe('ListConfigResources', () => {
  it('tells everything that has settings', () => {
    const { configResources } = asking().list()

    expect(configResources.map(({ resourceType, resourceName }) => [resourceType, resourceName])).toEqual([
      [8, '1'],
      [8, '2'],
      [BROKER, '1'],
      [BROKER, '2'],
      [TOPIC, 'b'],
      [TOPIC, 'a'],
    ])
  })

  it('tells only what was asked for', () => {
    expect(
      asking()
        .list([TOPIC])
        .configResources.map(({ resourceName }) => resourceName),
    ).toEqual(['b', 'a'])
  })

  it('knows in version 0 of client metrics alone, and there are none', () => {
    expect(asking().list([], 0)).toMatchObject({ errorCode: 0, configResources: [] })
  })

  it('says UNSUPPORTED_VERSION for a type that it does not know', () => {
    const { errorCode, configResources } = asking().list([TOPIC, 99])

    expect([nameOf(errorCode), configResources]).toEqual(['UNSUPPORTED_VERSION', []])
  })

  it('says an error that was ordered', () => {
    const { cluster, list } = asking()
    cluster.next('ListConfigResources').fail('CLUSTER_AUTHORIZATION_FAILED')

    expect([list(), list()].map(({ errorCode }) => nameOf(errorCode))).toEqual(['CLUSTER_AUTHORIZATION_FAILED', 'NONE'])
  })
})
