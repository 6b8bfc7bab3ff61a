import { inSlices } from '../../lib/pipeline/slices'
import { virtualTime } from '../support/virtual-time'

const items = Array.from({ length: 1000 }, (_, i) => i)

describe('work in slices', () => {
  it('is done at once when it is short', () => {
    const seen: number[] = []
    inSlices(items, virtualTime().clock, (item) => seen.push(item))
    expect(seen).toEqual(items)
  })

  it('lets the event loop have its turn when it is long', () => {
    const { clock, settle } = virtualTime()
    const seen: number[] = []
    jest.spyOn(clock, 'now').mockImplementation(() => seen.length / 100)
    inSlices(items, clock, (item) => seen.push(item))
    expect(seen).toHaveLength(256)
    settle()
    expect(seen).toEqual(items)
  })

  it('goes on after an item that throws', () => {
    const { clock, settle } = virtualTime()
    const seen: number[] = []
    const handle = (item: number) => {
      seen.push(item)
      if (item === 10) throw new Error('broken')
    }
    expect(() => inSlices(items, clock, handle)).toThrow('broken')
    settle()
    expect(seen).toEqual(items)
  })

  it('arms nothing when there is nothing left', () => {
    const { clock } = virtualTime()
    const yields = jest.spyOn(clock, 'yield')
    inSlices([], clock, () => undefined)
    inSlices([1], clock, () => undefined)
    expect(yields).not.toHaveBeenCalled()
  })
})
