/** TLS: the transport to brokers that want it. Above it everything is as over TCP. */
import { isIP } from 'node:net'
import type { Socket as NetSocket } from 'node:net'
import { checkServerIdentity, connect, createSecureContext } from 'node:tls'
import type { ConnectionOptions, PeerCertificate, SecureContextOptions } from 'node:tls'
import { Observable, switchMap } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { ConfigError, textOf, TlsError } from '../errors'
import type { KafkaError } from '../errors'
import { dialler } from './dial'
import { readPems } from './pem'
import type { Pems } from './pem'
import { disconnectError, socketOver } from './tcp'
import { tlsErrorOf, tlsFailure } from './tls-failure'
import type { Address, Socket, Transport } from './transport'

/** How brokers are recognized, and how we show who we are. What is a `Pem` is PEM text, its bytes, or the path of a PEM file. */
export interface TlsOptions {
  /** Who is trusted to sign the brokers' certificates. Default: the authorities that Node trusts. */
  readonly ca?: Pems
  /** Our certificate with its chain, for brokers that ask for one. Needs `key`. Default: none. */
  readonly cert?: Pems
  /** The private key of `cert`. */
  readonly key?: Pems
  /** What opens `key` when it is encrypted. */
  readonly passphrase?: string
  /** The name that the brokers' certificates must have. Default: the host that is connected to. */
  readonly servername?: string
  /** False: any broker is believed, whoever signed its certificate; for tests only. Default true. */
  readonly rejectUnauthorized?: boolean
  /** False: the certificate may be for any name. Or what decides in the place of Node's own check: an Error refuses. Default true. */
  readonly checkServerIdentity?: boolean | ((host: string, certificate: PeerCertificate) => Error | undefined)
  /** Default `TLSv1.2`. */
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** Default `TLSv1.3`. */
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** Names of cipher suites as OpenSSL writes them. Default: Node's. */
  readonly ciphers?: string
}

const OLDEST = 'TLSv1.2'

/** Files that the options name are read for each connection, so that what is renewed is used from then on. */
export function tls(options: TlsOptions = {}): Transport {
  const dial = dialler()
  return {
    connect: (address) =>
      dial(address).pipe(switchMap((net) => new Observable<Socket>((subscriber) => secure(net, address, options, subscriber)))),
  }
}

/** The connected socket is ours from here on. */
function secure(net: NetSocket, address: Address, options: TlsOptions, subscriber: Subscriber<Socket>): () => void {
  let opened = false
  const failed = (cause: Error): void => subscriber.error(tlsFailure(cause, address))
  try {
    const socket = connect(connectionOptions(net, address, options))
    // What breaks the socket beneath is not told by the one over it, and would be thrown at the process if nobody listened.
    net.on('error', (cause) => socket.destroy(cause))
    socket.on('error', failed)
    socket.once('secureConnect', () => {
      opened = true
      const secured = socketOver(socket, address, brokenBy)
      socket.off('error', failed)
      subscriber.next(secured)
      subscriber.complete()
    })
  } catch (cause) {
    subscriber.error(new TlsError(`No TLS with ${address.host}:${String(address.port)}: ${textOf(cause)}`, 'failed', cause))
  }
  return () => {
    if (!opened) net.destroy()
  }
}

/** In TLS 1.3 a broker looks at our certificate when we hold the connection for open. */
function brokenBy(address: Address, cause: Error): KafkaError {
  const error = tlsErrorOf(cause, address)
  return error?.code === 'TLS_CLIENT_REFUSED' ? error : disconnectError(address, cause)
}

/** What is wrong with certificates and keys, as far as it can be told without a broker. */
export function contextProblems(options: TlsOptions): readonly string[] {
  try {
    createSecureContext(contextOf(options))
    return []
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [`tls: ${textOf(error)}`]
  }
}

function contextOf({ ca, cert, key, passphrase, ciphers, minVersion = OLDEST, maxVersion }: TlsOptions): SecureContextOptions {
  const pems = { ca: readPems('tls.ca', ca), cert: readPems('tls.cert', cert), key: readPems('tls.key', key) }
  const given = Object.fromEntries(Object.entries({ ...pems, passphrase, ciphers, maxVersion }).filter(([, value]) => value !== undefined))
  return { ...given, minVersion }
}

/** For an IP address no name is sent (RFC 6066), and Node compares it with the addresses in the certificate. */
function connectionOptions(net: NetSocket, { host }: Address, options: TlsOptions): ConnectionOptions {
  const { servername = isIP(host) === 0 ? host : '', rejectUnauthorized = true, checkServerIdentity: check = true } = options
  return {
    socket: net,
    host,
    servername,
    rejectUnauthorized,
    secureContext: createSecureContext(contextOf(options)),
    checkServerIdentity: typeof check === 'function' ? orRefused(check) : check ? checkServerIdentity : anybody,
  }
}

type Check = Extract<TlsOptions['checkServerIdentity'], (...all: never) => unknown>

/** What it throws Node would throw at the process. */
const orRefused =
  (check: Check): Check =>
  (host, certificate) => {
    try {
      return check(host, certificate)
    } catch (cause) {
      return cause instanceof Error ? cause : new Error(textOf(cause))
    }
  }

const anybody = (): undefined => undefined
