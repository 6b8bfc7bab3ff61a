import { clockOf } from '../../../lib/time'
import { FetchSessions } from '../../../lib/testing/state/fetch-sessions'
import { virtualTime } from '../../../lib/testing/virtual-time'

const empty = () => ({ partitions: new Map(), usesTopicIds: false })

function sessionsAt() {
  const time = virtualTime()
  return { time, sessions: new FetchSessions(clockOf(time.scheduler)) }
}

describe('FetchSessions', () => {
  it('gives every session an id of its own', () => {
    const { sessions } = sessionsAt()
    const ids = Array.from({ length: 1000 }, () => sessions.open(empty())?.id ?? 0)
    expect(new Set(ids).size).toBe(1000)
    expect(Math.min(...ids)).toBeGreaterThan(0)
  })

  it('has no room for more than a thousand, unless one was not used for two minutes', () => {
    const { sessions, time } = sessionsAt()
    const [oldest, ...others] = Array.from({ length: 1000 }, () => sessions.open(empty()))
    expect(sessions.open(empty())).toBeUndefined()
    time.advance(60_000)
    for (const each of others) if (each !== undefined) sessions.use(each)
    time.advance(59_999)
    expect(sessions.open(empty())).toBeUndefined()
    time.advance(1)
    expect(sessions.open(empty())).toBeDefined()
    expect(sessions.find(oldest?.id ?? 0)).toBeUndefined()
    expect(sessions.open(empty())).toBeUndefined()
  })

  it('counts the requests of a session, and begins again at 1', () => {
    const { sessions } = sessionsAt()
    const session = sessions.open(empty())
    if (session === undefined) throw new Error('There is no room')
    sessions.use(session)
    expect(session.epoch).toBe(2)
    session.epoch = 2 ** 31 - 1
    sessions.use(session)
    expect(session.epoch).toBe(1)
  })
})
