/** Our codecs against the broker with no producer in between. */
import { firstValueFrom } from 'rxjs'
import { openConnection } from '../../lib/network/connection'
import type { Connection } from '../../lib/network/connection'
import { request$ } from '../../lib/network/request'
import { tcp } from '../../lib/network/tcp'
import type { Api, RequestCodec, ResponseCodec } from '../../lib/protocol/api'
import { stableVersions } from '../../lib/protocol/versions'
import { clockOf } from '../../lib/time'
import type { RealKafka } from './support'

export interface RawConnection extends Disposable {
  readonly connection: Connection
  /** At the highest version in common, or at the given one. The answer must be its message to the last byte. */
  ask<Q, A>(api: Api<Q, A>, value: Q, version?: number): Promise<A>
}

export const openRaw = ({ bootstrap }: Pick<RealKafka, 'bootstrap'>): Promise<RawConnection> =>
  new Promise((resolve, reject) => {
    const subscription = openConnection(addressOf(bootstrap), OPTIONS).subscribe({
      next: (connection) => resolve(rawConnection(connection, () => subscription.unsubscribe())),
      error: reject,
    })
  })

/** Every version of ours that will not change any more. */
export const versionsOf = (request: Pick<RequestCodec<never>, 'name' | 'apiKey' | 'validVersions' | 'latestVersionUnstable'>): number[] => {
  const { min, max } = stableVersions(request)
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}

const OPTIONS = {
  transport: tcp(),
  clock: clockOf(),
  clientId: 'kafkarx-spec',
  software: { name: 'kafkarx-spec', version: '0' },
  requestTimeout: 20_000,
  connectTimeout: 10_000,
}

const addressOf = (bootstrap: string) => {
  const [host = '', port] = bootstrap.split(':')
  return { host, port: Number(port) }
}

const rawConnection = (connection: Connection, close: () => void): RawConnection => ({
  connection,
  ask: ({ request, response }, value, version) => {
    const limits = version === undefined ? undefined : { min: version, max: version }
    return firstValueFrom(request$(connection, { request, response: toTheLastByte(response) }, value, limits))
  },
  [Symbol.dispose]: close,
})

const toTheLastByte = <A>(response: ResponseCodec<A>): ResponseCodec<A> => ({
  ...response,
  read: (reader, version) => {
    const answer = response.read(reader, version)
    reader.finish(`${response.name} version ${version}`)
    return answer
  },
})
