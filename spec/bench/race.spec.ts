import { CASES } from '../../bench/cases'
import type { Job, Outcome } from '../../bench/job'
import { race } from '../../bench/race'
import type { Candidate, Track } from '../../bench/race'
import { outcome } from './outcomes'

const [one] = CASES

/** Remembers who ran on which topic, and which topics there are. */
const track = (rounds: number) => {
  const topics = new Set<string>()
  const runs: string[] = []
  const said: string[] = []
  const harness: Track['harness'] = {
    createTopic: ({ topic }) => Promise.resolve(void topics.add(topic)),
    deleteTopic: (topic) => Promise.resolve(void topics.delete(topic)),
  }
  const client = (name: Candidate['name'], run: (job: Job) => Promise<Outcome>): Candidate => {
    const noted = (job: Job) => {
      runs.push(name)
      if (topics.size !== 1 || !topics.has(job.topic)) throw new Error(`there are ${topics.size} topics`)
      return run(job)
    }
    return { name, title: name, share: 0.5, ready: { version: `${name} 1.0`, run: noted } }
  }
  const start = (...candidates: readonly Candidate[]) => {
    if (!one) throw new Error('there is no case')
    const say = (line: string) => void said.push(line)
    return race({ bootstrap: 'h:1', harness, payloads: 'f', rounds, say }, one, candidates)
  }
  return { topics, runs, said, client, start }
}

describe('clients in turns', () => {
  it('run once in each round, another first each time, and each has a fresh topic that is gone after it', async () => {
    const { client, start, runs, topics } = track(3)
    const good = () => Promise.resolve(outcome(1))
    const parts = await start(client('kafkarx', good), client('java', good))
    expect(runs).toEqual(['kafkarx', 'java', 'java', 'kafkarx', 'kafkarx', 'java'])
    expect(parts).toEqual([
      { client: 'kafkarx', version: 'kafkarx 1.0', outcomes: [outcome(1), outcome(1), outcome(1)] },
      { client: 'java', version: 'java 1.0', outcomes: [outcome(1), outcome(1), outcome(1)] },
    ])
    expect(topics.size).toBe(0)
  })

  it('are asked for their share of the records', async () => {
    const { client, start } = track(1)
    const jobs: Job[] = []
    await start(client('java', (job) => (jobs.push(job), Promise.resolve(outcome(1)))))
    expect(jobs).toMatchObject([{ records: (one?.records ?? NaN) / 2, bootstrap: 'h:1', payloads: 'f' }])
  })

  it('that fail are not tried again; what they came to before is kept with the reason, and their topic is gone too', async () => {
    const { client, start, runs, topics } = track(3)
    let run = 0
    const parts = await start(
      client('kafkajs', () => (++run === 2 ? Promise.reject(new Error('lock\nat …')) : Promise.resolve(outcome(1)))),
    )
    expect(runs).toEqual(['kafkajs', 'kafkajs'])
    expect(parts).toEqual([{ client: 'kafkajs', version: 'kafkajs 1.0', outcomes: [outcome(1)], reason: 'lock' }])
    expect(topics.size).toBe(0)
  })

  it('that have taken more than a minute get no further round', async () => {
    const { client, start, runs } = track(4)
    await start(client('platformatic', () => Promise.resolve(outcome(31))))
    expect(runs).toEqual(['platformatic', 'platformatic'])
  })

  it('are not blamed for a broker that makes no topic: that is tried again, and then ends it all', async () => {
    const { client } = track(1)
    let asked = 0
    const createTopic = () => Promise.reject(new Error(`no ${String(++asked)}`))
    const harness = { createTopic, deleteTopic: () => Promise.resolve() }
    const candidate = client('kafkarx', () => Promise.resolve(outcome(1)))
    if (!one) throw new Error('there is no case')
    const racing = race({ bootstrap: 'h:1', harness, payloads: 'f', rounds: 1, say: () => undefined }, one, [candidate])
    await expect(racing).rejects.toThrow('the broker makes no topic: no 3')
  })

  it('that are absent are told with the reason', async () => {
    const { start, said } = track(2)
    const parts = await start({ name: 'confluent', title: 'confluent', share: 1, reason: 'no compiler' })
    expect(parts).toEqual([{ client: 'confluent', version: '', outcomes: [], reason: 'no compiler' }])
    expect(said).toEqual([])
  })

  it('are told of as they run', async () => {
    const { client, start, said } = track(1)
    await start(client('kafkarx', () => Promise.resolve(outcome(2))))
    expect(said).toEqual(['bulk-100, round 1, kafkarx: 500,000 records/s, 2.00 CPU s/M'])
  })
})
