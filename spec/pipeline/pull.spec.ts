import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import { EMPTY, Subject } from 'rxjs'
import { ProducerClosedError } from '../../lib/errors'
import type { KafkaError } from '../../lib/errors'
import { pull } from '../../lib/pipeline/pull'
import type { PullOptions } from '../../lib/pipeline/pull'
import { pullerOf } from '../../lib/pipeline/pull-source'
import type { PullSource } from '../../lib/pipeline/pull-source'
import { virtualTime } from '../support/virtual-time'

/** Room that the spec opens and closes, and what was pulled. */
function pulling<T>(source: PullSource<T>, more: Partial<PullOptions> = {}) {
  const time = virtualTime()
  const changes$ = new Subject<void>()
  const room = { total: 1e9, largestRecord: 2 ** 20, free: () => 1e9, unclaimed: () => 1e9, changes$, poke: () => changes$.next() }
  const log: unknown[] = []
  const options: PullOptions = {
    ...{ room, clock: time.clock, maxInFlight: Infinity, unsettled: () => 0, left$: EMPTY, refusal: () => undefined },
    ...more,
  }
  const pulled$ = pull(() => pullerOf(source), options)
  const start = (seen: (value: T) => void = () => undefined) =>
    pulled$.subscribe({
      next: (value) => {
        log.push(value)
        seen(value)
      },
      error: (error: Error) => log.push(`# ${error.message}`),
      complete: () => log.push('|'),
    })
  return { time, room, changes$, log, start }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** Counts what is asked of it, and says when it is stopped. */
function numbers(last = Infinity) {
  const log: string[] = []
  function* source() {
    try {
      for (let i = 1; i <= last; i++) {
        log.push(`next ${String(i)}`)
        yield i
      }
    } finally {
      log.push('finally')
    }
  }
  return { log, source }
}

describe('a pull source', () => {
  it.each([
    ['nothing of an empty one', [], ['|']],
    ['one value', [1], [1, '|']],
    ['many values', [1, 2, 3], [1, 2, 3, '|']],
  ])('gives %s', (_what, values, expected) => {
    const { start, log } = pulling<number>(values)
    start()
    expect(log).toEqual(expected)
  })

  it('is not asked before somebody subscribes', () => {
    const { source, log } = numbers(1)
    const { start } = pulling(source())
    expect(log).toEqual([])
    start()
    expect(log).toEqual(['next 1', 'finally'])
  })

  it('has its error at the end', () => {
    function* source() {
      yield 1
      throw new Error('broken')
    }
    const { start, log } = pulling(source())
    start()
    expect(log).toEqual([1, '# broken'])
  })

  it('is asked for no more than is wanted, and stopped', () => {
    const { source, log } = numbers()
    const { time, ...rest } = pulling(source(), { unsettled: (): number => rest.log.length, maxInFlight: 3 })
    const subscription = rest.start()
    time.settle()
    expect([rest.log, log]).toEqual([
      [1, 2, 3],
      ['next 1', 'next 2', 'next 3'],
    ])
    subscription.unsubscribe()
    expect(log.slice(3)).toEqual(['finally'])
  })

  it('goes on when there is room again', () => {
    let unsettled = 0
    const left$ = new Subject<void>()
    const { source } = numbers(4)
    const { start, log, room, changes$, time } = pulling(source(), { unsettled: () => unsettled, maxInFlight: 10, left$ })
    room.unclaimed = () => 0
    start()
    expect(log).toEqual([])
    room.unclaimed = () => 1e9
    unsettled = 10
    changes$.next()
    expect(log).toEqual([])
    unsettled = 0
    left$.next()
    left$.next()
    expect(log).toEqual([])
    time.settle()
    expect(log).toEqual([1, 2, 3, 4, '|'])
  })

  it('holds no more records than there are bytes for the objects around them', () => {
    const { source } = numbers()
    const { room, start, log } = pulling(source(), { unsettled: (): number => log.length })
    room.total = 1000
    const subscription = start()
    expect(log).toHaveLength(5)
    subscription.unsubscribe()
  })

  it('lets the event loop have its turn after a mebibyte', () => {
    const { source } = numbers()
    const { room, start, log, time } = pulling(source())
    room.unclaimed = () => Math.max(0, 2 ** 21 + 1 - log.length * 2 ** 18)
    start()
    expect(log).toHaveLength(4)
    time.settle()
    expect(log).toHaveLength(9)
  })

  it('does so however much room there is', () => {
    const { source } = numbers(1000)
    const { room, start, log, time } = pulling(source())
    // After a hundred that are small, 256 KiB each.
    room.unclaimed = () => 2 ** 30 - Math.max(0, log.length - 100) * 2 ** 18
    const turns: number[] = []
    jest.spyOn(time.clock, 'yield').mockImplementation((work) => {
      turns.push(log.length)
      return time.clock.schedule(0, work)
    })
    const subscription = start()
    time.settle()
    subscription.unsubscribe()
    const [first = 0, ...others] = turns
    expect(first).toBeLessThanOrEqual(108)
    expect(others.length).toBeGreaterThan(100)
    expect(others.map((at, i) => at - (turns[i] ?? 0))).toEqual(others.map(() => 4))
  })

  it('lets the event loop have its turn after two milliseconds', () => {
    const { source } = numbers(9)
    const { start, log, time } = pulling(source())
    jest.spyOn(time.clock, 'now').mockImplementation(() => log.length)
    start()
    expect(log).toEqual([1, 2])
    time.settle()
    expect(log).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, '|'])
  })

  it('notices soon when values that came fast come slowly', () => {
    const { source } = numbers(60)
    const { start, log, time } = pulling(source())
    // After forty that take no time, five milliseconds each.
    jest.spyOn(time.clock, 'now').mockImplementation(() => Math.max(0, log.length - 40) * 5)
    const turns: number[] = []
    jest.spyOn(time.clock, 'yield').mockImplementation((work) => {
      turns.push(log.length)
      return time.clock.schedule(0, work)
    })
    start()
    time.settle()
    const [first = 0, ...others] = turns
    expect(first).toBeLessThanOrEqual(48)
    expect(others.map((at, i) => at - (turns[i] ?? 0))).toEqual(others.map(() => 1))
  })

  it('takes without a look no more than surely finds room, however large it is', () => {
    const { source } = numbers(100)
    const { start, log, room } = pulling(source())
    room.largestRecord = 1000
    const looks: number[] = []
    room.unclaimed = () => {
      looks.push(log.length)
      return Math.max(0, 9500 - 100 * log.length)
    }
    start()
    const taken = looks.slice(1).map((at, i) => at - (looks[i] ?? 0))
    const roomAt = (at: number): number => Math.floor((9500 - 100 * at) / 1000)
    expect(looks.slice(0, -1).filter((at, i) => (taken[i] ?? 0) > Math.max(1, roomAt(at)))).toEqual([])
    expect([Math.max(...taken), log.length]).toEqual([8, 95])
  })

  it('may be left from within a value', () => {
    const { source, log } = numbers()
    const { room, start, changes$, log: values } = pulling(source())
    room.unclaimed = () => 0
    const subscription = start((value) => {
      if (value === 2) subscription.unsubscribe()
    })
    room.unclaimed = () => 1e9
    changes$.next()
    expect([values, log]).toEqual([
      [1, 2],
      ['next 1', 'next 2', 'finally'],
    ])
  })

  it('may leave itself from within next, and is stopped once it has given its value', () => {
    const log: string[] = []
    function* source(): Generator<number> {
      try {
        yield 1
        subscription.unsubscribe()
        yield 2
      } finally {
        log.push('finally')
      }
    }
    const { room, start, log: values, changes$ } = pulling(source())
    room.unclaimed = () => 0
    const subscription = start()
    room.unclaimed = () => 1e9
    changes$.next()
    expect([values, log]).toEqual([[1], ['finally']])
  })

  it('is stopped when the producer takes no more, and its stream ends with the reason', () => {
    const end: { refusal?: KafkaError } = {}
    const { source, log } = numbers()
    const { start, changes$, ...rest } = pulling(source(), {
      refusal: () => end.refusal,
      unsettled: (): number => rest.log.length,
      maxInFlight: 2,
    })
    start()
    end.refusal = new ProducerClosedError('closed')
    changes$.next()
    expect([rest.log, log.at(-1)]).toEqual([[1, 2, '# closed'], 'finally'])
  })

  it('leaves nobody with an error that stopping it throws', () => {
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 1 }),
        return: () => {
          throw new Error('no')
        },
      }),
    }
    const { start, log } = pulling(source as Iterable<number>, { maxInFlight: 1, unsettled: (): number => log.length })
    expect(() => start().unsubscribe()).not.toThrow()
    expect(log).toEqual([1])
  })

  it('has an error at the end when it gives what cannot be read', () => {
    const results = [
      { done: false, value: 1 },
      {
        done: false,
        get value(): number {
          throw new Error('unreadable')
        },
      },
    ]
    const { start, log } = pulling({ [Symbol.iterator]: () => ({ next: () => results.shift() }) } as Iterable<number>)
    start()
    expect(log).toEqual([1, '# unreadable'])
  })

  it.each([[undefined], [null], [17], [{}]])('cannot be %p', (none) => {
    expect(() => pullerOf(none as never)).toThrow(/an iterable, an async iterable, or a stream expected/)
  })
})

