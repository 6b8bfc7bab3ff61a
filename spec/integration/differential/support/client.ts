/** A client that asks both sides the same and has their answers compared. */
import { ApiVersionsRequest } from '../../../../lib/generated/messages/ApiVersionsRequest'
import type { ApiName } from '../../../../lib/generated/apis'
import { RequestHeader } from '../../../../lib/generated/messages/RequestHeader'
import { ResponseHeader } from '../../../../lib/generated/messages/ResponseHeader'
import { apiName } from '../../../../lib/protocol/api'
import type { Api } from '../../../../lib/protocol/api'
import { encodeRequest } from '../../../../lib/protocol/envelope'
import { Reader } from '../../../../lib/wire/reader'
import { Writer } from '../../../../lib/wire/writer'
import type { Judge } from './judge'
import { openLane } from './lane'
import type { Heard, Lane, Reach } from './lane'
import { atSide, bothOf, mapPair, same } from './pair'
import type { At, Pair, SideName } from './pair'
import { fitting, shapeOf } from './shapes'
import { leavesOf } from './walk'
import type { Fields, Leaf } from './walk'

/** The same for both sides, or made for each with what was learnt from its own answers. */
export type Request<Q> = Q | ((at: At) => Q)

export interface AskOptions {
  /** How long an answer may take. */
  readonly withinMs?: number
  /** Says in reports what is special about the request. */
  readonly label?: string
}

export interface RawRequest {
  /** Names what the bytes are, in reports. */
  readonly api: ApiName
  readonly version: number
  readonly label: string
  /** All bytes of it, length included. */
  readonly bytes: Request<Uint8Array>
  /** How an answer is read; by default only its bytes are compared. */
  readonly decode?: Api<never, unknown>
  readonly withinMs?: number
}

export interface Client {
  /** What both answered; compared. Throws when one of them did not answer. Fields that the version lacks are left out of the request. */
  ask<Q, A>(api: Api<Q, A>, version: number, request: Request<Q>, options?: AskOptions): Promise<Pair<A>>
  /** As `ask`, where the end of the connection or silence may be the answer. */
  tell<Q, A>(api: Api<Q, A>, version: number, request: Request<Q>, options?: AskOptions): Promise<Pair<A | undefined>>
  /** Asks each side again and again until `done`, and compares the last answers. */
  until<Q, A>(api: Api<Q, A>, version: number, request: Request<Q>, done: (answer: A) => boolean): Promise<Pair<A>>
  /** Asks what is not answered (acks 0): whatever comes first must be the answer to the next request. */
  askInVain<Q, A>(api: Api<Q, A>, version: number, request: Request<Q>): Promise<void>
  /** Bytes as they are: whether an answer came, and which, or the end. On a connection of its own. */
  raw(request: RawRequest): Promise<void>
  close(): void
}

export interface ClientOptions {
  readonly scenario: string
  readonly reach: Pair<Reach>
  readonly judge: Judge
  readonly clientId?: string
}

type Outcome<A> =
  | { readonly type: 'answered'; readonly answer: A }
  | { readonly type: 'closed' | 'silent' | 'in vain' }
  | { readonly type: `unreadable: ${string}` }

const PATIENCE_MS = 8000
/** The controller, the coordinators and the broker's view of them agree after milliseconds. */
const UNTIL_MS = 10_000
/** A truncated request is waited for as long as its client likes. */
const SILENCE_MS = 400
const MOST_OF_A_REQUEST = 420

interface Question<Q, A> {
  readonly api: Api<Q, A>
  readonly version: number
  readonly request: Request<Q>
}

