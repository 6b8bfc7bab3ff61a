import { clockOf } from '../../../lib/time'
import { lineOf } from '../../../lib/testing/memory/line'
import type { LineConditions } from '../../../lib/testing/memory/line'
import { virtualTime } from '../../../lib/testing/virtual-time'

const PERFECT: LineConditions = { latency: 0, rate: Infinity, chunk: Infinity, silent: false }

/** A line whose conditions can be changed, and what came out of it, when. */
const line = (some: Partial<LineConditions> = {}, arrived: () => unknown = () => undefined) => {
  const time = virtualTime()
  const log: string[] = []
  let conditions = { ...PERFECT, ...some }
  const note = (what: string) => void log.push(`${String(time.now)}: ${what}`)
  const out = lineOf({
    clock: clockOf(time.scheduler),
    conditions: () => conditions,
    arrive: (bytes) => {
      note(Buffer.from(bytes).toString())
      arrived()
    },
    ended: () => note('end'),
  })
  return {
    time,
    log,
    out,
    become: (next: Partial<LineConditions>) => {
      conditions = { ...conditions, ...next }
      out.changed()
    },
    write: (text: string) => out.write([Buffer.from(text)], () => note(`released ${text}`)),
  }
}

describe('lineOf', () => {
  it('neither takes nor hands over anything within a call of write', () => {
    const { time, log, write } = line()
    write('a')
    expect(log).toEqual([])
    time.advance(0)
    expect(log).toEqual(['0: released a', '0: a'])
  })

  it('reads bytes when it takes them: who changes them before damages what he sends', () => {
    const { time, log, out } = line({ rate: 1 })
    const bytes = Buffer.from('abc')
    out.write([bytes], () => undefined)
    bytes[0] = 0x78
    time.advance(3)
    bytes[1] = 0x79
    time.advance(1)
    expect(log).toEqual(['3: xbc'])
  })

  it('takes what is written at its rate, one write after the other', () => {
    const { time, log, write } = line({ rate: 2 })
    write('abcd')
    write('ef')
    time.advance(10)
    expect(log).toEqual(['2: released abcd', '2: abcd', '3: released ef', '3: ef'])
  })

  it.each([0, 0.5, 2])('takes what waits at the new rate from the time of the change, after %f', (rate) => {
    const { time, log, write, become } = line({ rate })
    write('abcdefgh')
    write('ij')
    time.advance(1)
    become({ rate: 4 })
    time.advance(100)
    const taken = 1 + (8 - rate) / 4
    expect(log.filter((entry) => entry.includes('released'))).toEqual([
      `${String(taken)}: released abcdefgh`,
      `${String(taken + 0.5)}: released ij`,
    ])
    write('k')
    become({ rate: Infinity })
    time.advance(0)
    expect([log.at(-1), time.pending]).toEqual(['101: k', 0])
  })

  it('hands over nothing more when it falls silent while it hands over', () => {
    const { time, log, write, become } = line({ latency: 5 }, () => time.now < 100 && become({ silent: true }))
    for (const text of ['a', 'b']) write(text)
    time.advance(1)
    write('c')
    time.advance(100)
    expect([log.filter((entry) => !entry.includes('released')), time.pending]).toEqual([['5: a'], 0])
    become({ silent: false })
    time.advance(0)
    expect(log.slice(-2)).toEqual(['101: b', '101: c'])
  })

  it('takes nothing at a rate of 0', async () => {
    const { time, log, write } = line({ rate: 0 })
    write('a')
    await time.settle()
    expect(log).toEqual([])
  })

  it('never lets bytes overtake those before them, though its latency falls', () => {
    const { time, log, write, become } = line({ latency: 100 })
    write('first')
    time.advance(10)
    become({ latency: 1 })
    write('second')
    time.advance(200)
    expect(log.filter((entry) => !entry.includes('released'))).toEqual(['100: first', '100: second'])
  })

  it('hands over pieces of the size that it is told', () => {
    const { time, log, write } = line({ chunk: 2 })
    write('abcde')
    time.advance(0)
    expect(log).toEqual(['0: released abcde', '0: ab', '0: cd', '0: e'])
  })

  it('keeps what travels while it is silent, and hands it over afterwards, in order', async () => {
    const { time, log, write, become } = line({ latency: 5 })
    write('a')
    time.advance(1)
    become({ silent: true })
    write('b')
    await time.settle()
    expect(log).toEqual(['0: released a', '1: released b'])
    expect(time.pending).toBe(0)
    time.advance(50)
    become({ silent: false })
    await time.settle()
    expect(log.slice(2)).toEqual(['51: a', '51: b'])
  })

  it('tells of the end behind everything that it took', () => {
    const { time, log, out, write } = line({ latency: 5 })
    write('a')
    time.advance(1)
    out.finish()
    time.advance(10)
    expect(log).toEqual(['0: released a', '5: a', '6: end'])
  })

  it('gives back what it has not taken, unread, and keeps no timer for it', async () => {
    const { time, log, out, write } = line({ rate: 0.001 })
    write('a')
    write('b')
    out.giveBack()
    expect(log).toEqual([])
    await time.settle()
    expect(log).toEqual(['0: released a', '0: released b'])
  })

  it('is exact enough for times that have no exact sum', () => {
    const { time, log, write } = line({ rate: 3, latency: 0.1 })
    for (const text of ['a', 'b', 'c', 'd']) write(text)
    time.advance(2)
    expect(log.filter((entry) => !entry.includes('released')).map((entry) => entry.at(-1))).toEqual(['a', 'b', 'c', 'd'])
    expect(time.pending).toBe(0)
  })
})
