import { from, lastValueFrom, map, mergeMap, NEVER, Subject, tap, timer, toArray } from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'
import { BufferPool } from '../../lib/batch/buffer-pool'
import { recordBatch } from '../../lib/batch/record-batch'
import { unnumbered } from '../../lib/batch/sequencer'
import { ProducerClosedError, RecordTooLargeError } from '../../lib/errors'
import { accumulate, createAccumulator } from '../../lib/pipeline/accumulate'
import type * as Accumulates from '../../lib/pipeline/accumulate'
import type { AccumulateOptions, Shared } from '../../lib/pipeline/accumulate'
import { ByteBudget } from '../../lib/pipeline/byte-budget'
import type { BatchStream, Drained } from '../../lib/pipeline/batch-streams'
import type { PartitionedRecord } from '../../lib/record'
import { clockOf } from '../../lib/time'
import { marbles } from '../support/marbles'
import { outletRecorder, partitioned, sized } from '../support/records'

const BATCH_SIZE = 500

/** A few small records and a large one for partition 0, which node 1 leads, and others for partition 1, which node 2 leads. */
const small = (context: string, partition = 0, fields: Partial<PartitionedRecord<string>> = {}) =>
  partitioned<string>({ context, partition, ...fields })
const large = (context: string, partition = 0) => small(context, partition, { value: sized(BATCH_SIZE) })
const records = {
  a: small('a'),
  b: small('b'),
  c: small('c'),
  L: large('L'),
  M: large('M'),
  x: small('x', 1),
  y: small('y', 1),
  X: large('X', 1),
  p: small('p', 2),
  q: small('q', 4),
}

const options: AccumulateOptions = {
  leaderOf: (_topic, partition) => (partition % 2) + 1,
  batchSize: BATCH_SIZE,
  maxBatchSize: 2000,
  linger: 5,
}

/** `1:ab+c` is what leaves for node 1: a batch of a and b, and one of c. */
const show = (node: number, batches: Drained<string>) => `${node}:${batches.map(({ contexts }) => contexts.join('')).join('+')}`
const flat: OperatorFunction<BatchStream<string>, string> = mergeMap((batches$) =>
  batches$.pipe(map((batches) => show(batches$.key, batches))),
)

const leaving =
  (helpers: Pick<RunHelpers, 'expectObservable'>) =>
  (source: Observable<PartitionedRecord<string>>, more: Partial<AccumulateOptions> = {}, left?: string) =>
    helpers.expectObservable(source.pipe(accumulate({ ...options, ...more }), flat), left)

/** What a producer shares with the stage; to be made within virtual time. */
function sharing(
  more: Partial<Shared<string>> & Partial<AccumulateOptions & { readonly pool: BufferPool; readonly deliveryTimeout: number }> = {},
) {
  const clock = clockOf()
  const { pool: memory = new BufferPool(Infinity), deliveryTimeout = Infinity, leaderOf = options.leaderOf } = more
  const accumulator = createAccumulator<string>(
    { ...options, ...(more.linger !== undefined && { linger: more.linger }), leaderOf },
    { clock, memory, deliveryTimeout, sequencer: () => unnumbered },
  )
  const shared: Shared<string> = {
    ...{ accumulator, memory, clock, waiting: new ByteBudget(Infinity), abandon$: NEVER },
    ...{ leaderless: () => undefined, expired: () => undefined },
    ...more,
  }
  return shared
}

