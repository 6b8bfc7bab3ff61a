import { apiOfKey, apis } from '../../lib/generated/apis'
import { errorCodeFacts, errorCodes } from '../../lib/generated/error-codes'
import { messages } from '../../lib/generated/messages'
import { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../lib/generated/messages/ApiVersionsResponse'
import { CreateTopicsRequest } from '../../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../lib/generated/messages/CreateTopicsResponse'
import { FetchSnapshotResponse } from '../../lib/generated/messages/FetchSnapshotResponse'
import { FindCoordinatorRequest } from '../../lib/generated/messages/FindCoordinatorRequest'
import { InitProducerIdRequest } from '../../lib/generated/messages/InitProducerIdRequest'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../lib/generated/messages/ProduceResponse'
import { RequestHeader } from '../../lib/generated/messages/RequestHeader'
import { SaslHandshakeRequest } from '../../lib/generated/messages/SaslHandshakeRequest'
import { Writer } from '../../lib/wire/writer'
import { hex } from '../wire/support/hex'

const bytesOf = (bytes: Uint8Array): string => hex(bytes).replaceAll(' ', '')

describe('request headers', () => {
  it('have the bytes that Kafka writes', () => {
    const header = { requestApiKey: 18, requestApiVersion: 3, correlationId: 1, clientId: 'rx' }
    expect(bytesOf(RequestHeader.encode(header, ApiVersionsRequest.headerVersion(3)))).toBe('00120003000000010002727800')
  })

  it.each([
    [1, 10],
    [2, 11],
  ])('of version %p with an empty client id have %p bytes', (version, size) => {
    expect(RequestHeader.encode({ requestApiKey: 0, requestApiVersion: 0, correlationId: 0, clientId: '' }, version)).toHaveLength(size)
  })

  it('are chosen by the version of the message', () => {
    expect([4, 5].map((version) => [CreateTopicsRequest.headerVersion(version), CreateTopicsResponse.headerVersion(version)])).toEqual([
      [1, 0],
      [2, 1],
    ])
    expect([0, 1].map((version) => SaslHandshakeRequest.headerVersion(version))).toEqual([1, 1])
  })

  it('of an ApiVersions response are of version 0 whatever its own version', () => {
    expect([0, 1, 2, 3, 4, 5].map((version) => ApiVersionsResponse.headerVersion(version))).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('do not exist for a header', () => {
    expect(() => RequestHeader.headerVersion(1)).toThrow('RequestHeader has no header')
  })
})

describe('Produce', () => {
  const records = [Uint8Array.of(1, 2, 3), new Uint8Array(4000).fill(4)]
  const request = { acks: -1, timeoutMs: 30_000, topicData: [{ name: 'orders', partitionData: [{ index: 3, records }] }] }

  it('has the bytes that its schema says', () => {
    const small = { ...request, topicData: [{ name: 'ab', partitionData: [{ index: 3, records: [Uint8Array.of(7), Uint8Array.of(8)] }] }] }
    expect(bytesOf(ProduceRequest.encode(small, 8))).toBe(
      'ffff' + 'ffff' + '00007530' + '00000001' + '00026162' + '00000001' + '00000003' + '000000020708',
    )
    expect(bytesOf(ProduceRequest.encode(small, 9))).toBe(
      '00' + 'ffff' + '00007530' + '02' + '036162' + '02' + '00000003' + '030708' + '00' + '00' + '00',
    )
  })

  it('takes the buffers of a batch as they are, for one gather write', () => {
    const writer = new Writer()
    ProduceRequest.write(writer, request, 9)
    expect(writer.chunks()).toContain(records[1])
    expect(writer.finish()).toEqual(ProduceRequest.encode(request, 9))
    expect(ProduceRequest.decode(writer.finish(), 9).topicData[0]?.partitionData[0]?.records).toHaveLength(4003)
  })

  it('names partitions by the id of their topic since version 13', () => {
    const topicData = [{ topicId: 'H3KKO4NTRPaCWtEmm3vW7A', partitionData: [] }]
    expect(bytesOf(ProduceRequest.encode({ acks: 1, timeoutMs: 0, topicData }, 13))).toContain('1f728a3b835344f6825ad1269b7bd6ec')
  })

  it('answers with the new leader in a tag since version 10', () => {
    const leader = { leaderId: 2, leaderEpoch: 9 }
    const partition = { index: 0, errorCode: 6, baseOffset: -1n, currentLeader: leader }
    const response = { responses: [{ name: 'a', partitionResponses: [partition] }], nodeEndpoints: [{ nodeId: 2, host: 'h', port: 9092 }] }
    const decoded = ProduceResponse.decode(ProduceResponse.encode(response, 10), 10)
    expect(decoded).toMatchObject({
      responses: [{ partitionResponses: [{ currentLeader: leader }] }],
      nodeEndpoints: [{ port: 9092, rack: null }],
    })
    expect(() => ProduceResponse.encode(response, 9)).toThrow('ProduceResponse.PartitionProduceResponse.currentLeader is not in version 9')
  })
})

describe('rules that only real messages show', () => {
  it('all topics are null since version 1 of Metadata and an empty list before', () => {
    expect(bytesOf(MetadataRequest.encode({ topics: null, allowAutoTopicCreation: true }, 4))).toBe('ffffffff01')
    expect(bytesOf(MetadataRequest.encode({ topics: [] }, 0))).toBe('00000000')
    expect(() => MetadataRequest.encode({ topics: null }, 0)).toThrow('MetadataRequest.topics cannot be null in version 0')
  })

  it('what would be lost is refused', () => {
    expect(() => MetadataRequest.encode({ topics: [], allowAutoTopicCreation: false }, 3)).toThrow('MetadataRequest.allowAutoTopicCreation')
    expect(() => FindCoordinatorRequest.encode({ key: 'k' }, 4)).toThrow('FindCoordinatorRequest.key is not in version 4')
    expect(() => InitProducerIdRequest.encode({ transactionalId: null, transactionTimeoutMs: 1, producerId: 5n }, 2)).toThrow('producerId')
  })

  it('records default to null, also where null cannot be written', () => {
    expect(FetchSnapshotResponse.create()).toMatchObject({ topics: [] })
    const partition = { index: 0, errorCode: 0, snapshotId: { endOffset: 0n, epoch: 0 }, size: 0n, position: 0n, unalignedRecords: null }
    expect(() =>
      FetchSnapshotResponse.encode({ throttleTimeMs: 0, errorCode: 0, topics: [{ name: 'a', partitions: [partition] }] }, 0),
    ).toThrow('FetchSnapshotResponse.PartitionSnapshot.unalignedRecords cannot be null')
  })

  it('only InitProducerId has an unstable version', () => {
    const unstable = Object.values(messages).filter(({ latestVersionUnstable }) => latestVersionUnstable)
    expect(unstable.map(({ name }) => name)).toEqual(['InitProducerIdRequest'])
    expect(apis.InitProducerId.latestVersionUnstable).toBe(true)
  })
})

describe('the tables', () => {
  it('know every API by name and key, with the versions of its messages', () => {
    expect(Object.keys(apis)).toHaveLength(95)
    expect(apiOfKey(0)).toEqual({
      apiKey: 0,
      name: 'Produce',
      request: 'ProduceRequest',
      response: 'ProduceResponse',
      validVersions: { min: 3, max: 13 },
      flexibleVersions: { min: 9, max: 13 },
      latestVersionUnstable: false,
      listeners: ['broker'],
    })
    expect([4, 5, 6, 7].map((key) => apiOfKey(key)?.validVersions)).toEqual([null, null, null, null])
    expect(apiOfKey(4711)).toBeUndefined()
  })

  it('know every error code, and take an unknown one for an unknown server error', () => {
    expect(errorCodes.map(({ errorCode }) => errorCode)).toEqual(errorCodes.map((_, i) => i - 1))
    expect(errorCodeFacts(0).name).toBe('NONE')
    expect(errorCodeFacts(6)).toEqual({ errorCode: 6, name: 'NOT_LEADER_OR_FOLLOWER', retriable: true, invalidMetadata: true })
    expect(errorCodeFacts(10)).toMatchObject({ name: 'MESSAGE_TOO_LARGE', retriable: false })
    expect(errorCodeFacts(9999)).toEqual({ errorCode: 9999, name: 'UNKNOWN_SERVER_ERROR', retriable: false, invalidMetadata: false })
  })
})
