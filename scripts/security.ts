/** `npm run security`: each way into a real Kafka, right and wrong, and what a user sees of it. `-- FILE` writes the table there too. */
import { writeFileSync } from 'node:fs'
import { attempt, CASES, isQuick } from '../spec/integration/security/cases'
import type { Case, Seen } from '../spec/integration/security/cases'
import { LISTENERS, startSecuredKafka } from '../spec/integration/security/secured-kafka'

const HEAD = `Each way into a real Apache Kafka 4.4.0, right and wrong: one record, and what became of it. By npm run security.
The messages are those that a user sees, as they are; ports are replaced by PORT. What is not delivered fails long before maxBlock (30 s), except
METADATA_TIMEOUT: there the listener only hung up, which a broker does too that is just restarting, and maxBlock was set to 1.5 s.
`

const line = ({ listener, what, outcome }: Case, seen: Seen): string => {
  const verdict = outcome === seen.outcome && isQuick(seen) ? ' ' : '!'
  const columns = [
    verdict,
    LISTENERS[listener].padEnd(14),
    listener.padEnd(9),
    what.padEnd(42),
    seen.outcome.padEnd(27),
    `${String(seen.ms)} ms`,
  ]
  const message = seen.message.replaceAll(/:\d{4,5}\b/g, ':PORT')
  return message === '' ? columns.join(' ') : `${columns.join(' ')}\n    ${message}`
}

async function main(file: string | undefined): Promise<boolean> {
  const kafka = await startSecuredKafka()
  const lines = [HEAD]
  try {
    for (const each of CASES) lines.push(line(each, await attempt(kafka, each)))
  } finally {
    await kafka.stop()
  }
  const wrong = lines.filter((text) => text.startsWith('!')).length
  lines.push('', `${String(CASES.length)} ways, ${String(wrong)} of them not as they should be`)
  const text = `${lines.join('\n')}\n`
  process.stdout.write(text)
  if (file !== undefined) writeFileSync(file, text)
  return wrong === 0
}

void main(process.argv[2]).then((isRight) => (process.exitCode = isRight ? 0 : 1))
