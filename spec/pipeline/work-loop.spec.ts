import { workLoop } from '../../lib/pipeline/work-loop'

describe('a work loop', () => {
  it('works once for each trigger while it is idle', () => {
    const work = jest.fn()
    const trigger = workLoop(work)
    trigger()
    trigger()
    expect(work).toHaveBeenCalledTimes(2)
  })

  it('works again for a trigger from within its work, after that has returned', () => {
    const log: string[] = []
    let runs = 0
    const trigger = workLoop(() => {
      const run = ++runs
      log.push(`${run} begins`)
      if (run === 1) trigger()
      log.push(`${run} ends`)
    })
    trigger()
    expect(log).toEqual(['1 begins', '1 ends', '2 begins', '2 ends'])
  })

  it('makes one of many triggers, and loses none that comes in the last moment', () => {
    let runs = 0
    const trigger = workLoop(() => {
      runs++
      if (runs <= 3) for (let i = 0; i < 10; i++) trigger()
    })
    trigger()
    expect(runs).toBe(4)
  })

  it('takes no stack for triggers from within', () => {
    let runs = 0
    const trigger = workLoop(() => {
      if (++runs < 100_000) trigger()
    })
    trigger()
    expect(runs).toBe(100_000)
  })

  it('works again after its work threw', () => {
    const work = jest.fn().mockImplementationOnce(() => {
      trigger()
      throw new Error('once')
    })
    const trigger = workLoop(work)
    expect(trigger).toThrow('once')
    trigger()
    expect(work).toHaveBeenCalledTimes(2)
  })
})
