import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { frameCutter } from './frame-cutter'

/** A request on its way. */
export interface PassingRequest {
  /** With its length, as all frames here. */
  readonly frame: Buffer
  readonly apiKey: number
}

/** An answer on its way, and what it answers. */
export interface PassingAnswer {
  readonly frame: Buffer
  readonly request: PassingRequest
}

/** What becomes of a frame. */
export type Passage =
  | { readonly type: 'pass' }
  | { readonly type: 'delay'; readonly ms: number }
  /** Something else passes. */
  | { readonly type: 'change'; readonly frame: Buffer }
  /** It passes never, and nobody hears of that. */
  | { readonly type: 'hold' }
  /** So many of its bytes pass; then the connection ends, by RST or by FIN. */
  | { readonly type: 'cut'; readonly at: number; readonly by: 'reset' | 'end' }

/** Decides about frames; without a function for them, they pass. */
export interface Meddler {
  readonly request?: (request: PassingRequest) => Passage
  readonly answer?: (answer: PassingAnswer) => Passage
}

/** Stands before a broker's plaintext listener and reads along. While the broker is down, its connections are reset. */
export interface Proxy {
  readonly port: number
  /** From now on; undefined: everything passes. */
  meddle(meddler: Meddler | undefined): void
  /** How many frames did not simply pass, since the last `meddle`. */
  readonly meddled: number
  /** How many connections the client itself ended, since the last `meddle`. */
  readonly hangUps: number
  /** Resets every connection. */
  resetAll(): void
  stop(): Promise<void>
}

const PASS: Passage = { type: 'pass' }
const HOST = '127.0.0.1'

const reset = (socket: Socket): void => void socket.resetAndDestroy()

interface State {
  meddler: Meddler
  meddled: number
  hangUps: number
}

/** Work in the order in which it came, each at its time at the earliest. */
const inOrder = () => {
  const waiting: { readonly at: number; readonly work: () => void }[] = []
  const serve = (): void => {
    for (let [first] = waiting; first; [first] = waiting) {
      const early = first.at - performance.now()
      if (early > 0) return void setTimeout(serve, Math.ceil(early))
      waiting.shift()
      first.work()
    }
  }
  return (ms: number, work: () => void): void => {
    const idle = waiting.length === 0
    waiting.push({ at: performance.now() + ms, work })
    if (idle) serve()
  }
}

/** Lets frames through one after the other: what is delayed holds up what comes behind it. */
const gate = (to: Socket, cut: (by: 'reset' | 'end') => void) => {
  const soon = inOrder()
  const write = (frame: Buffer): void => void (to.writable && to.write(frame))
  return (frame: Buffer, passage: Passage): void => {
    switch (passage.type) {
      case 'pass':
        return soon(0, () => write(frame))
      case 'delay':
        return soon(passage.ms, () => write(frame))
      case 'change':
        return soon(0, () => write(passage.frame))
      case 'hold':
        return
      case 'cut':
        return soon(0, () => {
          write(frame.subarray(0, passage.at))
          cut(passage.by)
        })
    }
  }
}

/** API key, API version and correlation id follow the length in every request; an answer begins with the last. */
const apiKeyOf = (request: Buffer): number => request.readInt16BE(4)
const correlationOf = { request: (frame: Buffer) => frame.readInt32BE(8), answer: (frame: Buffer) => frame.readInt32BE(4) }

const join = (client: Socket, broker: Socket, state: State): void => {
  const asked = new Map<number, PassingRequest>()
  const ends = {
    reset: () => reset(client),
    // What was written before still arrives.
    end: () => void client.end(),
  }
  const cut = (by: 'reset' | 'end'): void => {
    broker.destroy()
    ends[by]()
  }
  const judged = (passage: Passage): Passage => {
    if (passage.type !== 'pass') state.meddled++
    return passage
  }
  const toBroker = gate(broker, cut)
  const toClient = gate(client, cut)
  const requests = frameCutter((frame) => {
    const request = { frame, apiKey: apiKeyOf(frame) }
    asked.set(correlationOf.request(frame), request)
    toBroker(frame, judged(state.meddler.request?.(request) ?? PASS))
  })
  const answers = frameCutter((frame) => {
    const correlation = correlationOf.answer(frame)
    const request = asked.get(correlation)
    asked.delete(correlation)
    toClient(frame, request ? judged(state.meddler.answer?.({ frame, request }) ?? PASS) : PASS)
  })
  client.on('data', requests)
  broker.on('data', answers)
  client.on('end', () => {
    state.hangUps++
    broker.end()
  })
  broker.on('end', () => client.end())
  broker.on('error', () => reset(client))
  client.on('close', () => broker.destroy())
  broker.on('close', () => client.destroySoon())
}

/** Listens on a port of its own. */
export const startProxy = async (target: number): Promise<Proxy> => {
  const state: State = { meddler: {}, meddled: 0, hangUps: 0 }
  const clients = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client))
    // A reset by either side is told by 'close', which follows.
    client.on('error', () => undefined)
    join(client, connect({ port: target, host: HOST, noDelay: true }), state)
  }).listen(0, HOST)
  await once(server, 'listening')
  const resetAll = () => [...clients].forEach(reset)
  return {
    port: (server.address() as AddressInfo).port,
    meddle: (meddler = {}) => void Object.assign(state, { meddler, meddled: 0, hangUps: 0 }),
    get meddled() {
      return state.meddled
    },
    get hangUps() {
      return state.hangUps
    },
    resetAll,
    stop: async () => {
      resetAll()
      await once(server.close(), 'close')
    },
  }
}