describe('accumulate', () => {
  it.each([
    ['nothing of nothing', '               --|          ', '--|            ', {}],
    ['one record, once it has lingered', ' -a---------|', ' ------m----|', { m: '1:a' }],
    ['many, of one partition in one batch', '-a-b-c-----|', '------m----|', { m: '1:abc' }],
    ['what is left when the source completes', '-a-b|', '----(m|)', { m: '1:ab' }],
    ['the error of the source', '-a-#', '---#', {}],
    ['no end where there is none', '-a-', '------m', { m: '1:a' }],
  ])('gives %s', (_what, source, expected, values) => {
    marbles(({ cold, expectObservable }) => {
      leaving({ expectObservable })(cold(source.trim(), records)).toBe(expected.trim(), values)
    })
  })

  it('sends a full batch at once', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -a-L-----|', records)
      const expected = '    ---m-----|'
      leaving({ expectObservable })(source).toBe(expected, { m: '1:aL' })
    })
  })

  it('sends what comes in one turn together, and at once, where it adapts', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(abx)-c----|', records)
      const expected = '    -(mn)--o----|'
      leaving({ expectObservable })(source, { linger: 'adaptive' }).toBe(expected, { m: '1:ab', n: '2:x', o: '1:c' })
    })
  })

  it('takes along what has not lingered, when its node gets something', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(xp)L-----|', records)
      const expected = '    -----mn----|'
      leaving({ expectObservable })(source).toBe(expected, { m: '1:p+L', n: '2:x' })
    })
  })

  it('gives one batch of each partition at a time', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(apx)------|', records)
      const expected = '    ------(mn)--|'
      leaving({ expectObservable })(source).toBe(expected, { m: '1:a+p', n: '2:x' })
    })
  })

  it('sends the next batch of a partition by itself, with nobody who says that the last one was answered', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -a--------b-------c-|', records)
      const expected = '    ------l--------m----(n|)'
      leaving({ expectObservable })(source).toBe(expected, { l: '1:a', m: '1:b', n: '1:c' })
    })
  })

  it('does not wait without linger', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -a-x-|', records)
      const expected = '    -m-n-|'
      leaving({ expectObservable })(source, { linger: 0 }).toBe(expected, { m: '1:a', n: '2:x' })
    })
  })

  it('makes one request of what comes in one turn, once more than one came before', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(apq)------(apq)-----c----(apq)------|', records)
      const expected = '    -(mn)-------o---------c----(mn)-------|'
      const wake$ = new Subject<void>()
      const shared = sharing({ linger: 0 })
      const answer = (batches: Drained<string>): void => {
        for (const batch of batches) shared.accumulator.forget(batch)
        wake$.next()
      }
      const answered = tap((batches: Drained<string>) => timer(3).subscribe(() => answer(batches)))
      const requests = source.pipe(
        accumulate({ ...options, linger: 0, wake$ }, shared),
        mergeMap((batches$) => batches$.pipe(answered)),
        map((batches) => show(1, batches)),
      )
      expectObservable(requests).toBe(expected, { m: '1:a', n: '1:p+q', o: '1:a+p+q', c: '1:c' })
    })
  })

  it('leaves the source when it is left, and no timer behind', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('  -a-b----------', records)
      const left = '         ----!         '
      const expected = '     --------------'
      const subscribed = '   ^---!         '
      leaving({ expectObservable })(source, {}, left.trim()).toBe(expected)
      expectSubscriptions(source.subscriptions).toBe(subscribed.trim())
    })
  })

  it('begins the count of linger with the first record of a batch, and anew with the next', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -a---b-c-----------|', records)
      const expected = '    ------m-----n------|'
      leaving({ expectObservable })(source).toBe(expected, { m: '1:ab', n: '1:c' })
    })
  })

  it('is the error of the stream when a callback throws', () => {
    marbles(({ cold, expectObservable }) => {
      const leaderOf = () => {
        throw new Error('no idea')
      }
      leaving({ expectObservable })(cold('-L-', records), { leaderOf }).toBe(
        '-#',
        undefined,
        expect.objectContaining({ message: expect.stringContaining('no idea') }),
      )
    })
  })
})

describe('the streams of batches', () => {
  it('are one per node, in the order of their first batches, and end with the source', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('    -X-L-|', records)
      const born = '           -n-m-|'
      expectObservable(
        source.pipe(
          accumulate(options),
          map(({ key }) => key),
        ),
      ).toBe(born, { n: 2, m: 1 })
    })
    const ended: number[] = []
    marbles(({ cold }) => {
      cold('-X-L-|', records)
        .pipe(accumulate(options))
        .subscribe((batches$) => batches$.subscribe({ complete: () => ended.push(batches$.key) }))
    })
    expect(ended).toEqual([2, 1])
  })

  it('end when their node leaves the cluster, and begin anew when it comes back', () => {
    const log: string[] = []
    marbles(({ cold, hot }) => {
      const source = cold(' -L-----M-|       ', records)
      const gone$ = hot('   ---g---------    ', { g: 1 })
      source.pipe(accumulate({ ...options, gone$ })).subscribe((batches$) => {
        log.push(`+${batches$.key}`)
        batches$.subscribe({ next: (batches) => log.push(show(batches$.key, batches)), complete: () => log.push(`-${batches$.key}`) })
      })
    })
    expect(log).toEqual(['+1', '1:L', '-1', '+1', '1:M', '-1'])
  })
})

