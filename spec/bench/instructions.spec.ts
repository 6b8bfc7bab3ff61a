import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { atOnce } from '../../bench/instructions/at-once'
import { readBases } from '../../bench/instructions/base'
import { STEP_NAMES } from '../../bench/instructions/program/step'
import type { StepName } from '../../bench/instructions/program/step'
import { comparisonTable, remarks } from '../../bench/instructions/report'
import { dearerIn, isComparison, verdictOf } from '../../bench/instructions/verdicts'
import type { Compared } from '../../bench/instructions/verdicts'

const FIRST = '1111111'
const SECOND = '2222222'

describe('the bases of the comparison', () => {
  it('are one commit for every step, until a later line names some of them', () => {
    const bases = readBases(`# why\n${FIRST} * where it began\n\n${SECOND} append,seal records carry more since\n`)

    expect(bases.get('append')).toBe(SECOND)
    expect(bases.get('seal')).toBe(SECOND)
    expect(bases.get('deliver')).toBe(FIRST)
  })

  it.each([
    ['a line without a reason', `${FIRST} *`, /base.txt:1: expected are a commit, steps and the reason/],
    ['what is no commit', 'main * because', /base.txt:1: expected are a commit/],
    ['a step that there is not', `${FIRST} * begun\n${SECOND} apend because`, /base.txt:2: there is no step apend; there are serialize/],
    ['a step without a base', `${FIRST} append because`, /names no commit for serialize/],
  ])('are refused with %s', (_, text, message) => {
    expect(() => readBases(text)).toThrow(message)
  })

  it('are there for every step in the file of this tree', () => {
    const text = readFileSync(join(__dirname, '..', '..', 'bench', 'instructions', 'base.txt'), 'utf8')

    expect([...readBases(text).keys()]).toEqual(STEP_NAMES)
  })
})

const cost = (instructions: number, bytes = 100) => ({ unit: 'record', instructions, bytes }) as const
const compared = (base: Compared['base'], here: Compared['here'], step: StepName = 'append'): Compared => ({
  ...{ step, commit: FIRST, base, here },
})

describe('the verdict on a step', () => {
  it.each([
    ['same', cost(1000), cost(1030)],
    ['dearer', cost(1000), cost(1031)],
    ['cheaper', cost(1000), cost(960)],
    ['dearer', cost(1000, 100), cost(500, 110)],
    ['same', cost(1000, 3), cost(1000, 6)],
    ['new', { failed: 'TypeError: accumulate is not a function' }, cost(1000)],
  ] as const)('is %s', (verdict, base, here) => {
    expect(verdictOf(compared(base, here))).toBe(verdict)
  })

  it('says of what it is more', () => {
    expect(dearerIn(compared(cost(1000, 100), cost(1100, 100)))).toEqual(['instructions'])
    expect(dearerIn(compared(cost(1000, 100), cost(1000, 110)))).toEqual(['bytes'])
  })

  it('is none when nothing runs at the base', () => {
    const failed = { failed: 'no such file' }

    expect(isComparison([compared(failed, cost(1)), compared(failed, cost(1), 'seal')])).toBe(false)
    expect(isComparison([compared(failed, cost(1)), compared(cost(1), cost(1), 'seal')])).toBe(true)
  })
})

describe('the report', () => {
  const all = [
    compared(cost(1000), cost(1000)),
    compared(cost(1000), cost(1123.4), 'seal'),
    compared({ failed: 'gone' }, cost(5), 'settle'),
  ]

  it('has a row for each step', () => {
    const rows = comparisonTable(all).split('\n')

    expect(rows.find((row) => row.includes('seal'))).toMatch(/1,000 .* 1,123 .* \+12\.34 % .* dearer/)
    expect(rows.find((row) => row.includes('append'))).toMatch(/\+0\.00 % .* same/)
  })

  it('says what to do about a step that is dearer, and why one is new', () => {
    expect(remarks(all)).toEqual([
      expect.stringMatching(/^seal is dearer than at 1111111: \+12\.34 % instructions\..*COMMIT seal WHY$/),
      'settle is new: it does not run on 1111111 (gone)',
    ])
  })
})

it('works on so many values at once, and gives the results in their order', async () => {
  let atWork = 0
  let most = 0
  const results = await atOnce(2, [3, 1, 2], async (value) => {
    most = Math.max(most, ++atWork)
    for (let turns = 0; turns < value; turns++) await Promise.resolve()
    atWork--
    return value * 10
  })

  expect(results).toEqual([30, 10, 20])
  expect(most).toBe(2)
})
