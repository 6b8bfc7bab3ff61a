/** Whose work a function is: the step of a record's way that its file belongs to. */
import type { Cost } from './profiles'

export const STEPS = [
  'source and subscriber',
  'accept and account',
  'serialize',
  'partition',
  'append',
  'seal',
  'checksum',
  'encode request',
  'write',
  'read and decode',
  'settle',
  'deliver',
  'between the steps',
  'the rest of kafkarx',
  "Node's own JavaScript",
  'the event loop',
  'garbage collection',
] as const

export type Step = (typeof STEPS)[number]

interface Rule {
  readonly step: Step
  readonly file: RegExp
  /** Where one file holds the work of two steps. */
  readonly named?: RegExp
}

/** The first that fits. Files by name where a folder does not say it. */
const RULES: readonly Rule[] = [
  { step: 'checksum', file: /wire\/crc32c|@node-rs\/crc32/ },
  { step: 'seal', file: /batch\/batch\.js$/, named: /seal|close|number|crc|filled|trim/i },
  { step: 'deliver', file: /batch\/batch\.js$/, named: /settle|release|takePieces/i },
  { step: 'seal', file: /batch\/accumulator\.js$/, named: /drain|ready|dueTime|hasPlace|expired|restsUntil/ },
  { step: 'settle', file: /batch\/accumulator\.js$/, named: /arrived|again|settle|late|leaveIfEmpty/ },
  { step: 'seal', file: /batch\/(batch-header|compress.*)\.js$|batch\/compression\/|\/identity\// },
  { step: 'deliver', file: /batch\/delivered-record\.js$|pipeline\/(deliver|teller)\.js$/ },
  { step: 'settle', file: /batch\/(verdicts|split)\.js$|pipeline\/(settle|produce-results|leader-hints|final-error)\.js$/ },
  { step: 'append', file: /\/batch\/|wire\/varint|partitioners\/(sticky|partition-table)/ },
  {
    step: 'append',
    file: /pipeline\/(accumulate|admission|waiting-room|funnel|work-loop|gather|company|batch-streams|room)\.js$|cjs\/alarm\.js$/,
  },
  { step: 'serialize', file: /\/serializers\/|pipeline\/(serialize|in-order)\.js$|wire\/utf8/ },
  { step: 'partition', file: /\/partitioners\/|pipeline\/(partition|topic-lines?|waiting-lines)\.js$|\/cluster\// },
  { step: 'accept and account', file: /pipeline\/(send.*|intake|ledger|in-flight-limit|in-order-limit|input-order|to|pull.*|refuse)\.js$/ },
  { step: 'read and decode', file: /wire\/reader|network\/(frames|in-flight)|generated\/.*Response/ },
  { step: 'encode request', file: /wire\/(writer|message)|protocol\/|generated\/|pipeline\/produce\.js$/ },
  { step: 'write', file: /\/network\// },
  { step: 'between the steps', file: /node_modules\/rxjs\/|pipeline\/(operate|stage)\.js$/ },
  { step: 'source and subscriber', file: /(producer|ceiling)-load\.js$/ },
  { step: 'the rest of kafkarx', file: /\/dist\/cjs\// },
  { step: "Node's own JavaScript", file: /^node:/ },
]

/** What has no file is the work of who called it, but for what tells by its name that it is a step of its own. */
const NATIVE: Readonly<Record<string, Step>> = {
  crc32c: 'checksum',
  writev: 'write',
  writeBuffer: 'write',
  '(garbage collector)': 'garbage collection',
}

export function stepOf({ functionName, url, caller }: Pick<Cost, 'functionName' | 'url' | 'caller'>): Step {
  const native = url === '' ? NATIVE[functionName] : undefined
  if (native !== undefined) return native
  const place = caller ?? { functionName, url }
  const rule = RULES.find(({ file, named }) => file.test(place.url) && (named === undefined || named.test(place.functionName)))
  return rule?.step ?? 'the event loop'
}
