import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { from, map, mergeAll, mergeMap, toArray } from 'rxjs'
import { batchesPerFile, intoFile, readClicks } from '../../examples/batches-to-file'
import type { Click } from '../../examples/batches-to-file'
import type { BatchStream } from '../../lib/index'
import { marbles } from '../support/marbles'

const click = (user: string, page = '/'): Click => ({ user, page })

describe('examples/batches-to-file', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kafkarx-example-'))))
  afterEach(() => rmSync(folder, { recursive: true }))
  const fileOf = (file: number) => join(folder, `clicks-${String(file)}.batches`)

  // By their keys, bob's clicks go to file 0 and ann's to file 2.
  const shown = mergeMap((batches$: BatchStream) =>
    batches$.pipe(map((batches) => `${String(batches$.key)}:${batches.map(({ recordCount }) => recordCount).join('+')}`)),
  )

  it('lets a batch wait a second for more', () => {
    marbles(({ cold, expectObservable }) => {
      const clicks$ = cold('a 499ms b 500ms c 499ms a 2s |', { a: click('ann'), b: click('bob'), c: click('ann', '/help') })
      // ann's first and second click have more than a second between them, the second and the third have not.
      expectObservable(batchesPerFile(clicks$).pipe(shown)).toBe('1s x 499ms y 500ms z 1500ms |', { x: '2:1', y: '0:1', z: '2:2' })
    })
  })

  it('lets a batch leave at once when it is full, and what is left when the source completes', () => {
    marbles(({ cold, expectObservable }) => {
      const clicks$ = cold('a-L-(b|)', { a: click('ann'), b: click('bob'), L: click('ann', 'x'.repeat(5_000)) })
      expectObservable(batchesPerFile(clicks$).pipe(shown)).toBe('--x-(y|)', { x: '2:2', y: '0:1' })
    })
  })

  it('writes what is read back, file by file and in order', () => {
    const clicks = Array.from({ length: 1_000 }, (_, i) => click(i % 3 === 0 ? 'bob' : 'ann', `/page/${String(i)}`))
    let counts: readonly number[] = []
    from(clicks)
      .pipe(
        batchesPerFile,
        mergeMap((batches$) => batches$.pipe(mergeAll(), intoFile(fileOf(batches$.key)))),
        toArray(),
      )
      .subscribe((all) => (counts = all))
    expect(counts.length).toBeGreaterThan(2)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000)
    expect(readClicks(fileOf(0))).toEqual(clicks.filter(({ user }) => user === 'bob'))
    expect(readClicks(fileOf(2))).toEqual(clicks.filter(({ user }) => user === 'ann'))
  })

  it('appends to what is in the file', () => {
    const append = () =>
      from([click('ann')])
        .pipe(
          batchesPerFile,
          mergeMap((batches$) => batches$.pipe(mergeAll(), intoFile(fileOf(batches$.key)))),
        )
        .subscribe()
    append()
    const { size } = statSync(fileOf(2))
    append()
    expect(statSync(fileOf(2)).size).toBe(2 * size)
    expect(readClicks(fileOf(2))).toEqual([click('ann'), click('ann')])
  })
})
