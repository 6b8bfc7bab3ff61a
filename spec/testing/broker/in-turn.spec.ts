import { EMPTY, NEVER, Observable, of, Subject } from 'rxjs'
import { servedInTurn, UNHINDERED } from '../../../lib/testing/broker/in-turn'
import type { Flow } from '../../../lib/testing/broker/in-turn'

const MIB = 1024 * 1024

/** A connection whose pace is seen and set by hand. */
const connection = (drained$: Observable<never> = EMPTY) => {
  const frames$ = new Subject<Uint8Array>()
  const answers: string[] = []
  const log: string[] = []
  const flow: Flow = { hold: () => log.push('hold'), release: () => log.push('release'), drained$ }
  const serve = (serving: (frame: Uint8Array) => Observable<string>, over: Flow = flow) =>
    frames$.pipe(servedInTurn(over, serving)).subscribe({
      next: (answer) => answers.push(answer),
      error: (error: unknown) => log.push(String(error)),
      complete: () => log.push('complete'),
    })
  const ask = (text: string, size = text.length) => frames$.next(Buffer.from(text.padEnd(size)))
  return { frames$, answers, log, serve, ask }
}

const textOf = (frame: Uint8Array): string => Buffer.from(frame).toString().trim()

describe('servedInTurn', () => {
  it('looks at the next request when the answer to the one before is complete', () => {
    const { answers, serve, ask } = connection()
    const asked: string[] = []
    const held = new Map(['a', 'b'].map((name) => [name, new Subject<string>()]))
    serve((frame) => {
      asked.push(textOf(frame))
      return held.get(textOf(frame)) ?? of(textOf(frame))
    })
    ask('a')
    ask('b')
    ask('c')
    expect(asked).toEqual(['a'])
    held.get('a')?.next('A')
    expect(asked).toEqual(['a'])
    held.get('a')?.complete()
    expect(asked).toEqual(['a', 'b'])
    held.get('b')?.complete()
    expect(answers).toEqual(['A', 'c'])
  })

  it('makes no further answer while the client does not take the one before', () => {
    const drained$ = new Subject<never>()
    const waits = new Observable<never>((subscriber) => drained$.subscribe(subscriber))
    const { answers, serve, ask } = connection(waits)
    serve((frame) => of(textOf(frame)))
    ask('a')
    ask('b')
    expect(answers).toEqual(['a'])
    drained$.complete()
    expect(answers).toEqual(['a', 'b'])
  })

  it('stops reading above a MiB of requests that wait, and goes on below', () => {
    const { log, answers, serve, ask } = connection()
    const first$ = new Subject<string>()
    serve((frame) => (textOf(frame) === 'first' ? first$ : of(textOf(frame))))
    ask('first', MIB / 2)
    ask('second', MIB / 2)
    expect(log).toEqual([])
    ask('third', 1)
    expect(log).toEqual(['hold'])
    first$.complete()
    expect([log, answers.length]).toEqual([['hold', 'release'], 2])
  })

  it('reads on without a pause when large requests are answered at once', () => {
    const { log, answers, serve, ask } = connection()
    serve((frame) => of(textOf(frame)))
    for (let i = 0; i < 10; i++) ask(String(i), 2 * MIB)
    expect([answers.length, log]).toEqual([10, []])
  })

  it('ends with its frames, or with the error of an answer, and leaves nothing running', () => {
    const { log, frames$, serve, ask } = connection()
    serve((frame) => {
      if (textOf(frame) === 'bad') throw new Error('unreadable')
      return of('')
    })
    ask('good')
    ask('bad')
    expect(log).toEqual(['Error: unreadable'])
    expect(frames$.observed).toBe(false)
  })

  it('ends a long poll whose client has left', () => {
    const { frames$, serve, ask } = connection()
    let polling = 0
    const poll$ = new Observable<string>(() => {
      polling++
      return () => polling--
    })
    const subscription = serve(() => poll$, UNHINDERED)
    ask('poll')
    expect(polling).toBe(1)
    subscription.unsubscribe()
    expect([polling, frames$.observed]).toEqual([0, false])
  })

  it('goes down with its reader while an answer is on its way', () => {
    const { log, frames$, serve, ask } = connection()
    serve(() => NEVER)
    ask('poll')
    frames$.error(new Error('cut'))
    expect(log).toEqual(['Error: cut'])
  })
})
