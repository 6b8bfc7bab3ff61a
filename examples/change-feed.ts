/** The changes of a table, from where the last run came to: npx tsx examples/change-feed.ts */
import { map, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { json, producer, string } from '../lib/index' // in a program of yours: from 'kafkarx'
import type { Producer } from '../lib/index' // in a program of yours: from 'kafkarx'
import { testCluster } from '../lib/entries/testing' // in a program of yours: from 'kafkarx/testing'

export interface Change {
  /** Grows with every change of the table. */
  readonly position: number
  readonly id: string
  readonly row: Readonly<Record<string, unknown>>
}

/** Where the program that runs next begins: a row of the same database, a file. */
export interface Bookmark {
  load(): number
  save(position: number): void
}

/** The changes after a position, a page at a time. A page is asked for when the producer has room for what is in it, and not before. */
export async function* changesAfter(position: number, pageAfter: (position: number) => Promise<readonly Change[]>) {
  for (let page = await pageAfter(position); page.length > 0; page = await pageAfter(position)) {
    yield* page
    position = page.at(-1)?.position ?? position
  }
}

/**
 * The positions that are safe. Deliveries come in the order of the changes (`ordered`), and the first failure ends the stream (`stop`), so
 * that everything up to a saved position is in Kafka. Changes after it may be there as well, and are sent again by the next run: every
 * change at least once, and in order for each id.
 */
export const replicate = (feed: (after: number) => AsyncIterable<Change>, bookmark: Bookmark, kafka: Producer): Observable<number> =>
  kafka
    .sendFrom(
      () => feed(bookmark.load()), // a function: each subscription begins where the last one came to
      ({ id, row, position }) => ({ topic: 'changes', key: id, value: row, context: position }),
      { key: string(), value: json<Change['row']>() },
      { ordered: true, onError: 'stop' },
    )
    .pipe(
      map(({ context }) => context),
      tap((position) => bookmark.save(position)),
    )

if (process.argv[1]?.endsWith('change-feed.ts')) {
  const cluster = testCluster({ topics: { changes: 3 } })
  const kafka = producer({ brokers: cluster.brokers, transport: cluster.transport })
  const table = [1, 2, 3, 4, 5].map((position) => ({ position, id: `row-${String(position % 2)}`, row: { position } }))
  const pageAfter = (after: number) => Promise.resolve(table.filter(({ position }) => position > after).slice(0, 2))
  let saved = 1 // as a run before this one left it
  const bookmark = { load: () => saved, save: (position: number) => void (saved = position) }
  replicate((after) => changesAfter(after, pageAfter), bookmark, kafka).subscribe({
    next: (result) => console.log(result),
    complete: () => kafka.close(),
  })
}
