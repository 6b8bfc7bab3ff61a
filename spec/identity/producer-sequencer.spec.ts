import type { ProducerNumber } from '../../lib/batch/batch-header'
import type { Fate, Numbered } from '../../lib/batch/sequencer'
import { LocalEpochs } from '../../lib/identity/producer-epochs'
import { producerSequencer } from '../../lib/identity/producer-sequencer'

interface TestBatch extends Numbered {
  number: ProducerNumber | undefined
  onWay: boolean
  doubtful: boolean
}

const NOBODY = { onWay: 0, sinceOldest: 0 }

/** One partition whose batches leave and end as the spec says. */
function partition(id = { producerId: 7n, producerEpoch: 0 }) {
  const epochs = new LocalEpochs({ demand: () => undefined, bumped: () => undefined })
  epochs.assign(id)
  const sequencer = producerSequencer(epochs)
  const unsettled: TestBatch[] = []
  const onWay = () => unsettled.filter((batch) => batch.onWay).length

  const batchOf = (recordCount: number, createdAt = 0): TestBatch => {
    const batch: TestBatch = {
      ...{ recordCount, createdAt, onWay: false, doubtful: false, number: undefined },
      numberAs: (number) => (batch.number = number),
    }
    unsettled.push(batch)
    return batch
  }
  /** `acknowledged`: how many batches the log has behind the oldest, whose end is not known. */
  const mayLeave = (batch: TestBatch, acknowledged = 0) =>
    sequencer.mayLeave(batch, { onWay: onWay(), sinceOldest: onWay() + acknowledged })
  const leave = (batch: TestBatch) => {
    sequencer.leaves(batch, unsettled)
    batch.onWay = true
  }
  const end = (batch: TestBatch, fate: Fate) => {
    batch.onWay = false
    unsettled.splice(unsettled.indexOf(batch), 1)
    sequencer.ended(batch, fate)
  }
  const comeBack = (batch: TestBatch, doubtful = false) => {
    batch.onWay = false
    batch.doubtful ||= doubtful
    sequencer.returned(batch)
  }
  const outOfOrder = (batch: TestBatch) => {
    batch.onWay = false
    return sequencer.outOfOrder(batch, unsettled[0] === batch)
  }
  /** Batches of ten records that have left, after one that the log took. */
  const flight = (count: number) => {
    const known = batchOf(1)
    leave(known)
    end(known, 'appended')
    return Array.from({ length: count }, () => {
      const batch = batchOf(10)
      leave(batch)
      return batch
    })
  }
  const divide = (batch: TestBatch, ...parts: TestBatch[]) => {
    batch.onWay = false
    unsettled.splice(unsettled.indexOf(batch), 1, ...parts.map((part) => unsettled.splice(unsettled.indexOf(part), 1)[0] ?? part))
    sequencer.divided(batch, parts)
  }
  const madeAnew = (): void => sequencer.madeAnew()
  return { divide, madeAnew, epochs, batchOf, mayLeave, leave, end, comeBack, outOfOrder, flight }
}

const show = ({ number }: TestBatch) => number && `${number.producerEpoch}:${number.baseSequence}`

describe('the numbers of a partition', () => {
  it('follow one another', () => {
    const { flight } = partition()
    expect(flight(3).map(show)).toEqual(['0:1', '0:11', '0:21'])
  })

  it('are shared out among the parts of a batch that is split, and what is behind it keeps its own', () => {
    const { flight, divide, batchOf, comeBack, mayLeave, leave, end } = partition()
    const [large, second] = flight(2)
    const [a, b] = [batchOf(6), batchOf(4)]
    divide(large, a, b)
    comeBack(second)
    expect([a, b, second].map(show)).toEqual(['0:1', '0:7', '0:11'])
    for (const batch of [a, b, second]) {
      expect(mayLeave(batch)).toBe(true)
      leave(batch)
      end(batch, 'appended')
    }
    expect([a, b, second].map(show)).toEqual(['0:1', '0:7', '0:11'])
  })

  it('are not given before there is an id', () => {
    const epochs = new LocalEpochs({ demand: () => undefined, bumped: () => undefined })
    const sequencer = producerSequencer(epochs)
    const batch = partition().batchOf(1)
    expect(sequencer.mayLeave(batch, NOBODY)).toBe(false)
    epochs.assign({ producerId: 1n, producerEpoch: 0 })
    expect(sequencer.mayLeave(batch, NOBODY)).toBe(true)
  })
})

describe('how many are on their way', () => {
  it('is one until the log has taken one, since a log that does not know the producer takes any number', () => {
    const { batchOf, mayLeave, leave, end } = partition()
    const [first, second] = [batchOf(1), batchOf(1)]
    leave(first)
    expect(mayLeave(second)).toBe(false)
    end(first, 'appended')
    leave(second)
    expect(mayLeave(batchOf(1))).toBe(true)
  })

  it('is five at most, which is what brokers remember', () => {
    const { flight, batchOf, mayLeave, end } = partition()
    const [first] = flight(5)
    const sixth = batchOf(1)
    expect(mayLeave(sixth)).toBe(false)
    end(first, 'appended')
    expect(mayLeave(sixth)).toBe(true)
  })

  it('is fewer when some were acknowledged behind one that may be in the log: it must stay among those that brokers remember', () => {
    const { flight, batchOf, mayLeave } = partition()
    flight(2)
    const next = batchOf(1)
    expect([mayLeave(next, 2), mayLeave(next, 3)]).toEqual([true, false])
  })

  it('is one again after an hour of silence: the log may have forgotten the producer', () => {
    const { flight, batchOf, mayLeave } = partition()
    flight(1)
    expect([mayLeave(batchOf(1, 3_599_999)), mayLeave(batchOf(1, 3_600_000))]).toEqual([true, false])
  })

  it('is one for a batch that came back, and for those behind it until the log has taken it', () => {
    const { flight, mayLeave, leave, end, comeBack, batchOf } = partition()
    const [first, second] = flight(2)
    comeBack(first)
    expect(mayLeave(first)).toBe(false)
    comeBack(second)
    expect(mayLeave(first)).toBe(true)
    leave(first)
    expect([show(first), mayLeave(second)]).toEqual(['0:1', false])
    end(first, 'appended')
    leave(second)
    expect([show(second), mayLeave(batchOf(1))]).toEqual(['0:11', true])
  })
})

