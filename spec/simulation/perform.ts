/** Does what a step says. A step that cannot be done, because an earlier one has made it impossible, is left out. */
import { ErrorCode } from '../../lib/generated/error-codes'
import type { ErrorName } from '../../lib/generated/error-codes'
import type { Fault, Ordered } from '../../lib/testing/faults/fault'
import type { FaultyApi } from '../../lib/testing/faults/where'
import { recordsOf } from './logs'
import { isOrdered } from './plan'
import type { Action, FaultAction, LoadAction } from './plan'
import { idsIn, instead, noted } from './wire-watch'
import type { World } from './world'

export function perform(action: Action, world: World): void {
  try {
    actions[action.do](action as never, world)
  } catch (error) {
    // What the cluster says of topics, leaders and brokers that are not there.
    if (!(error instanceof RangeError)) throw error
    world.seen.count('steps left out')
  }
}

type Performer<D extends Action['do']> = (action: Extract<Action, { do: D }>, world: World) => void

const load = {
  send: (burst, { streams }) => streams[burst.stream].send(burst),
  complete: ({ stream }, { streams }) => streams[stream].complete(),
  break: ({ stream }, { streams }) => streams[stream].break(),
  unsubscribe: ({ stream }, { streams, fates, seen }) => {
    const owed = streams[stream].isOpen && fates.all.some((sent) => sent.stream === stream && sent.told.length === 0)
    if (owed) seen.count('unsubscribed while records were unsettled')
    streams[stream].unsubscribe()
  },
  flush: (_, world) => flush(world),
  close: ({ timeout }, world) => close(world, timeout),
} satisfies { [D in LoadAction['do']]: Performer<D> }

export function flush({ kafka, flushes, fates, seen, plan, time }: World): void {
  const flushing: World['flushes'][number] = { records: fates.all.length }
  flushes.push(flushing)
  if (fates.unsettled > 0) seen.count('flushed while records were unsettled')
  kafka.flush().subscribe({
    complete: () => {
      flushing.endedAt = time.now
      // What is told in the order of its stream may be told behind this, in the same moment.
      const left = fates.all.slice(0, flushing.records).filter(({ told, stream }) => told.length === 0 && !isOrdered(plan, stream))
      if (left.length > 0) seen.problems.push({ promise: 'a flush ends when all before it is settled', detail: `${left[0].id} was not` })
    },
  })
}

export function close({ kafka, closes, fates, time, seen }: World, timeout: number): void {
  const closing: World['closes'][number] = { at: time.now, timeout, unsettled: fates.unsettled }
  closes.push(closing)
  if (fates.unsettled > 0) seen.count('closed while records were unsettled')
  kafka.close({ timeout }).subscribe((report) => Object.assign(closing, { report, reportedAt: time.now }))
}

const broker: Performer<'broker'> = ({ act, broker: id }, { cluster, seen }) => {
  const one = cluster.broker(id)
  const before = one.status
  one[act]()
  if (act === 'start' || act === 'resume' || act === 'heal') return
  if (one.status !== before || !['stop', 'kill', 'pause'].includes(act)) seen.count(`fault ${act}`)
}

const faults = {
  broker,
  slow: ({ broker: id, latency, rate, chunk }, { cluster, seen }) => {
    cluster.broker(id).slow({ latency, rate, chunk })
    seen.count('fault slow')
  },
  elect: (action, world) => elect(action, world),
  shrinkIsr: ({ topic, partition }, { cluster, seen }) => {
    const leader = cluster.leaderOf(topic, partition)
    cluster.shrinkIsr(topic, partition, leader === undefined ? [] : [leader])
    seen.count('fault shrinkIsr')
  },
  restoreIsr: ({ topic, partition }, { cluster, seen }) => {
    cluster.restoreIsr(topic, partition)
    seen.count('fault restoreIsr')
  },
  recreateTopic: ({ topic }, world) => over(topic, world, 'recreateTopic'),
  deleteTopic: ({ topic }, world) => over(topic, world, 'deleteTopic'),
  createTopic: ({ topic }, { cluster, plan, seen }) => {
    cluster.createTopic(topic, plan.cluster.topics[topic])
    seen.count('fault createTopic')
  },
  addPartitions: ({ topic }, { cluster, seen }) => {
    cluster.addPartitions(topic, 1)
    seen.count('fault addPartitions')
  },
  moveController: ({ broker: to }, { cluster, seen }) => {
    cluster.moveController(to)
    seen.count('fault moveController')
  },
  disturb: (action, world) => disturb(action, world),
  fail: ({ api, error, times, topic, partition }, { cluster, seen }) => {
    const where = { times, ...(topic !== undefined && { topic }), ...(partition !== undefined && { partition }) }
    seen.ordered(`fault fail ${api}`, cluster.next<FaultyApi>(api, where).fail(error as ErrorName))
  },
  failAfter: ({ error, times }, { cluster, seen }) => {
    const code = ErrorCode[error as ErrorName]
    seen.ordered(
      'fault fail after append',
      cluster.next('Produce', { times }).change((answer) => noted(instead(answer, code), seen)),
    )
  },
  lie: ({ lie, for: ms }, { cluster, seen }) => {
    const told = cluster[lie]()
    seen.ordered(`fault ${lie}`, told)
    cluster.after(ms, () => told.end())
  },
} satisfies { [D in FaultAction['do']]: Performer<D> }

const actions: { readonly [D in Action['do']]: Performer<D> } = { ...load, ...faults }

/** What the new leader does not have is lost, however well it had been acknowledged: that is what such an election is. */
const elect: Performer<'elect'> = ({ topic, partition, broker: leader }, { cluster, seen }) => {
  const held = (): ReadonlySet<string> =>
    new Set(recordsOf(cluster, topic).flatMap((record) => (record.partition === partition ? record.id : [])))
  const before = held()
  cluster.elect(topic, partition, leader)
  const after = held()
  for (const id of before) if (!after.has(id)) seen.lost.add(id)
  seen.count('fault elect')
}

function over(topic: string, { cluster, seen }: World, how: 'recreateTopic' | 'deleteTopic'): void {
  const records = recordsOf(cluster, topic)
  cluster[how](topic)
  seen.lives.push({ topic, isOver: true, records })
  seen.cuts.forget(topic)
  seen.count(`fault ${how}`)
}

type Disturbance = Extract<FaultAction, { do: 'disturb' }>

function disturb(action: Disturbance, { cluster, seen }: World): void {
  const { api, kind, times, broker: node } = action
  const where = { times, ...(node !== undefined && { node }), ...(kind === 'corrupt' && { where: tainting(seen) }) }
  seen.ordered(`fault ${kind}`, order(cluster.next<FaultyApi>(api, where), action))
}

function order(fault: Fault<FaultyApi>, { kind, by }: Disturbance): Ordered {
  switch (kind) {
    case 'drop':
    case 'loseAnswer':
    case 'cutBefore':
    case 'cutAfter':
    case 'cutAfterAnswer':
      return fault[kind]()
    default:
      return fault[kind](by)
  }
}

/** Takes any request, and notes whose answer will not be what the broker said. */
const tainting =
  (seen: World['seen']) =>
  (request: unknown): boolean => {
    if (typeof request !== 'object' || request === null || !('topicData' in request)) seen.misled = true
    else {
      seen.silenced = true
      for (const id of idsIn(request as Parameters<typeof idsIn>[0])) seen.tainted.add(id)
    }
    return true
  }
