import { LeaderEpochs } from '../../../../lib/testing/state/log/leader-epochs'

/** Epochs with where they begin, in a log that ends at 100. */
function epochsOf(...starts: readonly (readonly [epoch: number, startOffset: bigint])[]): LeaderEpochs {
  const epochs = new LeaderEpochs()
  for (const [epoch, startOffset] of starts) epochs.assign(epoch, startOffset)
  return epochs
}

const UNKNOWN = { epoch: -1, endOffset: -1n }

describe('LeaderEpochs', () => {
  it('knows nothing in the beginning', () => {
    const epochs = epochsOf()
    expect(epochs.latest).toBe(-1)
    expect(epochs.endOf(0, 100n)).toEqual(UNKNOWN)
    expect(epochs.at(0n)).toBe(-1)
  })

  it('says where an epoch ends: where the next one begins, the last one with the log', () => {
    const epochs = epochsOf([0, 0n], [2, 10n], [5, 40n])
    expect(epochs.endOf(0, 100n)).toEqual({ epoch: 0, endOffset: 10n })
    expect(epochs.endOf(2, 100n)).toEqual({ epoch: 2, endOffset: 40n })
    expect(epochs.endOf(5, 100n)).toEqual({ epoch: 5, endOffset: 100n })
  })

  it('takes the epoch before for one under which nothing was written', () => {
    const epochs = epochsOf([0, 0n], [2, 10n], [5, 40n])
    expect(epochs.endOf(1, 100n)).toEqual({ epoch: 0, endOffset: 10n })
    expect(epochs.endOf(4, 100n)).toEqual({ epoch: 2, endOffset: 40n })
  })

  it('does not know an epoch of the future, nor none at all', () => {
    const epochs = epochsOf([0, 0n], [2, 10n])
    expect(epochs.endOf(3, 100n)).toEqual(UNKNOWN)
    expect(epochs.endOf(-1, 100n)).toEqual(UNKNOWN)
  })

  it('gives the beginning of the log for an epoch that is gone', () => {
    const epochs = epochsOf([3, 0n], [4, 10n])
    expect(epochs.endOf(1, 100n)).toEqual({ epoch: 1, endOffset: 0n })
  })

  it('forgets an epoch that was followed before anybody wrote', () => {
    const epochs = epochsOf([0, 0n], [1, 10n], [2, 10n])
    expect(epochs.endOf(1, 100n)).toEqual({ epoch: 0, endOffset: 10n })
    expect(epochs.at(10n)).toBe(2)
  })

  it('does not begin an epoch twice', () => {
    const epochs = epochsOf([0, 0n], [1, 10n], [1, 20n])
    expect(epochs.endOf(0, 100n)).toEqual({ epoch: 0, endOffset: 10n })
  })

  it('forgets what is cut off at the end', () => {
    const epochs = epochsOf([0, 0n], [1, 10n], [2, 20n])
    epochs.truncateTo(20n)
    expect(epochs.latest).toBe(1)
    epochs.truncateTo(15n)
    expect(epochs.endOf(1, 15n)).toEqual({ epoch: 1, endOffset: 15n })
  })

  it('begins with the log when that loses its front', () => {
    const epochs = epochsOf([0, 0n], [1, 10n], [2, 20n])
    epochs.beginAt(15n)
    expect(epochs.at(15n)).toBe(1)
    expect(epochs.at(14n)).toBe(-1)
    expect(epochs.endOf(0, 100n)).toEqual({ epoch: 0, endOffset: 15n })
    epochs.beginAt(20n)
    expect(epochs.at(20n)).toBe(2)
    expect(epochs.endOf(1, 100n)).toEqual({ epoch: 1, endOffset: 20n })
  })
})