describe('a busy node', () => {
  it('lets its batches grow until it can take them, and then has them at once', () => {
    marbles(({ cold, hot, expectObservable }) => {
      let free = false
      const wake$ = hot('   ----------w-----').pipe(map(() => (free = true)))
      const source = cold(' -L-a-b-M------|  ', records)
      const expected = '    ----------m---|  '
      leaving({ expectObservable })(source, { canTake: () => free, wake$ }).toBe(expected, { m: '1:LabM' })
    })
  })

  it('holds up no other node', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(LX)-- ', records)
      const expected = '    -n----- '
      leaving({ expectObservable })(source, { canTake: (node) => node === 2 }).toBe(expected, { n: '2:X' })
    })
  })

  it('lets a batch grow no further than it may', () => {
    marbles(({ cold, hot, expectObservable }) => {
      let free = false
      const wake$ = hot('   ---------w---').pipe(map(() => (free = true)))
      const source = cold(' -(LMa)-------', records)
      const expected = '    ---------(mn)'
      leaving({ expectObservable })(source, { canTake: () => free, wake$, maxBatchSize: 800 }).toBe(expected, { m: '1:L', n: '1:Ma' })
    })
  })

  it('is asked again for each request, so that no more leave than it takes', () => {
    const asked: string[] = []
    let taken = 0
    marbles(({ cold }) => {
      cold('-L-M-L-M-|', records)
        .pipe(accumulate({ ...options, canTake: () => taken < 2, maxBatchSize: 800 }), flat)
        .subscribe((request) => {
          taken++
          asked.push(request)
        })
    })
    expect(asked).toEqual(['1:L', '1:M'])
  })

  it('keeps the stream from ending for as long as it holds batches back', () => {
    marbles(({ cold, hot, expectObservable }) => {
      let free = false
      const wake$ = hot('   ---------w    ').pipe(map(() => (free = true)))
      const source = cold(' -a-|          ', records)
      const expected = '    ---------(m|) '
      leaving({ expectObservable })(source, { canTake: () => free, wake$ }).toBe(expected.trim(), { m: '1:a' })
    })
  })
})

describe('batches of a partition without a leader', () => {
  it('wait, and their topics are named each time that they could leave', () => {
    const named: string[][] = []
    marbles(({ cold, hot, expectObservable }) => {
      let leader: number | undefined
      const wake$ = hot('   ----w-----w   ').pipe(map((_, index) => (leader = index === 1 ? 7 : undefined)))
      const source = cold(' -L-           ', records)
      const expected = '    ----------m   '
      const leaderOf = () => leader
      const shared = sharing({ leaderOf, leaderless: (topics) => named.push([...topics]) })
      expectObservable(source.pipe(accumulate({ ...options, leaderOf, wake$ }, shared), flat)).toBe(expected.trim(), { m: '7:L' })
    })
    expect(named).toEqual([['orders'], ['orders']])
  })
})

describe('batches that nobody acknowledges', () => {
  it('are given up after the delivery timeout, on their way or not', () => {
    const expired: string[] = []
    marbles(({ cold, hot }) => {
      let free = true
      const wake$ = hot('   --w').pipe(map(() => (free = false)))
      const source = cold(' -L-X-', records)
      const shared = sharing({
        deliveryTimeout: 50,
        expired: (batches) => {
          for (const batch of batches) {
            expired.push(`${batch.contexts.join('')} at ${clock.now()}`)
            shared.accumulator.settle({ type: 'failed', batch, error: new ProducerClosedError('late') })
          }
        },
      })
      const { clock } = shared
      source.pipe(accumulate({ ...options, canTake: () => free, wake$ }, shared), flat).subscribe()
    })
    expect(expired).toEqual(['L at 51', 'X at 53'])
  })
})

describe('records without a partition', () => {
  it('stay together for a batch, wherever chance puts them', () => {
    const batches: string[] = []
    marbles(({ cold }) => {
      const keyless = (context: string) => small(context, 0, { partition: null, partitionCount: 8 })
      cold('(abc)', { a: keyless('a'), b: keyless('b'), c: keyless('c') })
        .pipe(
          accumulate({ ...options, leaderOf: () => 1 }),
          mergeMap((batches$) => batches$),
        )
        .subscribe((drained) => batches.push(...drained.map(({ contexts }) => contexts.join(''))))
    })
    expect(batches).toEqual(['abc'])
  })
})

