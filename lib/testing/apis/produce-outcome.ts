/** What became of one partition of a Produce request. */
import { ErrorCode } from '../../generated/error-codes'
import type { PartitionProduceResponseInput } from '../../generated/messages/ProduceResponse'

export interface Outcome extends Required<
  Pick<PartitionProduceResponseInput, 'errorCode' | 'baseOffset' | 'logAppendTimeMs' | 'logStartOffset'>
> {
  readonly errorMessage: string | null
  readonly recordErrors: NonNullable<PartitionProduceResponseInput['recordErrors']>
  /** Of what was appended: all in-sync replicas have to have the log up to here before acks=all is answered. */
  readonly required?: bigint
}

const NOWHERE = { baseOffset: -1n, logAppendTimeMs: -1n, logStartOffset: -1n, errorMessage: null, recordErrors: [] }

/** `more`: what the answer says beside the error. */
export const refusal = (errorCode: number, more: Partial<Omit<Outcome, 'errorCode'>> = {}): Outcome => ({ ...NOWHERE, ...more, errorCode })

interface Place {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  /** −1: the records carry the time at which they were made. */
  readonly logAppendTimeMs: number
  readonly logStartOffset: bigint
}

export const success = ({ baseOffset, lastOffset, logAppendTimeMs, logStartOffset }: Place): Outcome => ({
  ...NOWHERE,
  errorCode: ErrorCode.NONE,
  baseOffset,
  logAppendTimeMs: BigInt(logAppendTimeMs),
  logStartOffset,
  required: lastOffset + 1n,
})
