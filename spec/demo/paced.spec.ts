import { setImmediate as turn } from 'node:timers/promises'
import { paced } from '../../demo/paced'

/** Chunks of three numbers, and how often one was asked for. */
const numbers = (chunks: number) => {
  let pulls = 0
  const iterator: AsyncIterator<readonly number[]> = {
    next: () => {
      const first = pulls++ * 3
      return Promise.resolve(pulls > chunks ? { done: true, value: undefined } : { done: false, value: [first, first + 1, first + 2] })
    },
  }
  return { iterator, pulls: () => pulls }
}

const turns = async () => {
  for (let i = 0; i < 20; i++) await turn()
}

describe('paced', () => {
  it('pulls no chunk while too many records are on their way', async () => {
    const { iterator, pulls } = numbers(4)
    const { records$, settled } = paced(iterator, 4)
    const seen: number[] = []
    records$.subscribe((record) => seen.push(record))
    await turns()
    expect([pulls(), seen]).toEqual([2, [0, 1, 2, 3, 4, 5]])
    settled()
    settled()
    await turns()
    expect(pulls()).toBe(2)
    settled()
    await turns()
    expect([pulls(), seen.length]).toEqual([3, 9])
  })

  it('completes when the source is exhausted', async () => {
    const { records$, settled } = paced(numbers(100).iterator, 1)
    const done = jest.fn()
    records$.subscribe({ next: () => setImmediate(settled), complete: done })
    for (let i = 0; i < 100 && done.mock.calls.length === 0; i++) await turns()
    expect(done).toHaveBeenCalledTimes(1)
  })

  it('survives records that settle at once', async () => {
    const { iterator, pulls } = numbers(5_000)
    const { records$, settled } = paced(iterator, 1)
    await new Promise<void>((complete, error) => records$.subscribe({ next: settled, complete, error }))
    expect(pulls()).toBe(5_001)
  })

  it('passes a failing source on', async () => {
    const { records$ } = paced({ next: () => Promise.reject(new Error('disk')) }, 1)
    await expect(new Promise((complete, error) => records$.subscribe({ complete: () => complete(0), error }))).rejects.toThrow('disk')
  })
})
