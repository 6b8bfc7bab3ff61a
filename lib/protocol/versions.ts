/** Which version of a request both sides speak. */
import { UnsupportedVersionError } from '../errors'
import type { VersionRange } from '../wire/message'
import { apiKeyOf, apiName } from './api'
import type { RequestCodec } from './api'

/** What a broker speaks, by api key. */
export type ApiVersions = ReadonlyMap<number, VersionRange>

type Facts = Pick<RequestCodec<unknown>, 'name' | 'apiKey' | 'validVersions' | 'latestVersionUnstable'>

/** The versions of ours that will not change any more. */
export const stableVersions = ({ validVersions: { min, max }, latestVersionUnstable }: Facts): VersionRange => ({
  min,
  max: latestVersionUnstable ? max - 1 : max,
})

/**
 * The highest version that the broker, this library and `limits` have in common. Both minima count: brokers advertise Produce from 0
 * and speak it from 3 (KAFKA-18659).
 *
 * Throws UnsupportedVersionError when there is none.
 */
export function chooseVersion(request: Facts, theirs: ApiVersions, limits?: VersionRange): number {
  const ours = stableVersions(request)
  const range = theirs.get(apiKeyOf(request))
  if (range === undefined) throw new UnsupportedVersionError(`The broker does not know ${apiName(request)}: is it too old, or no broker?`)
  const ranges = limits === undefined ? [ours, range] : [ours, range, limits]
  const min = Math.max(...ranges.map((each) => each.min))
  const max = Math.min(...ranges.map((each) => each.max))
  if (min > max) throw new UnsupportedVersionError(noneInCommon(request, range, limits))
  return max
}

function noneInCommon(request: Facts, theirs: VersionRange, limits?: VersionRange): string {
  const wanted = limits === undefined ? '' : `, what is asked for needs ${text(limits)}`
  return `No version of ${apiName(request)} in common: the broker speaks ${text(theirs)}, this library ${text(stableVersions(request))}${wanted}`
}

const text = ({ min, max }: VersionRange): string => `${String(min)} to ${String(max)}`