describe('behind a batch that was refused for good', () => {
  it('everything gets new numbers in another epoch, once nothing is on its way', () => {
    const { flight, end, comeBack, outOfOrder, mayLeave, leave, batchOf } = partition()
    const [bad, second, third] = flight(3)
    const fresh = batchOf(5)
    end(bad, 'refused')
    expect(outOfOrder(second)).toBe('again')
    expect(mayLeave(second)).toBe(false)
    comeBack(third)
    expect(mayLeave(second)).toBe(true)
    leave(second)
    expect([second, third].map(show)).toEqual(['1:0', undefined])
    end(second, 'appended')
    leave(third)
    end(third, 'appended')
    leave(fresh)
    expect([third, fresh].map(show)).toEqual(['1:10', '1:20'])
  })

  it('also what is in doubt, since the log takes nothing behind a number that it misses', () => {
    const { flight, end, comeBack, leave } = partition()
    const [bad, second] = flight(2)
    end(bad, 'refused')
    comeBack(second, true)
    leave(second)
    expect(show(second)).toBe('1:0')
  })
})

describe('behind a batch whose fate is not known', () => {
  it('what is in doubt keeps its number when the log may be another one, which took whatever came first', () => {
    const { flight, madeAnew, comeBack, end, leave } = partition()
    const [refused, doubtful] = flight(2)
    end(refused, 'refused')
    comeBack(doubtful, true)
    madeAnew()
    leave(doubtful)
    expect(show(doubtful)).toBe('0:11')
  })

  it('what is in doubt keeps its number also when what is in front of it begins another epoch in such a log', () => {
    const { flight, madeAnew, outOfOrder, comeBack, leave } = partition()
    const [missed, doubtful] = flight(2)
    expect(outOfOrder(missed)).toBe('again')
    comeBack(doubtful, true)
    madeAnew()
    leave(missed)
    expect([missed, doubtful].map(show)).toEqual(['1:0', '0:11'])
  })

  it('what is in doubt keeps its number, and when the log takes it all is as it was', () => {
    const { flight, end, comeBack, mayLeave, leave, batchOf } = partition()
    const [lost, second] = flight(2)
    comeBack(lost, true)
    end(lost, 'unknown')
    comeBack(second, true)
    expect(mayLeave(second)).toBe(true)
    leave(second)
    expect(show(second)).toBe('0:11')
    end(second, 'appended')
    const next = batchOf(1)
    leave(next)
    expect(show(next)).toBe('0:21')
  })

  it('what is in doubt is never numbered anew: when the log refuses its number, its fate cannot be found out', () => {
    const { flight, end, comeBack, outOfOrder, leave, batchOf } = partition()
    const [lost, second] = flight(2)
    comeBack(lost, true)
    end(lost, 'unknown')
    comeBack(second, true)
    leave(second)
    expect(outOfOrder(second)).toBe('unknown')
    end(second, 'unknown')
    const next = batchOf(1)
    leave(next)
    expect(show(next)).toBe('1:0')
  })

  it('what was never in doubt begins another epoch', () => {
    const { flight, end, comeBack, leave } = partition()
    const [lost, second] = flight(2)
    comeBack(lost, true)
    end(lost, 'unknown')
    comeBack(second)
    leave(second)
    expect(show(second)).toBe('1:0')
  })

  it('nothing happens when it turns out to be in the log after all', () => {
    const { flight, comeBack, end, batchOf, leave } = partition()
    const [last] = flight(1)
    comeBack(last, true)
    end(last, 'unknown')
    end(last, 'appended')
    const next = batchOf(1)
    leave(next)
    expect(show(next)).toBe('0:11')
  })
})

describe('a batch out of order', () => {
  it('is only sent again while something in front of it is unsettled', () => {
    const { flight, outOfOrder, comeBack, leave } = partition()
    const [first, second] = flight(2)
    comeBack(first)
    expect(outOfOrder(second)).toBe('again')
    leave(first)
    expect(show(first)).toBe('0:1')
  })

  it('is numbered anew when the log misses what it had acknowledged', () => {
    const { flight, outOfOrder, leave } = partition()
    const [first] = flight(1)
    expect(outOfOrder(first)).toBe('again')
    leave(first)
    expect(show(first)).toBe('1:0')
  })
})

describe('another partition that began a new epoch', () => {
  it('is followed as soon as nothing of this one is numbered, and not before', () => {
    const { epochs, flight, batchOf, leave, end } = partition()
    const [first] = flight(1)
    epochs.after(epochs.current())
    const second = batchOf(3)
    leave(second)
    expect(show(second)).toBe('0:11')
    end(first, 'appended')
    end(second, 'appended')
    const third = batchOf(1)
    leave(third)
    expect(show(third)).toBe('1:0')
  })
})