describe('a record that is too large', () => {
  const huge = small('h', 0, { value: sized(3000) })

  it('is the error of the stream when there is nobody to tell', () => {
    marbles(({ cold, expectObservable }) => {
      leaving({ expectObservable })(cold('-h-', { h: huge }), { maxRequestSize: 2000 }).toBe(
        '-#',
        undefined,
        expect.any(RecordTooLargeError),
      )
    })
  })

  it.each([
    ['for a request', { maxRequestSize: 2000 }],
    ['for the memory', { memory: 2048 }],
  ])('%s fails alone', (_what, more) => {
    const { outlet, deliveries } = outletRecorder<string>()
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -h-L-|', { h: { ...huge, outlet }, L: records.L })
      const expected = '    ---m-|'
      leaving({ expectObservable })(source, more).toBe(expected, { m: '1:L' })
    })
    expect(deliveries).toMatchObject([{ type: 'failed', topic: 'orders', partition: 0, context: 'h', error: { code: 'RECORD_TOO_LARGE' } }])
  })
})

describe('when memory is short', () => {
  const KIB = 1024
  /** Two of them fit into 2 KiB, in two batches or in one. */
  const kib = (context: string, partition = 0, outlet = outletRecorder<string>().outlet) =>
    small(context, partition, { value: sized(900), outlet })

  /** Everything that leaves is settled after 10 ms. */
  const settledLater = ({ cold }: Pick<RunHelpers, 'cold'>, shared?: Shared<string>) =>
    mergeMap((batches$: BatchStream<string>) =>
      batches$.pipe(
        map((batches) => {
          cold('----------s').subscribe(() => {
            for (const batch of batches) {
              shared?.accumulator.forget(batch)
              batch.settle()
            }
          })
          return show(batches$.key, batches)
        }),
      ),
    )

  it('everything leaves at once, full or not, so that room is made', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -a-b-', { a: small('a', 1), b: kib('b') })
      const more = { memory: KIB, batchSize: 16 * KIB, linger: 1000 }
      const expected = '    ---l'
      expectObservable(source.pipe(accumulate({ ...options, ...more }), flat)).toBe(expected, { l: '2:a' })
    })
  })

  it('records wait in order until batches are given back', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(abc)', { a: kib('a'), b: kib('b', 1), c: small('c', 0) })
      const expected = '    -l---------m--------------n'
      expectObservable(source.pipe(accumulate({ ...options, memory: KIB }), settledLater({ cold }))).toBe(expected.trim(), {
        l: '1:a',
        m: '2:b',
        n: '1:c',
      })
    })
  })

  it('a record that waited too long fails, and those behind it go on', () => {
    const { outlet, outcomes } = outletRecorder<string>()
    const pool = new BufferPool(2 * KIB)
    const held = pool.take(KIB)
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(ab)-----c', { a: kib('a'), b: small('b', 1, { value: sized(1500), outlet }), c: small('c', 1) })
      const expected = '    -l 54ms m'
      const shared = sharing({ pool })
      expectObservable(source.pipe(accumulate({ ...options, maxBlock: 50 }, shared), settledLater({ cold }, shared))).toBe(expected, {
        l: '1:a',
        m: '2:c',
      })
    })
    expect([outcomes, pool.held]).toEqual([['BUFFER_EXHAUSTED'], held?.length])
  })

  it('a record for which there is no room to wait fails at once', () => {
    const { outlet, outcomes } = outletRecorder<string>()
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(abc)       ', { a: kib('a'), b: kib('b', 1, outlet), c: kib('c', 1, outlet) })
      const more = { memory: KIB, waitingMemory: 1500 }
      expectObservable(source.pipe(accumulate({ ...options, ...more }), settledLater({ cold }))).toBe('-l---------m', {
        l: '1:a',
        m: '2:b',
      })
    })
    expect(outcomes).toEqual(['BUFFER_EXHAUSTED'])
  })

  it('a source that completes waits until the last has found room', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' -(ab|)                 ', { a: kib('a'), b: kib('b', 1) })
      const expected = '    -l---------(m|)        '
      expectObservable(source.pipe(accumulate({ ...options, memory: KIB }), settledLater({ cold }))).toBe(expected.trim(), {
        l: '1:a',
        m: '2:b',
      })
    })
  })

  it('those who wait fail when nobody waits any more', () => {
    const { outlet, outcomes } = outletRecorder<string>()
    marbles(({ cold, expectObservable }) => {
      const abandon$ = cold('---x        ', { x: new ProducerClosedError('closed') })
      const source = cold('  -(ab)       ', { a: kib('a'), b: kib('b', 1, outlet) })
      const expected = '     -l          '
      const shared = sharing({ pool: new BufferPool(KIB), abandon$ })
      expectObservable(source.pipe(accumulate(options, shared), flat)).toBe(expected.trim(), { l: '1:a' })
    })
    expect(outcomes).toEqual(['PRODUCER_CLOSED'])
  })

  it('everything is given back in the end', () => {
    const pool = new BufferPool(4 * KIB)
    const left: string[] = []
    const letters = Array.from({ length: 50 }, (_, i) => String.fromCharCode(65 + i))
    marbles(({ cold }) => {
      const shared = sharing({ pool })
      cold('(s|)')
        .pipe(
          mergeMap(() => letters.map((letter, i) => kib(letter, i % 4))),
          accumulate(options, shared),
          settledLater({ cold }, shared),
        )
        .subscribe({ next: (request) => left.push(...request.slice(2).split('+')), complete: () => left.push('|') })
    })
    expect([left.slice(0, -1).join('').split('').sort(), left.at(-1), pool.held]).toEqual([letters, '|', 0])
  })
})