describe('an asynchronous pull source', () => {
  async function* letters(log: string[] = []) {
    try {
      for (const letter of ['a', 'b', 'c']) {
        log.push(`next ${letter}`)
        yield await Promise.resolve(letter)
      }
    } finally {
      log.push('finally')
    }
  }

  it.each<[string, () => PullSource<string>]>([
    ['async iterables', () => letters()],
    ['Node streams', () => Readable.from(['a', 'b', 'c'])],
    ['web streams', () => ReadableStream.from(['a', 'b', 'c']) as PullSource<string>],
  ])('gives the values of %s', async (_what, source) => {
    const { start, log } = pulling(source())
    start()
    await turns()
    expect(log).toEqual(['a', 'b', 'c', '|'])
  })

  it('has an error at the end when it gives what is no result', async () => {
    const { start, log } = pulling({ [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(undefined) }) } as never)
    start()
    await turns()
    expect(log).toEqual([expect.stringMatching(/^# Cannot destructure/)])
  })

  it('is asked one value at a time, while there is room', async () => {
    const asked: string[] = []
    const { start, log, room, changes$ } = pulling(letters(asked))
    room.unclaimed = () => 0
    start()
    await turns()
    expect(asked).toEqual([])
    room.unclaimed = () => (log.length < 2 ? 1e9 : 0)
    changes$.next()
    await turns()
    expect([log, asked]).toEqual([
      ['a', 'b'],
      ['next a', 'next b'],
    ])
  })

  it('is stopped when it is left, also while it is asked; what it still gives is nobody’s', async () => {
    const asked: string[] = []
    const { start, log } = pulling(letters(asked))
    start().unsubscribe()
    await turns()
    expect([log, asked]).toEqual([[], ['next a', 'finally']])
  })

  it('destroys a Node stream and cancels a web stream that are left', async () => {
    const readable = Readable.from(['a', 'b', 'c'])
    const reasons: unknown[] = []
    const web = new ReadableStream<string>({ pull: (controller) => controller.enqueue('a'), cancel: (reason) => void reasons.push(reason) })
    const of = (source: PullSource<string>) => pulling(source, { maxInFlight: 1, unsettled: () => 0 })
    const [first, second] = [of(readable).start(), of(web as PullSource<string>).start()]
    await Promise.resolve()
    first.unsubscribe()
    second.unsubscribe()
    await turns()
    expect([readable.destroyed, reasons]).toEqual([true, [undefined]])
  })

  it.each<[string, () => PullSource<string>]>([
    [
      'a Node stream',
      () =>
        new Readable({
          read: function read() {
            this.destroy(new Error('broken'))
          },
        }),
    ],
    [
      'a web stream',
      () => new ReadableStream<string>({ pull: (controller) => controller.error(new Error('broken')) }) as PullSource<string>,
    ],
    ['a Promise', () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken')) }) })],
  ])('has the error of %s at the end', async (_what, source) => {
    const { start, log } = pulling(source())
    start()
    await turns()
    expect(log).toEqual(['# broken'])
  })

  it('does not starve the event loop though its values are always there', async () => {
    async function* endless() {
      for (;;) yield await Promise.resolve(1)
    }
    const { start, time, log } = pulling(endless())
    jest.spyOn(time.clock, 'now').mockImplementation(() => performance.now())
    const subscription = start()
    await new Promise((resolve) => setImmediate(resolve))
    subscription.unsubscribe()
    expect(log.length).toBeGreaterThan(0)
  })
})
