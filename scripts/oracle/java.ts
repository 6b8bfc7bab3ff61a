import { startJvm } from '../../kafka/jvm'
import { lineSplitter } from '../../kafka/lines'
import { fromJson, toJson } from './json'

/** Takes the lines that a command gives before its end. */
export type OnPart = (line: string) => void

/** Kafka's own classes, in a Java process that takes one command after another. */
export interface Java {
  ask(command: Readonly<Record<string, unknown>>, onPart?: OnPart): Promise<unknown>
  stop(): Promise<void>
}

interface Waiting {
  readonly onPart: OnPart
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

const settle = ({ resolve, reject }: Waiting, line: string): void => {
  const answer = fromJson(line) as { readonly result: unknown } | { readonly error: string }
  if ('error' in answer) reject(new Error(answer.error))
  else resolve(answer.result)
}

/** Commands are answered strictly in order, so a queue is all the bookkeeping. */
export const startJava = async (): Promise<Java> => {
  const jvm = await startJvm({ program: 'oracle', main: 'Oracle', programArguments: [] })
  const waiting: Waiting[] = []
  const lines = lineSplitter((line) => {
    if (line.startsWith('[')) return waiting[0]?.onPart(line)
    const first = waiting.shift()
    if (first) settle(first, line)
  })
  jvm.child.stdout.on('data', (chunk: Buffer) => lines.write(chunk))
  let gone = false
  void jvm.ended.then(() => {
    gone = true
    for (const one of waiting.splice(0)) one.reject(new Error(`the Java oracle has ended\n${jvm.complaint()}`))
  })
  return {
    ask: (command, onPart = () => undefined) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(new Error('the Java oracle has ended'))
        waiting.push({ onPart, resolve, reject })
        jvm.child.stdin.write(`${toJson(command)}\n`)
      }),
    stop: () => jvm.stop(),
  }
}
