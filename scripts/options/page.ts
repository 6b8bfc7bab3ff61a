/** docs/options.md: the tables of lib/properties as a page. A spec holds the two together. */
import { ownKeys } from '../../lib/properties/own-keys'
import type { Rule, Rules } from '../../lib/properties/rule'
import { saslKeys } from '../../lib/properties/sasl-keys'
import { sslKeys } from '../../lib/properties/ssl-keys'
import javaKeys from '../../spec/golden/java-producer-keys.json'

const INTRO = `# Java's configuration, key by key

\`fromProperties(text)\` takes the \`producer.properties\` of Java's producer, as text or as an object with the same keys, and gives a config for
\`producer\`. Here is each of the ${String(javaKeys.length)} keys of Kafka 4.4, and what becomes of it:

- **an option** of that name (\`linger\`), or part of one together with other keys (part of \`tls\`);
- **no effect**: the key is accepted, since ignoring it changes nothing for whoever set it;
- **only** some values: those that say what is so anyway; any other is refused;
- **refused**: with the reason, and what to do instead.

All that is refused, unknown or cannot be read is named in one error. A key that you have dealt with yourself, or that is there for another program, is
passed over when it is named in \`fromProperties(text, { ignore: ['group.id'] })\`. \`{ brokers: ['b1:9092'] }\` stands in for a file that names no
bootstrap.servers. What a value may be is what Kafka says; times are as long as a timer can be, 24 days, at most.

This page is made by \`npm run options\`; every option of \`producer\` by its own name is in the [README](../README.md#options).
`

const SECTIONS: readonly (readonly [title: string, rules: Rules])[] = [
  ['The producer', ownKeys],
  ['TLS', sslKeys],
  ['SASL', saslKeys],
]

type Row = readonly [key: string, javaDefault: string, here: string, remark: string]

const HEAD: Row = ['key', 'default in Java', 'here', '']

export const optionsPage = (): string => [INTRO, ...SECTIONS.map(([title, rules]) => `## ${title}\n\n${tableOf(rules)}\n`)].join('\n')

function tableOf(rules: Rules): string {
  const rows: readonly Row[] = [
    HEAD,
    ...Object.entries(rules).map(([key, rule]): Row => [`\`${key}\``, defaultOf(key), hereOf(rule), remarkOf(rule)]),
  ]
  const widths = HEAD.map((_, column) => Math.max(3, ...rows.map((row) => (row[column] ?? '').length)))
  const lineOf = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [head = HEAD, ...body] = rows
  return [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)].join('\n')
}

function defaultOf(key: string): string {
  const value = javaKeys.find(({ name }) => name === key)?.default ?? ''
  return value === '' || value === 'required' ? value : `\`${simpleName(value)}\``
}

/** Of a class, without its package. */
const simpleName = (value: string): string => (/^(?:[a-z]+\.)+[A-Z]\w*$/.test(value) ? value.slice(value.lastIndexOf('.') + 1) : value)

function hereOf(rule: Rule): string {
  if (rule.type === 'option') return `\`${rule.option}\``
  if (rule.type === 'part') return `part of \`${rule.of}\``
  if (rule.type === 'idle') return 'no effect'
  const accepted = [...new Set(rule.accepts.map((value) => `\`${simpleName(value)}\``))]
  return accepted.length === 0 ? 'refused' : `only ${accepted.join(', ')}`
}

function remarkOf(rule: Rule): string {
  if (rule.type === 'option') return rule.note ?? ''
  if (rule.type === 'part') return rule.note
  return rule.type === 'idle' ? rule.why : `${rule.why}; ${rule.instead}`
}
