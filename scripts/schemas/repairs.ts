/** What is wrong with some schema of a release, why it may be mended, and how. Named one by one: anything else is refused as it stands. */
interface Repair {
  readonly releases: RegExp
  readonly files: readonly string[]
  readonly why: string
  readonly mend: (text: string) => string
}

const REPAIRS: readonly Repair[] = [
  {
    releases: /^2\.8\./,
    files: ['DescribeProducersRequest.json'],
    why: "`] }` stands behind its end, where the reader of that release did not look (FAIL_ON_TRAILING_TOKENS came later)",
    mend: (text) => text.replace(/(\n {4}\]\})\s*\]\s*\}\s*$/, '$1\n'),
  },
  {
    releases: /^2\.8\./,
    files: [
      ...['BeginQuorumEpochRequest.json', 'BeginQuorumEpochResponse.json', 'ConsumerProtocolAssignment.json'],
      ...['ConsumerProtocolSubscription.json', 'EndQuorumEpochRequest.json', 'EndQuorumEpochResponse.json', 'OffsetDeleteRequest.json'],
      ...['OffsetDeleteResponse.json', 'SaslHandshakeRequest.json', 'SaslHandshakeResponse.json'],
    ],
    why: "they lack `flexibleVersions`: Kafka's generator took that for none before it asked for it",
    mend: (text) => text.replace(/"validVersions": *"[^"]*"/, '$&, "flexibleVersions": "none"'),
  },
]

/** The text of a schema as it is read, and why it is not the one of the release. */
export function repaired(text: string, file: string, release: string): { readonly text: string; readonly why: readonly string[] } {
  const due = REPAIRS.filter(({ releases, files }) => releases.test(release) && files.includes(file))
  return { text: due.reduce((mended, { mend }) => mend(mended), text), why: due.map(({ why }) => why) }
}
