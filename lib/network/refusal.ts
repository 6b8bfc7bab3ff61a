/** Which errors of connecting are somebody's decision: trying again helps only when somebody changes his mind, or what we show him. */
import { AuthenticationError, CredentialsError, TlsError, TokenError } from '../errors'
import type { KafkaError } from '../errors'

const REFUSALS = [AuthenticationError, TlsError, CredentialsError, TokenError] as const

/** A token endpoint that is down is no refusal: it is retriable. */
export const isRefusal = (error: KafkaError): boolean => !error.retriable && REFUSALS.some((each) => error instanceof each)
