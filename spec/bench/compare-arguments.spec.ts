import { CASES } from '../../bench/cases'
import { parseAsked } from '../../bench/compare-arguments'

const names = (words: readonly string[]) => parseAsked(words)?.cases.map(({ name }) => name)

describe('the words of npm run bench', () => {
  it('mean six rounds of every case that need not be asked for by name', () => {
    expect(parseAsked([])).toMatchObject({ clients: [], rounds: 6, write: false, render: false, against: undefined })
    expect(names([])).toEqual(CASES.filter(({ onlyByName }) => !onlyByName).map(({ name }) => name))
  })

  it('choose cases, clients and rounds', () => {
    const asked = parseAsked(['--case', 'burst', '--case', 'java-tuning', '--client', 'kafkarx', '--rounds', '2'])
    expect(asked).toMatchObject({ cases: [{ name: 'burst' }, { name: 'java-tuning' }], clients: ['kafkarx'], rounds: 2 })
  })

  it('mean one round of a tenth when it must be quick', () => {
    expect(parseAsked(['--quick', '--case', 'bulk-1k'])).toMatchObject({ rounds: 1, cases: [{ records: 80_000 }] })
  })

  it('mean what kafkarx plays in when it runs against another tree', () => {
    expect(names(['--against', '../before'])).not.toContain('java-tuning')
    expect(parseAsked(['--against', '../before'])).toMatchObject({ against: '../before' })
  })

  it.each([
    [['--case', 'bulk'], 'there is no case bulk: bulk-100, bulk-1k'],
    [['--client', 'go'], 'there is no client go: kafkarx'],
    [['--rounds', '0'], '--rounds takes a whole number from 1 on, not 0'],
    [['--write', '--quick'], '--write keeps whole cases'],
    [['--write', '--client', 'kafkarx'], '--write keeps whole cases'],
  ])('are refused with what to say instead: %j', (words, complaint) => {
    expect(() => parseAsked(words)).toThrow(complaint)
  })

  it('give help', () => {
    expect(parseAsked(['--help'])).toBeUndefined()
  })
})