describe('a record that comes in from within what leaves', () => {
  it('is neither lost nor put into a batch that has left', () => {
    const left: string[] = []
    marbles(({ flush }) => {
      const source$ = new Subject<PartitionedRecord<string>>()
      source$.pipe(accumulate({ ...options, linger: 0 }), flat).subscribe((request) => {
        left.push(request)
        if (left.length < 4) source$.next(small(String(left.length), left.length % 2))
      })
      source$.next(records.a)
      source$.complete()
      flush()
    })
    expect(left).toEqual(['1:a', '2:1', '1:2', '2:3'])
  })
})

describe('batches that are compressed', () => {
  const much = (context: string, partition = 0) => small(context, partition, { value: sized(200_000) })
  const compressing: AccumulateOptions = { ...options, maxRequestSize: 1_000_000, linger: 0, compression: 'gzip' }
  const codecs: OperatorFunction<BatchStream<string>, string> = mergeMap((batches$) =>
    batches$.pipe(
      mergeMap((batches) => batches),
      map((batch) => `${batch.contexts.join('')} ${recordBatch.decode(Buffer.concat(batch.parts)).compression}`),
    ),
  )

  it('leave at once in virtual time, however large they are', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('-a-b', { a: much('a'), b: large('b') })
      expectObservable(source.pipe(accumulate(compressing), codecs)).toBe('-a-b', { a: 'a gzip', b: 'b gzip' })
    })
  })

  it('are worked on by another thread in real time when they are large, and keep the stream from ending before they have left', async () => {
    const left: string[] = []
    const leaving$ = from([much('a'), much('b'), large('c'), large('x', 2)]).pipe(accumulate(compressing), codecs)
    const all = lastValueFrom(
      leaving$.pipe(
        map((line) => (left.push(line), line)),
        toArray(),
      ),
    )
    expect(left).toEqual(['x gzip'])
    expect([...(await all)].sort()).toEqual(['a gzip', 'b gzip', 'c gzip', 'x gzip'])
    expect(left.filter((line) => !line.startsWith('x'))).toEqual(['a gzip', 'b gzip', 'c gzip'])
  })

  it('do nothing any more when they are done after nobody listens', async () => {
    const log: string[] = []
    const source = new Subject<PartitionedRecord<string>>()
    const subscription = source.pipe(accumulate(compressing), codecs).subscribe((line) => log.push(line))
    source.next(much('a'))
    subscription.unsubscribe()
    // A codec that began later is done later.
    await lastValueFrom(from([much('b')]).pipe(accumulate(compressing), codecs))
    expect(log).toEqual([])
  })

  it('need their package: without it the stream has the error', () => {
    jest.isolateModules(() => {
      jest.doMock('lz4-napi', () => {
        throw new Error('not here')
      })
      const fresh = jest.requireActual<typeof Accumulates>('../../lib/pipeline/accumulate')
      const failed = jest.fn()
      from([small('a')])
        .pipe(fresh.accumulate({ ...options, compression: 'lz4' }))
        .subscribe({ error: failed })
      expect(failed).toHaveBeenCalledWith(expect.objectContaining({ code: 'COMPRESSION_CODEC_MISSING' }))
      jest.dontMock('lz4-napi')
    })
  })
})
