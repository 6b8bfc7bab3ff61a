/**
 * ApiVersions 0–5: the apis of this cluster with their versions, and its features.
 *
 * - Produce is said to begin at 0, as Kafka says for the sake of old clients (KAFKA-18659), though 0 to 2 are not spoken.
 * - A client that names the cluster and the broker it means (5, KIP-1242) and reached others is told REBOOTSTRAP_REQUIRED.
 * - Features: `metadata.version` (33, which is 4.4), `transaction.version` as the cluster is set, `eligible.leader.replicas.version`
 *   (its rules for min.insync.replicas hold), `kraft.version`, which is not finalized; and those that come with an api that is
 *   spoken: `group.version`, `share.version`, `streams.version`. Before version 4 only those whose range begins above 0.
 * - During a login see `sasl/login-state.ts`. Stricter, laxer: nothing.
 */
import { ErrorCode } from '../../generated/error-codes'
import type { ApiName } from '../../generated/apis'
import { ApiVersionsRequest } from '../../generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../generated/messages/ApiVersionsResponse'
import type { ApiVersionInput, ApiVersionsResponseInput } from '../../generated/messages/ApiVersionsResponse'
import { handler } from '../broker/handler'
import type { Ask, Handler } from '../broker/handler'
import { answerAndHangUp } from '../broker/hang-up'
import { spokenVersions } from '../broker/spoken-versions'
import { toldVersions } from '../sasl/login'
import type { Settings } from '../settings'

/** KIP-511: what a client may call itself. */
const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

const SINCE_SOFTWARE = 3
const SINCE_FEATURES_FROM_0 = 4

const ANY_NODE = -1

/** `others` are the handlers beside this one. */
export function apiVersions(others: readonly Handler[]): Handler {
  const self: Handler = handler({ request: ApiVersionsRequest, response: ApiVersionsResponse }, (request, ask) => {
    if (ask.session.login?.type === 'tokens') return answerAndHangUp(refused(ErrorCode.ILLEGAL_SASL_STATE), ask.cluster)
    const errorCode = ask.errorFor() || errorOf(request, ask)
    if (errorCode !== ErrorCode.NONE) return refused(errorCode)
    const { clientSoftwareName: name, clientSoftwareVersion: version } = request
    if (ask.version >= SINCE_SOFTWARE) ask.session.software = { name, version }
    toldVersions(ask)
    return told([self, ...others], ask)
  })
  return self
}

const refused = (errorCode: number): ApiVersionsResponseInput => ({ errorCode, apiKeys: [] })

function errorOf(request: ApiVersionsRequest, { version, cluster, node }: Ask): number {
  const { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId } = request
  if (version >= SINCE_SOFTWARE && !(SOFTWARE.test(clientSoftwareName) && SOFTWARE.test(clientSoftwareVersion)))
    return ErrorCode.INVALID_REQUEST
  if ((clusterId === null) !== (nodeId === ANY_NODE)) return ErrorCode.INVALID_REQUEST
  const isElsewhere = clusterId !== null && (clusterId !== cluster.clusterId || nodeId !== node.id)
  return isElsewhere ? ErrorCode.REBOOTSTRAP_REQUIRED : ErrorCode.NONE
}

function told(handlers: readonly Handler[], { version, cluster }: Ask): ApiVersionsResponseInput {
  const spoken = handlers.filter((each) => isSpoken(each, cluster.settings))
  const features = featuresOf(cluster.settings, new Set(spoken.map(({ api }) => api)))
  return {
    errorCode: ErrorCode.NONE,
    apiKeys: spoken.map((each) => rangeOf(each, cluster.settings)).sort((a, b) => a.apiKey - b.apiKey),
    supportedFeatures: features
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max }))
      .filter(({ minVersion }) => version >= SINCE_FEATURES_FROM_0 || minVersion > 0),
    finalizedFeaturesEpoch: 0n,
    finalizedFeatures: features.flatMap(({ name, level }) => (level > 0 ? [{ name, minVersionLevel: level, maxVersionLevel: level }] : [])),
  }
}

function isSpoken(each: Handler, settings: Settings): boolean {
  const { min, max } = spokenVersions(each, settings)
  return min <= max
}

function rangeOf(each: Handler, settings: Settings): ApiVersionInput {
  const { min, max } = spokenVersions(each, settings)
  const first = each.api === 'Produce' && min === each.versions.min ? 0 : min
  return { apiKey: each.apiKey, minVersion: first, maxVersion: max }
}

interface Feature {
  readonly name: string
  readonly min: number
  readonly max: number
  /** What is finalized; 0: nothing. */
  readonly level: number
}

const withApi: readonly (Feature & { readonly api: ApiName })[] = [
  { name: 'group.version', min: 0, max: 1, level: 1, api: 'ConsumerGroupHeartbeat' },
  { name: 'share.version', min: 0, max: 2, level: 2, api: 'ShareGroupHeartbeat' },
  { name: 'streams.version', min: 0, max: 1, level: 1, api: 'StreamsGroupHeartbeat' },
]

const featuresOf = ({ transactionVersion }: Settings, spoken: ReadonlySet<ApiName>): readonly Feature[] => [
  ...withApi.filter(({ api }) => spoken.has(api)),
  { name: 'kraft.version', min: 0, max: 1, level: 0 },
  { name: 'metadata.version', min: 7, max: 33, level: 33 },
  { name: 'transaction.version', min: 0, max: 2, level: transactionVersion },
  { name: 'eligible.leader.replicas.version', min: 0, max: 1, level: 1 },
]
