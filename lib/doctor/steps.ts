/** The way to one address, a step at a time: what is done, and what to try when it fails. */
import { catchError, map, of, take, throwError } from 'rxjs'
import type { Observable } from 'rxjs'
import { SOFTWARE } from '../cluster/connect'
import { ConnectError, KafkaError, textOf as textOfError } from '../errors'
import { ProduceRequest } from '../generated/messages/ProduceRequest'
import { openConnection } from '../network/connection'
import type { Connection } from '../network/connection'
import type { SaslMechanism } from '../network/sasl/mechanism'
import { tcp } from '../network/tcp'
import { tls } from '../network/tls'
import type { Address, Transport } from '../network/transport'
import type { StepName } from './finding'
import { within } from './within'
import type { World } from './world'

export interface Step {
  readonly name: StepName
  readonly applies: (world: World) => boolean
  /** Emits once what was found. */
  readonly run: (address: Address, world: World) => Observable<string>
  /** Emits once what to try next; it may look once more for that. */
  readonly hint: (address: Address, error: KafkaError, world: World) => Observable<string>
}

/** A transport of one's own knows no names and no TCP. */
const overTcp = ({ config }: World): boolean => config.transport === undefined
const always = (): boolean => true

export const STEPS: readonly Step[] = [
  {
    name: 'name',
    applies: overTcp,
    run: resolved,
    hint: ({ host }) =>
      of(
        `Is the name spelt right? Ask this machine: getent hosts ${host}. A name of a container or of a private network is known only there.`,
      ),
  },
  {
    name: 'TCP',
    applies: overTcp,
    run: (address, world) => reached(tcp(), address, world),
    hint: ({ host, port }, { message }) => of(message.includes('ECONNREFUSED') ? nobodyListens(port) : noAnswer(host, port)),
  },
  {
    name: 'TLS',
    applies: ({ config: { tls, transport } }) => transport === undefined && tls !== undefined && tls !== false,
    run: (address, world) => reached(world.settings.transport, address, world),
    hint: ({ host, port }) =>
      of(`See what the broker shows: openssl s_client -connect ${host}:${String(port)} -servername ${host} -showcerts`),
  },
  {
    name: 'protocol',
    applies: always,
    run: (address, world) =>
      connection(address, world).pipe(
        map((opened) => `a broker of Kafka: Produce ${String(opened.versionOf(PRODUCE))}`),
        take(1),
      ),
    hint: (address, _error, world) => speaksTls(address, world).pipe(map((yes) => (yes ? SPEAKS_TLS : WHICH_LISTENER))),
  },
  {
    name: 'login',
    applies: ({ settings }) => settings.sasl !== undefined,
    run: (address, world) =>
      connected(address, world).pipe(
        map(() => `let in by ${mechanismIn(world)}`),
        take(1),
      ),
    hint: () =>
      of('Which mechanisms does the listener offer (sasl.enabled.mechanisms)? The log of the broker says more than it tells clients.'),
  },
]

function resolved({ host }: Address, world: World): Observable<string> {
  const unknown = (cause?: unknown): KafkaError =>
    new ConnectError(`The name ${host} is not known here: ${cause === undefined ? 'no answer' : textOfError(cause)}`, cause)
  return within(world.lookup(host), limitOf(world, unknown)).pipe(
    map((addresses) => (addresses.includes(host) ? 'is an address' : addresses.join(', '))),
    catchError((error: unknown) => throwError(() => (error instanceof KafkaError ? error : unknown(error)))),
  )
}

const PRODUCE = { request: ProduceRequest }

const noAnswer = (host: string, port: number): string =>
  `Does a firewall, a security group or a missing route stand between? Try: nc -vz ${host} ${String(port)}`

const nobodyListens = (port: number): string =>
  `The machine is there, but nobody listens on port ${String(port)}: is the broker running, and is it this port (listeners)?`

const SPEAKS_TLS = 'This listener speaks TLS, and was spoken to without: set security.protocol=SSL or SASL_SSL in the file of --config.'
const WHICH_LISTENER =
  'Which listener has this port? The broker says it in listeners and listener.security.protocol.map. Is it a broker of Kafka 2.1 or newer?'

/** Brokers hang up on who comes without TLS, and do not say why: it is found out by trying. Whom they trust does not matter for that. */
function speaksTls(address: Address, world: World): Observable<boolean> {
  const { tls: given, transport } = world.config
  if (transport !== undefined || (given !== undefined && given !== false)) return of(false)
  return reached(tls({ rejectUnauthorized: false, checkServerIdentity: false }), address, world).pipe(
    map(() => true),
    catchError(() => of(false)),
  )
}

const mechanismIn = ({ config: { sasl } }: World): string =>
  typeof sasl?.mechanism === 'string' ? sasl.mechanism : 'a mechanism of your own'

/** Logged in, if that is asked for; closed by unsubscribing. */
export const connected = (address: Address, world: World): Observable<Connection> =>
  connection(address, world, world.settings.sasl?.(world.clock))

const connection = (address: Address, { settings, clock, meant }: World, sasl?: SaslMechanism): Observable<Connection> => {
  const { transport, clientId, requestTimeout, connectionSetupTimeout: connectTimeout } = settings
  return openConnection(address, { transport, clock, clientId, requestTimeout, connectTimeout, sasl, meant, software: SOFTWARE })
}

function reached(transport: Transport, address: Address, world: World): Observable<string> {
  const begin = world.clock.now()
  const late = (): KafkaError =>
    new ConnectError(`No connection to ${textOf(address)} within ${String(world.settings.connectionSetupTimeout)} ms`)
  return within(transport.connect(address), limitOf(world, late)).pipe(
    map((socket) => {
      socket.close()
      return `connected in ${String(Math.ceil(world.clock.now() - begin))} ms`
    }),
  )
}

const limitOf = ({ clock, settings }: World, late: () => Error) => ({ clock, limit: settings.connectionSetupTimeout, late })

export const textOf = ({ host, port }: Address): string => (host.includes(':') ? `[${host}]:${String(port)}` : `${host}:${String(port)}`)
