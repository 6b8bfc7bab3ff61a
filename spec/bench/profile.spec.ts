import { allocationCosts, cpuCosts } from '../../bench/profile/profiles'
import { stepOf } from '../../bench/profile/steps'

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 9 })
const file = (path: string): string => `file:///somewhere/dist/cjs/${path}`
const step = (functionName: string, path: string) => stepOf({ functionName, url: file(path), caller: undefined })

describe('the step that a function belongs to', () => {
  it('is that of its file', () => {
    expect(step('next', 'pipeline/serialize.js')).toBe('serialize')
    expect(step('read', 'generated/messages/ProduceResponse.js')).toBe('read and decode')
    expect(step('write', 'generated/messages/ProduceRequest.js')).toBe('encode request')
  })

  it('is told by its name where a file holds two', () => {
    expect(step('append', 'batch/batch.js')).toBe('append')
    expect(step('seal', 'batch/batch.js')).toBe('seal')
  })

  it('is never lost: a file of the library that nobody has heard of is the rest', () => {
    expect(step('next', 'pipeline/of-tomorrow.js')).toBe('the rest of kafkarx')
  })

  it('is that of the caller, for what has no file', () => {
    const caller = { functionName: 'next', url: file('pipeline/serialize.js'), line: 1 }
    expect(stepOf({ functionName: 'push', url: '', caller })).toBe('serialize')
    expect(stepOf({ functionName: 'writev', url: '', caller })).toBe('write')
    expect(stepOf({ functionName: '(program)', url: '', caller: undefined })).toBe('the event loop')
  })
})

describe('a CPU profile', () => {
  const nodes = [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('outer', 'file:///a.js'), children: [3] },
    { id: 3, callFrame: frame('push') },
    { id: 4, callFrame: frame('(idle)') },
  ]

  it('gives a sample the time until the next one, and keeps waiting apart', () => {
    const { busy, idle } = cpuCosts({ nodes, samples: [2, 3, 4, 2], timeDeltas: [5, 10, 20, 40] })

    expect(busy.map(({ functionName, amount }) => [functionName, amount])).toEqual([
      ['push', 20_000],
      ['outer', 10_000],
    ])
    expect(idle).toBe(40_000)
  })

  it('names who called what has no file', () => {
    const { busy } = cpuCosts({ nodes, samples: [3, 3], timeDeltas: [0, 1] })

    expect(busy[0]?.caller).toEqual({ functionName: 'outer', url: 'file:///a.js', line: 10 })
  })

  it('is refused when there is nothing in it', () => {
    expect(() => cpuCosts({ nodes: [], samples: [], timeDeltas: [] })).toThrow('the profile is empty')
  })
})

it('sums what a function allocated, whoever called it', () => {
  const at = (selfSize: number) => ({ callFrame: frame('make', 'file:///a.js'), selfSize, children: [] })
  const under = (name: string, size: number) => ({ callFrame: frame(name, 'file:///b.js'), selfSize: 0, children: [at(size)] })
  const head = { callFrame: frame('(root)'), selfSize: 0, children: [under('one', 3), under('two', 4)] }

  expect(allocationCosts({ head })).toEqual([{ functionName: 'make', url: 'file:///a.js', line: 10, caller: undefined, amount: 7 }])
})
