/**
 * What the error of a partition in a Produce answer means for its batch.
 *
 *   retry    send it again after a pause
 *   refresh  the same, and ask for metadata: this broker does not lead the partition, or does not know it
 *   split    send its records again in smaller batches; a record alone fails
 *   isolate  the records that it names fail, the others are sent again; an answer says so, and no code
 *   fail     its records fail
 */
import { errorCodeFacts } from '../generated/error-codes'

export type Verdict = 'retry' | 'refresh' | 'split' | 'isolate' | 'fail'

const EXCEPTIONS: Readonly<Record<string, Verdict>> = {
  MESSAGE_TOO_LARGE: 'split',
}

export function verdictOf(errorCode: number): Verdict {
  const { name, retriable, invalidMetadata } = errorCodeFacts(errorCode)
  const exception = EXCEPTIONS[name] as Verdict | undefined
  return exception ?? (invalidMetadata ? 'refresh' : retriable ? 'retry' : 'fail')
}
