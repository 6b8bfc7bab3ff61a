/** Draws the whole history of a run from its seed. */
import { chanceOf } from './chance'
import { faultsOf } from './faults'
import { loadOf } from './load'
import type { Plan } from './plan'
import { clusterPlanOf, producerPlanOf, streamPlansOf } from './settings'

/** Milliseconds of virtual time in which things happen, and after which they may go on for a while before all is well. */
const SPANS = [300, 1000, 3000, 8000, 20_000] as const

/** The same seed gives the same plan, whatever was planned before. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed)
  const span = chance.pick(SPANS)
  const cluster = clusterPlanOf(chance)
  const producer = producerPlanOf(chance, cluster)
  const streams = streamPlansOf(chance)
  const topics = Object.keys(cluster.topics)
  const steps = [...loadOf(chance, { span, topics, streams: streams.length }), ...faultsOf(chance, { span, cluster, producer })]
  return {
    ...{ seed, cluster, producer, streams },
    steps: steps.sort((a, b) => a.at - b.at),
    quietAt: span + chance.pick([0, 500, 5000, 15_000]),
  }
}
