/** What a send is handed beside its options: functions by name. TypeScript refuses another name; JavaScript would pass it over in silence. */
import { ConfigError, textOf } from '../errors'
import { isSendOption } from './send-options'

interface Place {
  readonly names: readonly string[]
  /** Where options of the stream belong. */
  readonly options: string
}

const SERDE: Place = { names: ['key', 'value'], options: 'behind the serializers' }
const MAKING: Place = { names: ['key', 'value', 'headers', 'timestamp', 'partition'], options: 'into { options }' }

/** Of `send` and `sendFrom`. Throws a ConfigError that names everything that is wrong. */
export const checkSerde = (given: object): void => check(given, SERDE)

/** Of `to`. */
export const checkMaking = (given: object): void => check(given, MAKING)

function check(given: object, place: Place): void {
  const problems = Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    if (!place.names.includes(name)) return [`${name}: ${strayed(name, place)}`]
    return value === undefined || typeof value === 'function' ? [] : [`${name}: ${textOf(value)} given; a function expected`]
  })
  if (problems.length > 0) throw new ConfigError(problems)
}

const strayed = (name: string, { names, options }: Place): string =>
  isSendOption(name) ? `it is an option of the stream, and goes ${options}` : `it is none of ${names.join(', ')}`
