import { ErrorCode } from '../../../../lib/generated/error-codes'
import { Partition } from '../../../../lib/testing/state/partition'
import { NO_EPOCH, Transaction } from '../../../../lib/testing/state/transactions/transaction'
import { initialisationOf } from '../../../../lib/testing/state/transactions/transaction-initialising'

const home = new Partition({ topic: '__transaction_state', index: 0, replicas: [1], retentionBytes: 1000 })

const created = (): Transaction => new Transaction({ transactionalId: 'tx', producerId: 7n, home, now: 0 })

/** Producer 7. */
function at(producerEpoch: number, formerEpoch = NO_EPOCH): Transaction {
  const transaction = created()
  transaction.initialise({ producerId: 7n, producerEpoch }, { formerEpoch, timeoutMs: 1, now: 0 })
  return transaction
}

const who = (producerEpoch: number, producerId = 7n) => ({ producerId, producerEpoch })
const refused = (error: number) => ({ type: 'refuse', error })

describe('who asks for an identity', () => {
  it('and says nothing of himself gets the next epoch, and nobody before him knows the way back', () => {
    expect(initialisationOf(at(4, 3), undefined)).toEqual({ type: 'next', formerEpoch: NO_EPOCH })
  })

  it('and is the one in charge gets the next epoch, and may ask again', () => {
    expect(initialisationOf(at(4), who(4))).toEqual({ type: 'next', formerEpoch: 4 })
    expect(initialisationOf(at(5, 4), who(4))).toEqual({ type: 'same' })
  })

  it('and was in charge before somebody else took over is fenced', () => {
    expect(initialisationOf(at(5), who(4))).toEqual(refused(ErrorCode.PRODUCER_FENCED))
    expect(initialisationOf(at(5, 4), who(3))).toEqual(refused(ErrorCode.PRODUCER_FENCED))
    expect(initialisationOf(at(5), who(6))).toEqual(refused(ErrorCode.PRODUCER_FENCED))
  })

  it('and names a producer id that is not his is fenced', () => {
    expect(initialisationOf(at(5), who(5, 8n))).toEqual(refused(ErrorCode.PRODUCER_FENCED))
  })

  it('is taken for what he says when the coordinator has forgotten everything', () => {
    expect(initialisationOf(created(), who(5, 8n))).toEqual({ type: 'next', formerEpoch: NO_EPOCH })
  })

  it('has to wait until the transaction before is aborted, or its markers are written', () => {
    const transaction = at(4)
    transaction.add([], 0)
    const open = initialisationOf(transaction, undefined)
    transaction.prepare('commit', 0)

    expect(open).toEqual({ type: 'takeOver' })
    expect(initialisationOf(transaction, undefined)).toEqual(refused(ErrorCode.CONCURRENT_TRANSACTIONS))
    expect(initialisationOf(transaction, who(9))).toEqual(refused(ErrorCode.CONCURRENT_TRANSACTIONS))
  })

  it('gets another producer id when the epochs are used up, and may ask again', () => {
    const rotated = at(32_766)
    rotated.initialise({ producerId: 8n, producerEpoch: 0 }, { formerEpoch: 32_766, timeoutMs: 1, now: 0 })

    expect(initialisationOf(at(32_765), undefined)).toMatchObject({ type: 'next' })
    expect(initialisationOf(at(32_766), undefined)).toEqual({ type: 'rotate', formerEpoch: NO_EPOCH })
    expect(initialisationOf(at(32_766), who(32_766))).toEqual({ type: 'rotate', formerEpoch: 32_766 })
    expect(initialisationOf(at(32_766), who(32_765))).toEqual(refused(ErrorCode.UNKNOWN_SERVER_ERROR))
    expect(initialisationOf(rotated, who(32_766))).toEqual({ type: 'same' })
    expect(initialisationOf(rotated, who(32_765))).toEqual(refused(ErrorCode.PRODUCER_FENCED))
  })
})
