import { changesBetween } from '../../scripts/schemas/changes'
import { changesTable } from '../../scripts/schemas/changes-table'
import { repaired } from '../../scripts/schemas/repairs'
import { readSchema } from '../../codegen/schema/read'

type Facts = Readonly<Record<string, unknown>>

const KEYS = ['Old', 'New', 'Same', 'Changed']
const field = (name: string, more: Facts = {}): Facts => ({ name, type: 'int32', versions: '0+', ...more })
const schema = (name: string, validVersions: string, fields: readonly Facts[], more: Facts = {}): readonly [string, string] => {
  const type = name.endsWith('Request') ? 'request' : 'response'
  return [
    `${name}.json`,
    JSON.stringify({
      apiKey: KEYS.indexOf(name.replace(/Request|Response/, '')),
      type,
      name,
      validVersions,
      flexibleVersions: '0+',
      fields,
      ...more,
    }),
  ]
}
const release = (version: string): readonly [string, string] => ['SOURCE.json', JSON.stringify({ version })]
const codes = (...names: readonly string[]): readonly [string, string] => [
  'tables/error-codes.json',
  JSON.stringify(names.map((name, i) => ({ errorCode: i, name, retriable: false, invalidMetadata: false }))),
]

describe('what changed between two releases', () => {
  const inner = (more: readonly Facts[]): Facts => ({ name: 'Rows', type: '[]Row', versions: '0+', fields: [field('Id'), ...more] })
  const before = new Map([
    release('1.0.0'),
    schema('OldRequest', '0-2', []),
    schema('OldResponse', '0-2', []),
    schema('SameRequest', '0', [field('A')]),
    schema('ChangedRequest', '0-1', [field('A'), field('Gone'), inner([field('Lost')])]),
    codes('NONE'),
  ])
  const after = new Map([
    release('2.0.0'),
    schema('OldRequest', 'none', []),
    schema('OldResponse', 'none', []),
    schema('NewRequest', '0-3', [field('A')], { latestVersionUnstable: true }),
    schema('SameRequest', '0', [field('A')]),
    schema('ChangedRequest', '1-2', [
      field('A', { type: 'string', nullableVersions: '2+', default: 'null', versions: '2+' }),
      inner([{ name: 'More', type: 'More', versions: '2+', tag: 0, taggedVersions: '2+', fields: [field('Deep', { versions: '2+' })] }]),
    ]),
    codes('NONE', 'NEW_ERROR'),
  ])
  const changes = changesBetween(before, after)

  it('is told message by message and field by field', () => {
    expect(changes).toEqual({
      from: '1.0.0',
      to: '2.0.0',
      messages: [
        {
          name: 'ChangedRequest',
          what: 'changed',
          versions: '0-1 → 1-2',
          fields: [
            '~ a: int32, 0+ → string, 2+, nullable 2+, default null',
            '- gone (int32, 0+)',
            '- rows.lost (int32, 0+)',
            '+ rows.more (struct, 2+, tag 0 in 2+)',
          ],
        },
        { name: 'NewRequest', what: 'added', versions: '0-3 (latest unstable)', fields: [] },
        { name: 'OldRequest', what: 'removed', versions: '0-2', fields: [] },
        { name: 'OldResponse', what: 'removed', versions: '0-2', fields: [] },
      ],
      errorCodes: ['+ 1 NEW_ERROR'],
    })
  })

  it('is a table with a row for what came or went as a pair', () => {
    const lines = changesTable(changes).split('\n')
    expect(lines[0]).toBe('Kafka 1.0.0 → 2.0.0: 1 messages added, 2 removed, 1 changed; 1 fields added to them, 2 removed')
    const rows = lines
      .map((line) => line.split('│').map((cell) => cell.trim()))
      .map(([, message, versions, fields]) => [message, versions, fields])
    expect(rows).toContainEqual(['+ NewRequest', '0-3 (latest unstable)', 'added'])
    expect(rows).toContainEqual(['- Old (request, response)', '0-2', 'removed'])
    expect(rows).toContainEqual(['', '', '- gone (int32, 0+)'])
    expect(rows).toContainEqual(['error codes', '', '+ 1 NEW_ERROR'])
  })

  it('is a line where nothing did', () => {
    expect(changesTable(changesBetween(before, before))).toBe(
      'Kafka 1.0.0 → 1.0.0: 0 messages added, 0 removed, 0 changed; 0 fields added to them, 0 removed',
    )
  })
})

describe('the schemas of a release that are mended', () => {
  const trailing =
    '{\n  "name": "DescribeProducersRequest",\n  "fields": [\n      { "name": "Topics", "fields": [\n       ]}\n    ]}\n  ]\n}\n'

  it('are named, with the reason', () => {
    const { text, why } = repaired(trailing, 'DescribeProducersRequest.json', '2.8.2')
    expect(JSON.parse(text)).toEqual({ name: 'DescribeProducersRequest', fields: [{ name: 'Topics', fields: [] }] })
    expect(why).toEqual(['`] }` stands behind its end, where the reader of that release did not look (FAIL_ON_TRAILING_TOKENS came later)'])
    const old = '{ "name": "EndQuorumEpochRequest", "apiKey": 54, "type": "request", "validVersions": "0", "fields": [] }'
    const mended = repaired(old, 'EndQuorumEpochRequest.json', '2.8.1')
    expect(readSchema(mended.text, 'EndQuorumEpochRequest.json')).toMatchObject({ kind: 'message' })
    expect(mended.why).toHaveLength(1)
  })

  it('are no others: what is wrong elsewhere stays wrong', () => {
    for (const [file, version] of [
      ['DescribeProducersRequest.json', '4.4.0'],
      ['DescribeProducersResponse.json', '2.8.2'],
    ] as const)
      expect(repaired(trailing, file, version)).toEqual({ text: trailing, why: [] })
  })
})
