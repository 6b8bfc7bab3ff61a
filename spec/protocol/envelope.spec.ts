import { ProtocolError } from '../../lib/errors'
import { ApiVersionsRequest } from '../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../lib/generated/messages/ApiVersionsResponse'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../lib/generated/messages/MetadataResponse'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { correlationIdOf, decodeResponse, encodeRequest } from '../../lib/protocol/envelope'

const origin = { clientId: 'me', correlationId: 258 }
const whole = (chunks: readonly Uint8Array[]): Buffer => Buffer.concat(chunks)

describe('a request', () => {
  it('carries length, header and message; the header ends without tags before the flexible versions', () => {
    const bytes = whole(encodeRequest(MetadataRequest, { topics: [] }, 1, origin))
    //                                       length  key ver  id       client  no topics
    expect(bytes.toString('hex')).toBe('00000010' + '0003' + '0001' + '00000102' + '00026d65' + '00000000')
  })

  it('keeps the old form of the client id in the flexible header, with a tag section behind it', () => {
    const bytes = whole(encodeRequest(MetadataRequest, { topics: [] }, 12, origin))
    //                                       length  key ver  id       client   tags  topics, auto-creation, authorized operations, tags
    expect(bytes.toString('hex')).toBe('00000011' + '0003' + '000c' + '00000102' + '00026d65' + '00' + '01' + '01' + '00' + '00')
  })

  it('may have no client id', () => {
    const bytes = whole(encodeRequest(MetadataRequest, { topics: [] }, 1, { ...origin, clientId: null }))
    expect(bytes.subarray(12, 14).toString('hex')).toBe('ffff')
  })

  it('takes records in by reference, in any number of pieces', () => {
    const records = [new Uint8Array(2000).fill(1), new Uint8Array(3000).fill(2)]
    const topicData = [{ name: 'orders', partitionData: [{ index: 0, records }] }]
    const chunks = encodeRequest(ProduceRequest, { acks: -1, timeoutMs: 30_000, topicData }, 9, origin)
    for (const piece of records) expect(chunks.some((chunk) => chunk === piece)).toBe(true)
    const bytes = whole(chunks)
    expect(bytes.readInt32BE(0)).toBe(bytes.length - 4)
  })

  it('has a right length also when its first bytes outgrow the buffer that they were written into', () => {
    const topics = Array.from({ length: 500 }, (_, i) => ({ name: `a-topic-with-a-long-name-${String(i)}` }))
    const bytes = whole(encodeRequest(MetadataRequest, { topics }, 12, origin))
    expect(bytes.readInt32BE(0)).toBe(bytes.length - 4)
  })

  it('refuses a value that its version would lose', () => {
    expect(() => encodeRequest(MetadataRequest, { topics: [], allowAutoTopicCreation: false }, 1, origin)).toThrow('allowAutoTopicCreation')
  })
})

describe('an answer', () => {
  const answer = { brokers: [{ nodeId: 1, host: 'here', port: 9092 }], topics: [] }
  const framed = (header: string, body: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(header, 'hex'), body])

  it('is read behind a header of the id alone', () => {
    const frame = framed('00000102', MetadataResponse.encode(answer, 8))
    expect(correlationIdOf(frame)).toBe(258)
    expect(decodeResponse(MetadataResponse, frame, 8)).toMatchObject(answer)
  })

  it('is read behind a flexible header, whose tags are passed over', () => {
    for (const tags of ['00', '01050100']) {
      const frame = framed(`00000102${tags}`, MetadataResponse.encode(answer, 12))
      expect(decodeResponse(MetadataResponse, frame, 12)).toMatchObject(answer)
    }
  })

  it('to ApiVersions has the old header in all versions', () => {
    for (let version = 0; version <= ApiVersionsRequest.validVersions.max; version++) {
      const body = ApiVersionsResponse.encode({ errorCode: 0, apiKeys: [{ apiKey: 3, minVersion: 0, maxVersion: 13 }] }, version)
      const read = decodeResponse(ApiVersionsResponse, framed('00000001', body), version)
      expect(read.apiKeys).toMatchObject([{ apiKey: 3, minVersion: 0, maxVersion: 13 }])
    }
  })

  it('may have bytes behind it, as for Java', () => {
    const frame = framed('00000001', Buffer.concat([MetadataResponse.encode(answer, 8), Buffer.from('more')]))
    expect(decodeResponse(MetadataResponse, frame, 8)).toMatchObject(answer)
  })

  it('is refused at every place where it may be cut', () => {
    const frame = framed('0000000100', MetadataResponse.encode(answer, 12))
    for (let length = 0; length < frame.length; length++) {
      expect(() => decodeResponse(MetadataResponse, frame.slice(0, length), 12)).toThrow(ProtocolError)
    }
  })
})
