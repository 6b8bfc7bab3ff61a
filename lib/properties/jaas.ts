/** `sasl.jaas.config`: the class of a login module, a flag, options, a semicolon. What it says is never part of a problem. */
import type { Reader } from './reader'

export interface LoginModule {
  /** The name of its class, with its package. */
  readonly name: string
  readonly options: Readonly<Record<string, string>>
}

export const loginModule: Reader<LoginModule> = (text) => {
  const tokens = tokensOf(text)
  if (tokens === undefined) return { expected: 'no quote that is left open' }
  const [name, flag, ...rest] = tokens
  const end = rest.at(-1)
  if (name?.type !== 'word') return { expected: 'the class of a login module first' }
  if (flag?.type !== 'word' || !FLAGS.has(flag.text.toLowerCase())) return { expected: 'required behind the class of the login module' }
  if (end?.type !== ';') return { expected: 'a semicolon at the end' }
  return optionsOf(name.text, rest.slice(0, -1))
}

const FLAGS: ReadonlySet<string> = new Set(['required', 'requisite', 'sufficient', 'optional'])

function optionsOf(name: string, tokens: readonly Token[]): ReturnType<typeof loginModule> {
  const options: [string, string][] = []
  for (let i = 0; i < tokens.length; i += 3) {
    const [key, equals, value] = tokens.slice(i, i + 3)
    if (key?.type === ';') return { expected: 'one login module' }
    if (key?.type !== 'word') return { expected: 'options as name="value"' }
    if (equals?.type !== '=' || value === undefined || !('text' in value)) return { expected: `${key.text}="…"` }
    options.push([key.text, value.text])
  }
  return { value: { name, options: Object.fromEntries(options) } }
}

type Token = { readonly type: 'word' | 'quoted'; readonly text: string } | { readonly type: '=' | ';' }

/** Blanks and comments; a quoted text; a sign; a word. */
const TOKEN = /(?:\s|\/\/[^\n]*|\/\*.*?\*\/)+|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([=;])|([^\s=;"']+)/gsy

/** Undefined where a quote is not closed. */
function tokensOf(text: string): readonly Token[] | undefined {
  const tokens: Token[] = []
  let end = 0
  for (const [whole, double, single, sign, word] of text.matchAll(TOKEN)) {
    end += whole.length
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ type: 'quoted', text: unescaped(quoted) })
    else if (sign !== undefined) tokens.push({ type: sign as '=' | ';' })
    else if (word !== undefined) tokens.push({ type: 'word', text: word })
  }
  return end === text.length ? tokens : undefined
}

const SPECIAL: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** As in C, octal numbers included. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:([0-3][0-7]{0,2}|[4-7][0-7]?)|(.))/gs, (_whole, octal: string | undefined, one = '') =>
    octal === undefined ? (SPECIAL[one as string] ?? (one as string)) : String.fromCharCode(parseInt(octal, 8)),
  )
