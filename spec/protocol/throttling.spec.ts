import { FetchRequest } from '../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../lib/generated/messages/FetchResponse'
import { InitProducerIdRequest } from '../../lib/generated/messages/InitProducerIdRequest'
import { MetadataRequest } from '../../lib/generated/messages/MetadataRequest'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { throttleOf } from '../../lib/protocol/throttling'

describe('the quiet that an answer asks for', () => {
  it.each([
    ['Produce', ProduceRequest, 6],
    ['Metadata', MetadataRequest, 6],
    ['InitProducerId', InitProducerIdRequest, 1],
  ])('is ours to keep since %s version %3$i, and the broker’s before', (_name, request, from) => {
    const at = (version: number) => throttleOf({ request }, version, { throttleTimeMs: 700 })
    expect([at(from - 1), at(from), at(from + 1)]).toEqual([0, 700, 700])
  })

  it.each([0, -1, undefined, NaN])('is none when it says %p', (throttleTimeMs) => {
    expect(throttleOf({ request: ProduceRequest }, 9, { throttleTimeMs })).toBe(0)
  })

  it('is a minute at most: nothing guards the number', () => {
    expect(throttleOf({ request: ProduceRequest }, 9, { throttleTimeMs: 2 ** 31 - 1 })).toBe(60_000)
  })

  it('is none of an api that no producer uses', () => {
    expect(throttleOf({ request: FetchRequest }, 12, { ...FetchResponse.create(), throttleTimeMs: 700 })).toBe(0)
  })
})
