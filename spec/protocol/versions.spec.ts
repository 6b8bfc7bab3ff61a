import { UnsupportedVersionError } from '../../lib/errors'
import { InitProducerIdRequest } from '../../lib/generated/messages/InitProducerIdRequest'
import { ProduceRequest } from '../../lib/generated/messages/ProduceRequest'
import { chooseVersion, stableVersions } from '../../lib/protocol/versions'

const broker = (apiKey: number, min: number, max: number) => new Map([[apiKey, { min, max }]])

describe('the version of a request', () => {
  it('is the highest that both sides speak', () => {
    expect(chooseVersion(ProduceRequest, broker(0, 0, 9))).toBe(9)
    expect(chooseVersion(ProduceRequest, broker(0, 0, 99))).toBe(13)
  })

  it('obeys a limit', () => {
    expect(chooseVersion(ProduceRequest, broker(0, 0, 13), { min: 3, max: 12 })).toBe(12)
  })

  it('takes the maximum of the minima, as brokers claim Produce from 0 and speak it from 3', () => {
    expect(() => chooseVersion(ProduceRequest, broker(0, 0, 2))).toThrow(
      new UnsupportedVersionError('No version of Produce in common: the broker speaks 0 to 2, this library 3 to 13'),
    )
  })

  it('leaves out a version that is not stable yet', () => {
    expect(InitProducerIdRequest.latestVersionUnstable).toBe(true)
    expect(stableVersions(InitProducerIdRequest).max).toBe(InitProducerIdRequest.validVersions.max - 1)
  })

  it('names the limit when that is what excludes the broker', () => {
    expect(() => chooseVersion(ProduceRequest, broker(0, 3, 9), { min: 10, max: 13 })).toThrow('what is asked for needs 10 to 13')
  })

  it('names a request that the broker does not know', () => {
    expect(() => chooseVersion(ProduceRequest, new Map())).toThrow('The broker does not know Produce')
  })
})
