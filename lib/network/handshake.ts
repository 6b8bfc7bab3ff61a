/** The first words on a connection: which versions of which requests does the broker speak? */
import { map, of, switchMap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { ApiVersionsRequest } from '../generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../generated/messages/ApiVersionsResponse'
import { apiKeyOf } from '../protocol/api'
import type { ResponseCodec } from '../protocol/api'
import { brokerError } from '../protocol/broker-error'
import { stableVersions } from '../protocol/versions'
import type { ApiVersions } from '../protocol/versions'
import type { VersionRange } from '../wire/message'
import { ask } from './ask'
import type { Exchange } from './exchange'

/** What a broker shows of its clients in its metrics and logs (KIP-511): letters, digits, `-` and `.`. */
export interface ClientSoftware {
  readonly name: string
  readonly version: string
}

/** The broker that a connection is meant for: one that is another, or of another cluster, says so (KIP-1242). */
export interface MeantNode {
  readonly clusterId: string
  readonly nodeId: number
}

const UNSUPPORTED_VERSION = 35

/**
 * Emits what the broker speaks, and completes. A broker that does not know our version of the question says which it knows, or
 * nothing (before 2.4): then it is asked again at that version, or at 0. Errors with a BrokerError when it refuses otherwise.
 */
export function handshake(exchange: Exchange, software: ClientSoftware, meant?: MeantNode): Observable<ApiVersions> {
  const request = { ...ApiVersionsRequest.create(), clientSoftwareName: software.name, clientSoftwareVersion: software.version, ...meant }
  const askAt = (version: number): Observable<ApiVersions> =>
    ask(exchange, { request: ApiVersionsRequest, response: tolerantResponse }, request, version).pipe(
      switchMap((response) => {
        if (response.errorCode === 0) return of(versionsIn(response))
        if (response.errorCode === UNSUPPORTED_VERSION && version > 0) return askAt(lowerVersion(response, version))
        return throwError(() => brokerError(response.errorCode, 'The broker refused the connection'))
      }),
    )
  return askAt(stableVersions(ApiVersionsRequest).max)
}

/** What a broker tells those who are not logged in yet: at version 0, which they all know. */
export const versionsBeforeLogin = (exchange: Pick<Exchange, 'send'>): Observable<ApiVersions> =>
  ask(exchange, { request: ApiVersionsRequest, response: ApiVersionsResponse }, ApiVersionsRequest.create(), 0).pipe(
    map((response) => {
      if (response.errorCode !== 0) throw brokerError(response.errorCode, 'The broker refused the connection')
      return versionsIn(response)
    }),
  )

/** A broker that does not know the version of the question answers at version 0 (KIP-511), as Java reads it: what was asked for, else 0. */
const tolerantResponse: ResponseCodec<ApiVersionsResponse> = {
  ...ApiVersionsResponse,
  read: (reader, version) => {
    const start = reader.position
    try {
      return ApiVersionsResponse.read(reader, version)
    } catch (error) {
      reader.position = start
      if (reader.int16() !== UNSUPPORTED_VERSION) throw error
      reader.position = start
      return ApiVersionsResponse.read(reader, 0)
    }
  },
}

/** Always below the refused one, so that asking comes to an end also with a broker that contradicts itself. */
function lowerVersion(response: ApiVersionsResponse, refused: number): number {
  const named = versionsIn(response).get(apiKeyOf(ApiVersionsRequest))
  return named === undefined ? 0 : Math.max(0, Math.min(named.max, refused - 1))
}

function versionsIn({ apiKeys }: ApiVersionsResponse): ApiVersions {
  const versions = new Map<number, VersionRange>()
  for (const { apiKey, minVersion, maxVersion } of apiKeys) versions.set(apiKey, { min: minVersion, max: maxVersion })
  return versions
}
