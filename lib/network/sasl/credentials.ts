/** Asks users' functions for a password or a token; what goes wrong there is an error of its own, without what they gave. */
import { CredentialsError, KafkaError, textOf } from '../../errors'
import { isPromise, whenThere } from './eventually'
import type { Eventually } from './eventually'

/** `what`: `the password`, `the token`. Throws a CredentialsError, or rejects with one; a KafkaError, such as a TokenError, says enough itself. */
export function askFor<T>(what: string, give: () => Eventually<T>): Eventually<T> {
  const failed = (cause: unknown): never => {
    if (cause instanceof KafkaError) throw cause
    throw new CredentialsError(`The function that gives ${what} failed: ${textOf(cause)}`, cause)
  }
  let given: Eventually<T>
  try {
    given = give()
  } catch (cause) {
    return failed(cause)
  }
  return isPromise(given) ? Promise.resolve(given).catch(failed) : given
}

/** A text, or a function that is asked at each login. */
export type Password = string | (() => Eventually<string>)

/** JavaScript may give anything. */
export function passwordFrom(password: Password): Eventually<string> {
  if (typeof password === 'string') return password
  return whenThere(askFor('the password', password), (given: unknown) => {
    if (typeof given === 'string' && given !== '') return given
    throw new CredentialsError('The function that gives the password gave none: a text that is not empty was expected')
  })
}
