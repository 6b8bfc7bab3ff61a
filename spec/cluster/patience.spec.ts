import { ConnectError } from '../../lib/errors'
import { rebootstrapPatience } from '../../lib/cluster/patience'
import { brokerError } from '../../lib/protocol/broker-error'

const unreachable = new ConnectError('nobody there')
const ordered = brokerError(129, 'spec')

describe('patience with the nodes that are known', () => {
  it('ends when nothing was answered for as long as it lasts', () => {
    const patience = rebootstrapPatience(1000)
    patience.asking(0)
    patience.asking(900)
    expect([999, 1000].map((now) => patience.endsWith(unreachable, now))).toEqual([false, true])
  })

  it('begins anew when it has ended, and with each answer', () => {
    const patience = rebootstrapPatience(1000)
    patience.asking(0)
    expect([1000, 1999, 2000].map((now) => patience.endsWith(unreachable, now))).toEqual([true, false, true])
    patience.answered()
    expect(patience.endsWith(unreachable, 9000)).toBe(false)
    patience.asking(9000)
    expect(patience.endsWith(unreachable, 9999)).toBe(false)
  })

  it('is not tried while nothing is asked', () => {
    expect(rebootstrapPatience(0).endsWith(unreachable, 1_000_000)).toBe(false)
  })

  it('ends at once when a broker says so', () => {
    const patience = rebootstrapPatience(1000)
    expect([patience.endsWith(ordered, 0), patience.endsWith(brokerError(3, 'spec'), 0)]).toEqual([true, false])
  })

  it('may have no end', () => {
    const patience = rebootstrapPatience(undefined)
    patience.asking(0)
    expect([patience.endsWith(unreachable, 1e9), patience.endsWith(ordered, 1e9)]).toEqual([false, false])
  })
})
