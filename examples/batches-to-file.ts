/** The producer's stages without a producer: record batches straight into files: npx tsx examples/batches-to-file.ts */
import { closeSync, mkdtempSync, openSync, readFileSync, writevSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defer, finalize, map, mergeAll, mergeMap, of } from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'
import { accumulate, json, partition, serialize } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Batch, BatchStream, ProducerRecord } from '../lib/index' // in a program of yours: from 'kafkarx'
import { recordBatch } from '../lib/entries/protocol' // in a program of yours: from 'kafkarx/protocol'

export interface Click {
  readonly user: string
  readonly page: string
}

const FILES = 3

/** The very operators that a producer is made of. A partition is a file here, and so is the node that takes its batches. */
export const batchesPerFile = (clicks$: Observable<Click>): Observable<BatchStream> =>
  clicks$.pipe(
    map((click): ProducerRecord<string, Click> => ({ topic: 'clicks', key: click.user, value: click })),
    serialize({ value: json<Click>() }),
    partition({ partitionsOf: () => FILES }),
    accumulate({ leaderOf: (_topic, file) => file, linger: 1_000, batchSize: 4_096 }),
  )

/** Appends each batch to a file as it comes, and says how many records it has. The bytes are those that a broker would be sent. */
export const intoFile =
  (path: string): OperatorFunction<Batch, number> =>
  (batches$) =>
    defer(() => {
      const file = openSync(path, 'a')
      return batches$.pipe(
        map((batch) => {
          writevSync(file, batch.parts)
          batch.settle() // its bytes may be used for the next one
          return batch.recordCount
        }),
        finalize(() => closeSync(file)),
      )
    })

/** Each batch counts its offsets from 0: to number them through a file is a broker's work. */
export const readClicks = (path: string): readonly Click[] =>
  [...recordBatch.decodeAll(readFileSync(path))].flatMap(({ records }) =>
    records.map(({ value }) => JSON.parse(Buffer.from(value ?? []).toString()) as Click),
  )

if (process.argv[1]?.endsWith('batches-to-file.ts')) {
  const folder = mkdtempSync(join(tmpdir(), 'clicks-'))
  const fileOf = (file: number): string => join(folder, `clicks-${String(file)}.batches`)
  batchesPerFile(of({ user: 'ann', page: '/' }, { user: 'bob', page: '/' }, { user: 'ann', page: '/help' }))
    .pipe(mergeMap((batches$) => batches$.pipe(mergeAll(), intoFile(fileOf(batches$.key)))))
    .subscribe({
      next: (records) => console.log(`a batch of ${String(records)}`),
      complete: () => [0, 2].forEach((file) => console.log(fileOf(file), readClicks(fileOf(file)))), // nobody's key is in 1
    })
}
