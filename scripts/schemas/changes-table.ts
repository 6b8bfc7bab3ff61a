import Table from 'cli-table3'
import type { Changes, MessageChange } from './changes'

/** A row a message; request and response that came or went together share theirs. */
export function changesTable({ from, to, messages, errorCodes }: Changes): string {
  const title = `Kafka ${from} → ${to}: ${summary(messages)}`
  const rows = [...wholeRows(messages, 'added'), ...wholeRows(messages, 'removed'), ...changedRows(messages)]
  if (errorCodes.length > 0) rows.push(['error codes', '', errorCodes.join('\n')])
  if (rows.length === 0) return title
  const table = new Table({ head: ['message', 'versions', 'fields'], style: { head: [], border: [], compact: true } })
  table.push(...rows)
  return `${title}\n${table.toString()}`
}

function summary(messages: readonly MessageChange[]): string {
  const count = (kind: MessageChange['what']): number => messages.filter(({ what }) => what === kind).length
  const fields = messages.flatMap((message) => message.fields)
  const added = fields.filter((line) => line.startsWith('+')).length
  const removed = fields.filter((line) => line.startsWith('-')).length
  const ofMessages = `${String(count('added'))} messages added, ${String(count('removed'))} removed, ${String(count('changed'))} changed`
  return `${ofMessages}; ${String(added)} fields added to them, ${String(removed)} removed`
}

type Row = [string, string, string]

function wholeRows(messages: readonly MessageChange[], what: 'added' | 'removed'): Row[] {
  const sign = what === 'added' ? '+' : '-'
  const whole = messages.filter((message) => message.what === what)
  const names = new Set(whole.map(({ name }) => name))
  return whole.flatMap(({ name, versions }): Row[] => {
    const api = name.replace(/(Request|Response)$/, '')
    const isPair = names.has(`${api}Request`) && names.has(`${api}Response`)
    if (isPair && name.endsWith('Response')) return []
    return [[`${sign} ${isPair ? `${api} (request, response)` : name}`, versions, what]]
  })
}

function changedRows(messages: readonly MessageChange[]): Row[] {
  return messages.filter(({ what }) => what === 'changed').map(({ name, versions, fields }) => [name, versions, fields.join('\n')])
}
