import { OnWay } from '../../lib/batch/on-way'

describe('batches on their way', () => {
  it('keep a node busy until the last of them has arrived', () => {
    const onWay = new OnWay()
    onWay.left(1)
    onWay.left(1)
    onWay.left(2)
    onWay.arrived(1)
    expect([onWay.isBusy(1), onWay.isBusy(2), onWay.isBusy(3), onWay.isEmpty]).toEqual([true, true, false, false])
    onWay.arrived(1)
    onWay.arrived(2)
    expect([onWay.isBusy(1), onWay.isBusy(2), onWay.isEmpty]).toEqual([false, false, true])
  })
})