export function client(options: ClientOptions): Client {
  const { judge, scenario, clientId = 'differential' } = options
  const lanes: Partial<Record<SideName, Promise<Lane>>> = {}
  const nextId = { theirs: 0, ours: 0 }

  const laneOf = async (side: SideName): Promise<Lane> => {
    const present = await lanes[side]
    if (present?.open === true) return present
    const opened = openLane(options.reach[side])
    lanes[side] = opened
    return opened
  }

  const valueFor = <Q, A>({ api, version, request }: Question<Q, A>, side: SideName): Q =>
    fitting(typeof request === 'function' ? (request as (at: At) => Q)(atSide(side)) : request, api.request.name, version)

  const askSide = async <Q, A>(question: Question<Q, A>, side: SideName, withinMs = PATIENCE_MS): Promise<Outcome<A>> => {
    const { api, version } = question
    const correlationId = ++nextId[side]
    const chunks = encodeRequest(api.request, valueFor(question, side), version, { clientId, correlationId })
    const lane = await laneOf(side)
    lane.write(chunks)
    const heard = await lane.next(withinMs)
    // What comes too late must not be taken for the answer to the next.
    if (heard.type === 'silent') lane.close()
    return outcomeOf(heard, question, correlationId)
  }

  const compare = <Q, A>(question: Question<Q, A>, outcomes: Pair<Outcome<A>>, label = ''): Pair<A | undefined> => {
    const { api, version } = question
    const name = apiName(api.request) as ApiName
    const asked = { scenario, api: name, version, request: `${label} ${shortOf(valueFor(question, 'theirs'))}`.trim() }
    judge.answered(asked, leavesOfOutcomes(outcomes as Pair<Outcome<Fields>>, api.response.name, version))
    return mapPair(outcomes, answerOf)
  }

  const leavesOfOutcomes = (outcomes: Pair<Outcome<Fields>>, response: string, version: number): readonly Leaf[] => {
    const { theirs, ours } = mapPair(outcomes, answerOf)
    const keyOf = (path: string) => judge.keyOf(response.replace('Response', '') as ApiName, path)
    const leaves = theirs === undefined || ours === undefined ? [] : leavesOf({ theirs, ours }, shapeOf(response), { version, keyOf })
    return [outcomeLeaf(outcomes), ...leaves]
  }

  const tell: Client['tell'] = async (api, version, request, { withinMs, label } = {}) => {
    const question = { api, version, request }
    return compare(question, await bothOf(mapPair(same(0), (_, side) => askSide(question, side, withinMs))), label)
  }

  const ask: Client['ask'] = async (api, version, request, askOptions) =>
    answered(await tell(api, version, request, askOptions), `${apiName(api.request)} ${version}`)

  const until: Client['until'] = async <Q, A>(
    ...[api, version, request, done]: [Api<Q, A>, number, Request<Q>, (answer: A) => boolean]
  ) => {
    const question = { api, version, request }
    const untilDone = async (side: SideName): Promise<Outcome<A>> => {
      for (const deadline = Date.now() + UNTIL_MS; ; await pause(5)) {
        const outcome = await askSide(question, side)
        if (outcome.type !== 'answered' || done(outcome.answer) || Date.now() > deadline) return outcome
      }
    }
    const outcomes = await bothOf(mapPair(same(0), (_, side) => untilDone(side)))
    return answered(compare(question, outcomes), `${apiName(api.request)} ${version}`)
  }

  const inVain = async <Q, A>(question: Question<Q, A>, side: SideName): Promise<Outcome<A>> => {
    const [first, second] = [++nextId[side], ++nextId[side]]
    const { api, version } = question
    const chunks = encodeRequest(api.request, valueFor(question, side), version, { clientId, correlationId: first })
    const lane = await laneOf(side)
    lane.write([...chunks, ...encodeRequest(ApiVersionsRequest, ApiVersionsRequest.create(), 0, { clientId, correlationId: second })])
    const heard = await lane.next(PATIENCE_MS)
    if (heard.type === 'frame' && new Reader(heard.frame).int32() === second) return { type: 'in vain' }
    return outcomeOf(heard, question, first)
  }

  const raw: Client['raw'] = async ({ bytes, decode, label, api, version, withinMs = SILENCE_MS }) => {
    const heardBy = async (side: SideName): Promise<Heard> => {
      const lane = await laneOf(side)
      lane.write([typeof bytes === 'function' ? bytes(atSide(side)) : bytes])
      const heard = await lane.next(withinMs)
      lane.close()
      return heard
    }
    const heard = await bothOf(mapPair(same(0), (_, side) => heardBy(side)))
    const asked = { scenario, api, version, request: label }
    if (decode === undefined) return judge.answered(asked, [{ path: OUTCOME, where: OUTCOME, ...mapPair(heard, hexOf) }])
    const outcomes = mapPair(heard, (each) => outcomeOf(each, { api: decode, version }, 1))
    judge.answered(asked, leavesOfOutcomes(outcomes as Pair<Outcome<Fields>>, decode.response.name, version))
  }

  return {
    ask,
    tell,
    until,
    askInVain: async (api, version, request) => {
      const question = { api, version, request }
      compare(question, await bothOf(mapPair(same(0), (_, side) => inVain(question, side))))
    },
    raw,
    close: () => {
      for (const lane of Object.values(lanes)) void lane.then((each) => each.close())
    },
  }
}

