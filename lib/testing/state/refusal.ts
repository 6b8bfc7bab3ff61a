/** Why something that an administrator asked for is not done. */
import { ErrorCode } from '../../generated/error-codes'
import type { ErrorName } from '../../generated/error-codes'

export interface Refusal {
  readonly errorCode: number
  readonly errorMessage: string | null
}

export const refusal = (name: ErrorName, errorMessage: string | null = null): Refusal => ({ errorCode: ErrorCode[name], errorMessage })

/** In the place of the refusal that there is not. */
export const NOT_REFUSED: Refusal = refusal('NONE')

/** An error that somebody ordered; undefined when nobody did. */
export const ordered = (errorCode: number): Refusal | undefined => (errorCode === 0 ? undefined : { errorCode, errorMessage: null })

export const isRefusal = (value: object): value is Refusal => 'errorCode' in value

/** Kafka's controller does not begin with what has no time left. */
export const outOfTime = (timeoutMs: number): Refusal | undefined => (timeoutMs > 0 ? undefined : refusal('REQUEST_TIMED_OUT'))
