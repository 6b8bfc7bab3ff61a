import { CASES } from './cases'
import { CLIENTS } from './clients/all'
import { benchCodecs } from './codecs'
import { compare } from './compare'
import { parseAsked } from './compare-arguments'
import { benchPressure } from './pressure'
import { benchTestCluster } from './test-cluster'

const HELP = `Sends the same loads with kafkarx and with what a user would take instead, in turns, to one real broker. What is not there is installed
into .cache; what cannot be is told as absent, with the reason.

  npm run bench                       6 rounds of every case: half an hour
  npm run bench -- --case NAME        that one; again for more: ${CASES.map(({ name }) => name).join(', ')}
  npm run bench -- --client NAME      only that one; again for more: ${CLIENTS.map(({ name }) => name).join(', ')}
  npm run bench -- --rounds N
  npm run bench -- --quick            1 round of a tenth of the records: shows that it runs, not how fast
  npm run bench -- --write            keeps the results of these cases in bench/results/bench.jsonl, and makes docs/benchmarks.md and
                                      docs/benchmarks.svg of all that is kept
  npm run bench -- --render           makes them again of what is kept
  npm run bench -- --against CHECKOUT this tree against another checkout of it, in which \`npm run build\` was run, instead of the others
  npm run bench -- codecs             the codecs alone, against those of other clients (--help says more)
  npm run bench -- pressure           more than the broker can take at once: memory, and what was delivered (--help says more)
  npm run bench -- test-cluster       kcat into \`kafkarx broker\` and into a real Kafka (--help says more)
`

const OTHERS: Readonly<Record<string, (words: readonly string[]) => Promise<void>>> = {
  codecs: benchCodecs,
  pressure: benchPressure,
  'test-cluster': benchTestCluster,
}

const main = async ([first = '', ...rest]: readonly string[]): Promise<void> => {
  const other = OTHERS[first]
  if (other) return other(rest)
  const asked = parseAsked(first === '' ? [] : [first, ...rest])
  if (!asked) return void process.stdout.write(HELP)
  return compare(asked)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
})