const OUTCOME = '(outcome)'

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const outcomeLeaf = <A>({ theirs, ours }: Pair<Outcome<A>>): Leaf => ({
  path: OUTCOME,
  where: OUTCOME,
  theirs: theirs.type,
  ours: ours.type,
})

const hexOf = (heard: Heard): string => (heard.type === 'frame' ? `answered ${Buffer.from(heard.frame).toString('hex')}` : heard.type)

const answerOf = <A>(outcome: Outcome<A>): A | undefined => (outcome.type === 'answered' ? outcome.answer : undefined)

function answered<A>({ theirs, ours }: Pair<A | undefined>, what: string): Pair<A> {
  if (theirs === undefined) throw new Unanswered(`Kafka did not answer ${what}`)
  if (ours === undefined) throw new Unanswered(`The cluster in the process did not answer ${what}`)
  return { theirs, ours }
}

/** The scenario cannot go on; what was compared until then counts. */
export class Unanswered extends Error {}

/** Decoded to its last byte, or why it could not be. */
function outcomeOf<Q, A>(heard: Heard, { api, version }: Pick<Question<Q, A>, 'api' | 'version'>, correlationId: number): Outcome<A> {
  if (heard.type !== 'frame') return heard
  const reader = new Reader(heard.frame)
  try {
    const header = ResponseHeader.read(reader, api.response.headerVersion(version))
    if (header.correlationId !== correlationId) return { type: `unreadable: it answers ${header.correlationId} and not ${correlationId}` }
    const answer = api.response.read(reader, version)
    reader.finish(api.response.name)
    return { type: 'answered', answer }
  } catch (error) {
    return { type: `unreadable: ${String(error)}` }
  }
}

function shortOf(request: unknown): string {
  const text = JSON.stringify(request, (_, value: unknown) => {
    if (typeof value === 'bigint') return Number(value)
    return value instanceof Uint8Array ? `<${value.length} bytes>` : value
  })
  return text.length <= MOST_OF_A_REQUEST ? text : `${text.slice(0, MOST_OF_A_REQUEST)}…`
}

/** A request as bytes that may then be damaged. */
export function framed<Q>({ request }: Pick<Api<Q, never>, 'request'>, version: number, value: Q): Uint8Array {
  return Buffer.concat(encodeRequest(request, value, version, { clientId: 'differential', correlationId: 1 }))
}

/** A frame that begins with a header of the given version and goes on with any bytes. */
export function rawFrame(
  header: { readonly apiKey: number; readonly version: number; readonly headerVersion?: 1 | 2 },
  body = new Uint8Array(0),
): Uint8Array {
  const writer = new Writer()
  writer.int32(0)
  const fields = { requestApiKey: header.apiKey, requestApiVersion: header.version, correlationId: 1, clientId: 'differential' }
  RequestHeader.write(writer, fields, header.headerVersion ?? 1)
  writer.raw(body)
  const frame = Uint8Array.from(writer.finish())
  new DataView(frame.buffer).setInt32(0, frame.length - 4)
  return frame
}
