import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import type { Order, Recording, Told } from './order'

/** Microseconds between two looks at the stack. */
const SAMPLE_EVERY = 250
/** Bytes between two allocations that are looked at. */
const SAMPLE_BYTES = 16 * 1024

/** What is compiled while nobody looks does not know which function its parts came from: all would be said of the outermost. */
const PREPARE: Readonly<Record<Recording, (session: Session) => void>> = {
  cpu: (session) => {
    session.post('Profiler.enable')
    session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY })
    session.post('Profiler.start')
  },
  allocations: () => undefined,
  nothing: () => undefined,
}

const START: Readonly<Record<Recording, (session: Session) => void>> = {
  cpu: (session) => {
    session.post('Profiler.stop')
    session.post('Profiler.start')
  },
  // Also what has been collected since: it is what was allocated that costs, not what is left of it.
  allocations: (session) => {
    const all = { includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }
    session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLE_BYTES, ...all })
  },
  nothing: () => undefined,
}

const STOP: Readonly<Record<Recording, (session: Session, keep: (profile: object) => void) => void>> = {
  cpu: (session, keep) => session.post('Profiler.stop', (_, { profile }) => keep(profile)),
  allocations: (session, keep) => session.post('HeapProfiler.stopSampling', (_, { profile }) => keep(profile)),
  nothing: () => undefined,
}

export interface Recorder {
  start(): void
  stop(): Told
}

/** Looks at this process from within, from `start` to `stop`; both return when it is done. To be made before anything is warm. */
export function recorder({ recording, file }: Order): Recorder {
  const session = new Session()
  session.connect()
  PREPARE[recording](session)
  let began = 0
  let cpu = process.cpuUsage()
  return {
    start: () => {
      START[recording](session)
      began = performance.now()
      cpu = process.cpuUsage()
    },
    stop: () => {
      const { user, system } = process.cpuUsage(cpu)
      const seconds = (performance.now() - began) / 1000
      STOP[recording](session, (profile) => writeFileSync(file, JSON.stringify(profile)))
      session.disconnect()
      return { seconds, userSeconds: user / 1e6, kernelSeconds: system / 1e6 }
    },
  }
}
