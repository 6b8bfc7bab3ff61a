import { errorIn, linesOf } from '../../../bench/clients/process'

const script = (source: string, ticks?: number) =>
  linesOf({ command: process.execPath, words: ['-e', source], environment: { TOLD: 'yes' }, ...(ticks !== undefined && { ticks }) })

/** Says that it is ready, and at the end of its input how long that was and how far apart the ticks were due. */
const COUNTS_TICKS = `
  const all = []
  process.stdin.on('data', (chunk) => all.push(chunk))
  process.stdin.on('end', () => {
    const ticks = Buffer.concat(all)
    console.log(ticks.length + ' ' + (ticks.readDoubleLE(ticks.length - 8) - ticks.readDoubleLE(0)).toFixed(3))
  })
  console.log('READY')
`

describe('a program that is measured', () => {
  it('tells what it printed, with the environment that it was given', async () => {
    expect(await script('console.log("a\\n" + process.env.TOLD)')).toEqual(['a', 'yes'])
  })

  it('that fails tells what it complained of', async () => {
    await expect(script('console.error("no broker"); process.exitCode = 1')).rejects.toThrow('no broker')
    await expect(script('process.exitCode = 3')).rejects.toThrow('ended with 3')
  })

  it('that is not there fails too', async () => {
    await expect(linesOf({ command: 'no-such-program-anywhere', words: [] })).rejects.toThrow('ENOENT')
  })

  it('gets a tick for each millisecond from when it is ready, with the time at which it was due', async () => {
    expect(await script(COUNTS_TICKS, 20)).toEqual(['READY', '160 19.000'])
  })
})

describe('what a program complained of', () => {
  it('is the error in the midst of code and stack, or the last thing that it said', () => {
    expect(errorIn('x.js:7\n    f()\n    ^\n\nRangeError: too deep\n    at f (x.js:7)\n\nNode.js v24')).toBe('RangeError: too deep')
    expect(errorIn('%3|log of a library\nthe broker is gone\n')).toBe('the broker is gone')
    expect(errorIn('')).toBeUndefined()
  })
})
