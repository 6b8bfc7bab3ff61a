/** Step by step to a cluster: where a producer of this configuration would get stuck, and why. Reads, and writes nothing. */
import { catchError, concat, defer, of, switchMap, tap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { resolveConfig } from '../config'
import type { ProducerConfig } from '../config'
import { KafkaError, ProtocolError } from '../errors'
import type { MetadataResponse } from '../generated/messages/MetadataResponse'
import { systemLookup } from '../network/names'
import type { Lookup } from '../network/names'
import type { Address } from '../network/transport'
import { brokerError } from '../protocol/broker-error'
import { clockOf } from '../time'
import { listeners, metadataFrom, nameOf, topicFinding } from './cluster-checks'
import type { Finding } from './finding'
import { textOf } from './steps'
import { walk } from './walk'
import type { World } from './world'

export interface DiagnoseOptions {
  /** Whose leaders are looked at, too. Default: none. */
  readonly topic?: string
  /** Default: the resolver of the operating system. */
  readonly lookup?: Lookup
}

/**
 * Cold. A finding for each step, as it is taken; after one that fails those that need it are left out. Never errors but for a defect of its
 * own. `configure` gives the configuration, and may throw a ConfigError: that is the first finding.
 */
export function diagnose(configure: () => ProducerConfig, { topic, lookup = systemLookup }: DiagnoseOptions = {}): Observable<Finding> {
  return defer(() => {
    const config = configure()
    const settings = resolveConfig(config)
    const world = { config, settings, clock: clockOf(settings.scheduler), lookup }
    return concat(of(configured(world)), examine(world, topic))
  }).pipe(catchError((error: unknown) => (error instanceof KafkaError ? of(misconfigured(error)) : throwError(() => error))))
}

const TARGET = 'options'

const configured = ({ settings: { bootstrap } }: World): Finding => ({
  type: 'passed',
  step: 'configuration',
  target: TARGET,
  says: `brokers: ${bootstrap.map(textOf).join(', ')}`,
})

const misconfigured = (error: KafkaError): Finding => ({
  type: 'failed',
  step: 'configuration',
  target: TARGET,
  error,
  hint: "Mend what is named. docs/options.md says of each of Java's keys what becomes of it.",
})

function examine(world: World, topic: string | undefined): Observable<Finding> {
  const reached: Address[] = []
  const bootstrap$ = concat(...world.settings.bootstrap.map((address) => defer(() => walkTo(address, world, reached))))
  return concat(bootstrap$, defer(() => reached.slice(0, 1)).pipe(switchMap((first) => cluster({ world, topic, first }))))
}

function walkTo(address: Address, world: World, reached: Address[]): Observable<Finding> {
  let all = true
  return walk(address, world).pipe(
    tap({
      next: ({ type }) => (all &&= type === 'passed'),
      complete: () => {
        if (all) reached.push(address)
      },
    }),
  )
}

interface Entrance {
  readonly world: World
  readonly topic: string | undefined
  /** The address that the cluster is asked at. */
  readonly first: Address
}

function cluster({ world, topic, first }: Entrance): Observable<Finding> {
  const target = textOf(first)
  return metadataFrom(first, topic, world).pipe(
    switchMap((response) => {
      const problem = problemWith(response)
      if (problem !== undefined) return throwError(() => problem)
      const described: Finding = { type: 'passed', step: 'metadata', target, says: description(response) }
      return concat(of(described), brokersAndTopic(response, world, topic))
    }),
    catchError((error: unknown) =>
      error instanceof KafkaError
        ? of<Finding>({
            type: 'failed',
            step: 'metadata',
            target,
            error,
            hint: world.settings.sasl === undefined ? MAYBE_LOGIN : ASK_AGAIN,
          })
        : throwError(() => error),
    ),
  )
}

const ASK_AGAIN = 'See the log of the broker, and ask again.'
const MAYBE_LOGIN = `Does the listener want a login? Then set security.protocol, sasl.mechanism and sasl.jaas.config in the file of --config. ${ASK_AGAIN}`

/** A broker that has just started may know of none, not even of itself. */
function problemWith({ errorCode, brokers }: MetadataResponse): KafkaError | undefined {
  if (errorCode !== 0) return brokerError(errorCode, 'The broker refused to describe the cluster')
  return brokers.length === 0 ? new ProtocolError('The broker answers that the cluster has no brokers') : undefined
}

const description = ({ clusterId, brokers }: MetadataResponse): string =>
  `cluster ${clusterId ?? 'without an id'} of ${String(brokers.length)} broker${brokers.length === 1 ? '' : 's'}`

function brokersAndTopic(response: MetadataResponse, world: World, topic: string | undefined): Observable<Finding> {
  const unreachable = new Set<number>()
  const byName = new Map(response.brokers.map((broker) => [nameOf(broker), broker.nodeId]))
  return concat(
    listeners(response, world).pipe(
      tap(({ type, target }) => {
        const node = byName.get(target)
        if (type === 'failed' && node !== undefined) unreachable.add(node)
      }),
    ),
    topic === undefined ? [] : defer(() => of(topicFinding(topic, response, unreachable))),
  )
}
