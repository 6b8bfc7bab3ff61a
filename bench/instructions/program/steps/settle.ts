import type { Batch, Settlement } from '../../../../lib/batch/batch'
import type * as PoolFile from '../../../../lib/batch/buffer-pool'
import type * as SequencerFile from '../../../../lib/batch/sequencer'
import type * as AccumulateFile from '../../../../lib/pipeline/accumulate'
import type { ProduceAnswer } from '../../../../lib/pipeline/produce'
import type * as SettleFile from '../../../../lib/pipeline/settle'
import type * as TimeFile from '../../../../lib/time'
import { entrance } from '../entrance'
import type { Library } from '../library'
import { produceAnswer, TOPIC_ID, VERSION } from '../produce-messages'
import { countingOutlet, partitionedRecords, PARTITIONS, TOPIC } from '../records'
import { standingScheduler } from '../standing-scheduler'
import { expectDone } from '../step'
import type { Step } from '../step'

const nothing = (): void => undefined

/** Every answer is of another node, which leads as many partitions as the topic of the other steps has. */
const nodeOf = (partition: number): number => Math.floor(partition / PARTITIONS)

function sharedParts(library: Library) {
  const clock = library.load<typeof TimeFile>('time').clockOf(standingScheduler())
  const memory = new (library.load<typeof PoolFile>('batch/buffer-pool').BufferPool)(Infinity)
  const { unnumbered } = library.load<typeof SequencerFile>('batch/sequencer')
  const { createAccumulator } = library.load<typeof AccumulateFile>('pipeline/accumulate')
  const options = { leaderOf: (_: string, partition: number) => nodeOf(partition), linger: 0 }
  const parts = { clock, memory, deliveryTimeout: 120_000, sequencer: () => unnumbered }
  const next = partitionedRecords(countingOutlet())
  return { clock, memory, next, accumulator: createAccumulator<number>(options, parts) }
}

type Shared = ReturnType<typeof sharedParts>

/** A batch of one record for each partition of the node, all on their way. */
function answerFor(library: Library, { accumulator, next }: Shared, node: number): ProduceAnswer<number> {
  const first = node * PARTITIONS
  for (let partition = first; partition < first + PARTITIONS; partition++) {
    accumulator.append({ ...next(), partition, partitionCount: first + PARTITIONS }, 0)
  }
  const batches: readonly Batch<number>[] = accumulator.drain(node, 0)
  expectDone(batches.length, PARTITIONS)
  const outcome = { type: 'answered', version: VERSION, response: produceAnswer(library, first) } as const
  return { batches, topicNames: new Map([[TOPIC_ID, TOPIC]]), outcome }
}

const CALLBACKS = { refresh: nothing, learn: nothing, wake: nothing, report: nothing, fatal: nothing, hold: () => nothing }
const LIMITS = { retries: 10, retryBackoff: { initial: 100, max: 1000 }, deliveryTimeout: 120_000, givenUp: () => undefined }

/** So many answers share queues: with all of them in one, to get ready would take longer than to count. */
const TOGETHER = 25

/** What remains to be done for each answer. */
function readyAnswers(library: Library, delivered: () => void): (() => void)[] {
  const { settle } = library.load<typeof SettleFile>('pipeline/settle')
  const shared = sharedParts(library)
  const operator = settle<number>({ ...shared, ...CALLBACKS, ...LIMITS })
  const push = entrance<ProduceAnswer<number>, Settlement<number>>(operator, ({ type }) => {
    if (type === 'delivered') delivered()
  })
  const answers = Array.from({ length: TOGETHER }, (_, node) => answerFor(library, shared, node))
  return answers.map((answer) => () => push(answer))
}

/** Everything was delivered: what the answer says of each batch, and the place that it leaves. */
export const step: Step = {
  unit: 'answer',
  warmUp: 2_000,
  each: 200,
  open: (library, total) => {
    let delivered = 0
    const work = Array.from({ length: total / TOGETHER }, () => readyAnswers(library, () => void delivered++)).flat()
    let at = 0
    return (units) => {
      const before = delivered
      for (const settleOne of work.slice(at, (at += units))) settleOne()
      expectDone(delivered - before, units * PARTITIONS)
    }
  },
}
