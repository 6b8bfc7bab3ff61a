/** Watches the process that it runs in: its event loop and its garbage collector. */
import { readFileSync } from 'node:fs'
import { createHistogram, monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { Collections, LoopDelay } from './load'

export interface Watch {
  /** What was since the last call, or the beginning. */
  take(): { readonly loop: LoopDelay; readonly collections: Collections }
  stop(): void
}

const NS = 1e6

/** What the main thread has run so far, in ns, where the system tells. */
const threadCpu = (): number => {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[0])
  } catch {
    return NaN
  }
}

/** The thread's own time between two turns of a timer of 1 ms. */
function watchCpu() {
  const histogram = createHistogram()
  let before = threadCpu()
  const timer = setInterval(() => {
    const now = threadCpu()
    if (now > before) histogram.record(now - before)
    before = now
  }, 1)
  return { histogram, stop: () => clearInterval(timer) }
}

function watchCollector() {
  let seen: Collections = { count: 0, totalMs: 0, longestMs: 0 }
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      seen = { count: seen.count + 1, totalMs: seen.totalMs + duration, longestMs: Math.max(seen.longestMs, duration) }
  })
  observer.observe({ entryTypes: ['gc'] })
  const take = (): Collections => {
    const taken = seen
    seen = { count: 0, totalMs: 0, longestMs: 0 }
    return taken
  }
  return { take, stop: () => observer.disconnect() }
}

export function watch(): Watch {
  const delays = monitorEventLoopDelay({ resolution: 1 })
  const cpu = watchCpu()
  const collector = watchCollector()
  delays.enable()
  const take = () => {
    const { histogram } = cpu
    const loop = {
      ...{ p50: delays.percentile(50) / NS, p99: delays.percentile(99) / NS, longest: delays.max / NS },
      ...{ cpuP99: histogram.percentile(99) / NS, cpuLongest: histogram.max / NS },
    }
    delays.reset()
    histogram.reset()
    return { loop, collections: collector.take() }
  }
  const stop = () => {
    delays.disable()
    cpu.stop()
    collector.stop()
  }
  return { take, stop }
}
