/** What becomes of a key of Java's producer: the vocabulary of the tables `own-keys.ts`, `ssl-keys.ts` and `sasl-keys.ts`. */
import type { ProducerConfig } from '../config'
import type { Reader } from './reader'

export type Rule =
  /** It is an option here. `note`: where the two differ. */
  | { readonly type: 'option'; readonly option: keyof ProducerConfig; readonly read: Reader<unknown>; readonly note?: string }
  /** It becomes part of an option, together with other keys. `note`: how. */
  | { readonly type: 'part'; readonly of: keyof ProducerConfig; readonly note: string; readonly secret?: true }
  /** It may say what is so anyway; without such values it is refused whatever it says. */
  | { readonly type: 'only'; readonly accepts: readonly string[]; readonly why: string; readonly instead: string; readonly secret?: true }
  /** It is accepted and has no effect: that changes nothing for whoever set it. */
  | { readonly type: 'idle'; readonly why: string }

export type Rules = Readonly<Record<string, Rule>>

type Value<K extends keyof ProducerConfig> = Exclude<ProducerConfig[K], undefined>

export const option = <K extends keyof ProducerConfig>(name: K, read: Reader<Value<K>>, note?: string): Rule => ({
  type: 'option',
  option: name,
  read,
  ...(note !== undefined && { note }),
})

export const part = (of: keyof ProducerConfig, note: string): Rule => ({ type: 'part', of, note })

/** Its value is never shown. */
export const secretPart = (of: keyof ProducerConfig, note: string): Rule => ({ type: 'part', of, note, secret: true })

interface Reason {
  readonly why: string
  /** What to do: a sentence's end. */
  readonly instead: string
}

export const only = (accepts: readonly string[], reason: Reason): Rule => ({ type: 'only', accepts, ...reason })

export const refused = (reason: Reason): Rule => only([], reason)

export const refusedSecret = (reason: Reason): Rule => ({ type: 'only', accepts: [], ...reason, secret: true })

export const idle = (why: string): Rule => ({ type: 'idle', why })
