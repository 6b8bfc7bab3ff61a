export type Facts = string | number | boolean | readonly Facts[] | { readonly [key: string]: Facts }

const STRUCTURE = new Set(['fields', 'commonStructs'])

/** JSON with one line a field, and its own fields indented below: a change of a field is a change of one line. */
export function layout(facts: Facts): string {
  const lines = Object.entries(facts).map(([key, value]: [string, Facts]) => `  ${JSON.stringify(key)}: ${entry(key, value, '  ')}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

function entry(key: string, value: Facts, indent: string): string {
  if (!STRUCTURE.has(key) || !Array.isArray(value)) return inline(value)
  const items = value.map((item: Facts) => `${indent}  ${object(item, `${indent}  `)}`)
  return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`
}

function object(facts: Facts, indent: string): string {
  const entries = Object.entries(facts).map(([key, value]: [string, Facts]) => `${JSON.stringify(key)}: ${entry(key, value, indent)}`)
  return `{ ${entries.join(', ')} }`
}

function inline(value: Facts): string {
  return Array.isArray(value) ? `[${value.map(inline).join(', ')}]` : JSON.stringify(value)
}
