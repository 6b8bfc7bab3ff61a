/** What V8's two profilers say, summed by place. */

/** Where a sample was taken. */
export interface Place {
  readonly functionName: string
  readonly url: string
  readonly line: number
}

export interface Cost extends Place {
  /** Of what has no file, a call into the engine or the system: who called it. */
  readonly caller: Place | undefined
  /** Nanoseconds, or bytes. */
  readonly amount: number
}

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

export interface CpuProfile {
  readonly nodes: readonly CpuNode[]
  readonly samples: readonly number[]
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[]
}

interface CpuNode {
  readonly id: number
  readonly callFrame: CallFrame
  readonly children?: readonly number[]
}

export interface AllocationProfile {
  readonly head: AllocationNode
}

interface AllocationNode {
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly AllocationNode[]
}

/** A node of either profile. */
interface Frame {
  readonly callFrame: CallFrame
  readonly amount: number
  readonly children: readonly Frame[]
}

const placeOf = ({ functionName, url, lineNumber }: CallFrame): Place => ({ functionName, url, line: lineNumber + 1 })

/** The frames below, with the nearest place above each that has a file. */
function* withCallers(root: Frame): Iterable<Cost> {
  const open: (readonly [Frame, Place | undefined])[] = [[root, undefined]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [frame, above] = next
    const place = placeOf(frame.callFrame)
    yield { ...place, caller: place.url === '' ? above : undefined, amount: frame.amount }
    const nearest = place.url === '' ? above : place
    for (const child of frame.children) open.push([child, nearest])
  }
}

const keyOf = (place: Place | undefined): string => (place === undefined ? '' : `${place.url}:${place.line}:${place.functionName}`)

/** One entry a place, the largest first. */
const summed = (costs: Iterable<Cost>): readonly Cost[] => {
  const byPlace = new Map<string, Cost>()
  for (const cost of costs) {
    const key = `${keyOf(cost)} ${keyOf(cost.caller)}`
    byPlace.set(key, { ...cost, amount: cost.amount + (byPlace.get(key)?.amount ?? 0) })
  }
  return [...byPlace.values()].filter(({ amount }) => amount > 0).sort((a, b) => b.amount - a.amount)
}

/** A sample stands for the time until the next one. */
const nanoseconds = ({ samples, timeDeltas }: CpuProfile): ReadonlyMap<number, number> => {
  const times = new Map<number, number>()
  samples.forEach((id, i) => times.set(id, (times.get(id) ?? 0) + Math.max(0, timeDeltas[i + 1] ?? 0) * 1000))
  return times
}

const cpuFrames = (profile: CpuProfile): Frame => {
  const times = nanoseconds(profile)
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const frameOf = ({ id, callFrame, children = [] }: CpuNode): Frame => ({
    ...{ callFrame, amount: times.get(id) ?? 0 },
    children: children.flatMap((child) => nodes.get(child) ?? []).map(frameOf),
  })
  const [root] = profile.nodes
  if (root === undefined) throw new Error('the profile is empty')
  return frameOf(root)
}

const isIdle = ({ functionName, url }: Place): boolean => url === '' && functionName === '(idle)'

export interface CpuCosts {
  readonly busy: readonly Cost[]
  /** Nanoseconds of the wall that V8 counts as waiting for events; what libuv writes and reads meanwhile is in it. */
  readonly idle: number
}

export function cpuCosts(profile: CpuProfile): CpuCosts {
  const all = summed(withCallers(cpuFrames(profile)))
  return { busy: all.filter((cost) => !isIdle(cost)), idle: all.filter(isIdle).reduce((sum, { amount }) => sum + amount, 0) }
}

export function allocationCosts({ head }: AllocationProfile): readonly Cost[] {
  const frameOf = ({ callFrame, selfSize, children }: AllocationNode): Frame => ({
    callFrame,
    amount: selfSize,
    children: children.map(frameOf),
  })
  return summed(withCallers(frameOf(head)))
}
