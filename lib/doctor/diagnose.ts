/** Step by step to a cluster: where a producer of this configuration would get stuck, and why. Reads, and writes nothing. */
import { lookup as lookupName } from 'node:dns/promises'
import { catchError, concat, defer, from, map, of, switchMap, tap, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { resolveConfig } from '../config'
import type { ProducerConfig } from '../config'
import { ConnectError, KafkaError, ProtocolError, textOf as textOfError } from '../errors'
import type { MetadataResponse } from '../generated/messages/MetadataResponse'
import type { Address } from '../network/transport'
import { brokerError } from '../protocol/broker-error'
import { clockOf } from '../time'
import { listeners, metadataFrom, nameOf, topicFinding } from './cluster-checks'
import type { Finding } from './finding'
import { textOf } from './steps'
import { walk } from './walk'
import type { Lookup, World } from './world'

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
export function diagnose(configure: () => ProducerConfig, { topic, lookup = resolver }: DiagnoseOptions = {}): Observable<Finding> {
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
  const reached = new Map<string, Address>()
  const bootstrap$ = concat(...world.settings.bootstrap.map((address) => defer(() => walkTo(address, world, reached))))
  return concat(
    bootstrap$,
    defer(() => [...reached.values()].slice(0, 1)).pipe(
      switchMap((first) => cluster({ world, topic, first, reached: new Set(reached.keys()) })),
    ),
  )
}

function walkTo(address: Address, world: World, reached: Map<string, Address>): Observable<Finding> {
  let all = true
  return walk(address, world).pipe(
    tap({
      next: ({ type }) => (all &&= type === 'passed'),
      complete: () => {
        if (all) reached.set(textOf(address), address)
      },
    }),
  )
}

interface Entrance {
  readonly world: World
  readonly topic: string | undefined
  /** The address that the cluster is asked at. */
  readonly first: Address
  readonly reached: ReadonlySet<string>
}

function cluster({ world, topic, first, reached }: Entrance): Observable<Finding> {
  const target = textOf(first)
  return metadataFrom(first, topic, world).pipe(
    switchMap((response) => {
      const problem = problemWith(response)
      if (problem !== undefined) return throwError(() => problem)
      const described: Finding = { type: 'passed', step: 'metadata', target, says: description(response) }
      return concat(of(described), brokersAndTopic(response, { world, topic, first, reached }))
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

function brokersAndTopic(response: MetadataResponse, { world, topic, reached }: Entrance): Observable<Finding> {
  const unreachable = new Set<number>()
  const byName = new Map(response.brokers.map((broker) => [nameOf(broker), broker.nodeId]))
  return concat(
    listeners(response.brokers, reached, world).pipe(
      tap(({ type, target }) => {
        const node = byName.get(target)
        if (type === 'failed' && node !== undefined) unreachable.add(node)
      }),
    ),
    topic === undefined ? [] : defer(() => of(topicFinding(topic, response, unreachable))),
  )
}

const resolver: Lookup = (host) =>
  defer(() => from(lookupName(host, { all: true }))).pipe(
    map((found) => found.map(({ address }) => address)),
    catchError((cause: unknown) => throwError(() => new ConnectError(`The name ${host} is not known here: ${textOfError(cause)}`, cause))),
  )
