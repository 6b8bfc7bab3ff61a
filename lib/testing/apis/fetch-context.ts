/** Which partitions a Fetch is about, and which of them its answer tells about (KIP-227). */
import { ErrorCode } from '../../generated/error-codes'
import type { FetchPartition, FetchRequest } from '../../generated/messages/FetchRequest'
import { NOTHING_TOLD, targetKey } from '../state/fetch-sessions'
import type { Cached, FetchSession, FetchSessions, FetchTarget, Told } from '../state/fetch-sessions'
import { sizeOfRecords } from './fetch-read'
import type { FetchedData } from './fetch-read'

/** From this version on a topic is named by its id. */
const BY_ID = 13
const NO_SESSION = 0
/** Every negative number says that the client knows none. */
const NO_EPOCH = -1
/** The client wants a new session. */
const INITIAL_EPOCH = 0
/** The client wants none. */
const FINAL_EPOCH = -1

/** A partition of the answer, with what was asked of it. */
export interface Fetched {
  readonly target: FetchTarget
  readonly data: FetchedData
}

export interface SessionAnswer {
  readonly errorCode: number
  readonly sessionId: number
  readonly fetched: readonly Fetched[]
}

export interface FetchContext {
  readonly targets: readonly FetchTarget[]
  /** Given what was found for each target. */
  answer(fetched: readonly Fetched[]): SessionAnswer
}

export function fetchContextOf(request: FetchRequest, version: number, sessions: FetchSessions): FetchContext {
  const { sessionId, sessionEpoch } = request
  const targets = targetsOf(request)
  if (sessionEpoch !== INITIAL_EPOCH && sessionEpoch !== FINAL_EPOCH) return incremental(request, version, sessions)
  sessions.remove(sessionId)
  return sessionEpoch === FINAL_EPOCH ? sessionless(targets) : full(targets, version, sessions)
}

/** A partition that is named twice counts once, with what is said last. */
function targetsOf({ topics }: FetchRequest): readonly FetchTarget[] {
  const targets = new Map<string, FetchTarget>()
  for (const { topic: name, topicId, partitions } of topics) {
    for (const partition of partitions) {
      const target = targetOf(name, topicId, partition)
      targets.set(targetKey(target), target)
    }
  }
  return [...targets.values()]
}

const targetOf = (name: string, topicId: string, asked: FetchPartition): FetchTarget => ({
  name,
  topicId,
  index: asked.partition,
  fetchOffset: asked.fetchOffset,
  maxBytes: asked.partitionMaxBytes,
  currentLeaderEpoch: knownEpoch(asked.currentLeaderEpoch),
  lastFetchedEpoch: knownEpoch(asked.lastFetchedEpoch),
})

const knownEpoch = (epoch: number): number => Math.max(epoch, NO_EPOCH)

const sessionless = (targets: readonly FetchTarget[]): FetchContext => ({
  targets,
  answer: (fetched) => ({ errorCode: ErrorCode.NONE, sessionId: NO_SESSION, fetched }),
})

const refused = (errorCode: number): FetchContext => ({
  targets: [],
  answer: () => ({ errorCode, sessionId: NO_SESSION, fetched: [] }),
})

/** The session begins with its answer. */
const full = (targets: readonly FetchTarget[], version: number, sessions: FetchSessions): FetchContext => ({
  targets,
  answer: (fetched) => {
    const partitions = new Map(fetched.map(({ target, data }): [string, Cached] => [targetKey(target), { target, told: toldBy(data) }]))
    const session = sessions.open({ partitions, usesTopicIds: version >= BY_ID })
    return { errorCode: ErrorCode.NONE, sessionId: session?.id ?? NO_SESSION, fetched }
  },
})

function incremental(request: FetchRequest, version: number, sessions: FetchSessions): FetchContext {
  const { sessionId, sessionEpoch, forgottenTopicsData } = request
  const session = sessions.find(sessionId)
  if (session === undefined) return refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
  if (session.epoch !== sessionEpoch) return refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH)
  if (session.usesTopicIds !== version >= BY_ID) return refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
  const targets = targetsOf(request)
  session.update(
    targets,
    forgottenTopicsData.flatMap(({ topic: name, topicId, partitions }) => partitions.map((index) => targetKey({ name, topicId, index }))),
  )
  if (session.partitions.size === 0) {
    sessions.remove(sessionId)
    return sessionless(targets)
  }
  sessions.use(session)
  return within(session)
}

/** What is new goes into the answer; the session remembers that it was told. */
function within(session: FetchSession): FetchContext {
  const { id, epoch } = session
  return {
    targets: [...session.partitions.values()].map(({ target }) => target),
    answer: (fetched) => {
      // The same session was used again before this answer was there.
      if (session.epoch !== epoch) return { errorCode: ErrorCode.INVALID_FETCH_SESSION_EPOCH, sessionId: id, fetched: [] }
      const news = fetched.filter((each) => isNews(each, session))
      for (const { target, data } of news) session.tell(targetKey(target), toldBy(data), sizeOfRecords(data) > 0 ? 'records' : 'nothing')
      return { errorCode: ErrorCode.NONE, sessionId: id, fetched: news }
    },
  }
}

function isNews({ target, data }: Fetched, { partitions }: FetchSession): boolean {
  const { highWatermark, logStartOffset } = partitions.get(targetKey(target))?.told ?? NOTHING_TOLD
  return (
    sizeOfRecords(data) > 0 ||
    data.errorCode !== ErrorCode.NONE ||
    data.divergingEpoch !== undefined ||
    data.highWatermark !== highWatermark ||
    data.logStartOffset !== logStartOffset
  )
}

/** An error is told again until it is gone, and then the partition as well. */
const toldBy = ({ errorCode, highWatermark, logStartOffset = -1n }: FetchedData): Told => ({
  highWatermark: errorCode === ErrorCode.NONE ? highWatermark : NOTHING_TOLD.highWatermark,
  logStartOffset,
})
