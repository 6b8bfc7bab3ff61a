/**
 * One client under measurement, in a process of its own: prints one line of JSON. bench/codecs/processes.ts compiles it with the files
 * that it imports, so that no loader is in its way.
 */
import type { Library } from './kafkarx-tasks'
import { kafkarxTasks } from './kafkarx-tasks'
import { kafkajsTasks } from './kafkajs-tasks'
import type { Order } from './order'
import type { Outcome } from './order'
import { platformaticTasks } from './platformatic-tasks'
import { digestOf } from './task'
import type { Task } from './task'
import { measure } from './timing'

const tasksOf = async ({ client, built, folder }: Order): Promise<readonly Task[]> => {
  // The path is known only here: the built library, as a user would find it.
  const library = (await import(built)) as Library
  if (client === 'kafkajs') return kafkajsTasks(library, folder)
  return client === 'platformatic' ? platformaticTasks(library, folder) : kafkarxTasks(library)
}

/** Each process begins with another task: who comes first finds the engine in another state than who comes last. */
const turned = (tasks: readonly Task[], by: number): readonly Task[] => {
  const start = by % tasks.length
  return [...tasks.slice(start), ...tasks.slice(0, start)]
}

const main = async (order: Order): Promise<Outcome> => {
  const outcome: Record<string, number | string> = {}
  for (const task of turned(await tasksOf(order), order.round)) {
    outcome[task.name] = order.pace === null ? digestOf(task.facts(await task.run())) : await measure(task, order.pace)
  }
  return outcome
}

main(JSON.parse(process.argv[2] ?? '') as Order).then(
  (outcome) => void process.stdout.write(`${JSON.stringify(outcome)}\n`),
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
