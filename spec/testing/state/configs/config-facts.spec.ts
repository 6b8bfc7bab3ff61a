import { atLeast, between, betweenOr, itemsOf, listOf, oneOf, parseConfig } from '../../../../lib/testing/state/configs/config-facts'
import type { Check, ConfigType } from '../../../../lib/testing/state/configs/config-facts'

const parse = (type: ConfigType, text: string, check?: Check) => {
  const parsed = parseConfig({ name: 'it', type, default: null, check }, text)
  return 'value' in parsed ? parsed.value : parsed.problem
}

describe('a setting', () => {
  it.each<[ConfigType, string, string]>([
    ['boolean', ' TRUE ', 'true'],
    ['boolean', 'false', 'false'],
    ['int', '+007', '7'],
    ['int', '-2147483648', '-2147483648'],
    ['short', '32767', '32767'],
    ['long', ' 9223372036854775807', '9223372036854775807'],
    ['double', '1', '1.0'],
    ['double', '.5', '0.5'],
    ['double', '1e-1', '0.1'],
    ['string', ' gzip ', 'gzip'],
    ['list', ' compact ,delete, compact', 'compact,delete'],
    ['list', '', ''],
    ['list', ' , ,', ','],
  ])('of type %s takes %p for %p', (type, text, value) => {
    expect(parse(type, text)).toBe(value)
  })

  it.each<[ConfigType, string, string]>([
    ['boolean', 'yes', 'it cannot be "yes": it must be true or false'],
    ['int', '2147483648', 'it cannot be "2147483648": it must be a whole number of 32 bits'],
    ['int', '0x10', 'it cannot be "0x10": it must be a whole number of 32 bits'],
    ['int', '', 'it cannot be "": it must be a whole number of 32 bits'],
    ['short', '32768', 'it cannot be "32768": it must be a whole number of 16 bits'],
    ['long', '1.0', 'it cannot be "1.0": it must be a whole number of 64 bits'],
    ['double', 'half', 'it cannot be "half": it must be a number'],
  ])('of type %s does not take %p', (type, text, problem) => {
    expect(parse(type, text)).toBe(problem)
  })

  it.each<[string, Check, readonly string[], readonly string[]]>([
    ['at least', atLeast(-1), ['-1', '5'], ['-2']],
    ['between', between(0, 1), ['0', '1'], ['-1', '2']],
    ['between, or another', betweenOr(-1, between(1, 9)), ['-1', '1', '9'], ['0', '10']],
    ['one of', oneOf('a', 'b'), ['a', 'b'], ['c', '', 'a,b']],
    ['a list of', listOf('a', 'b'), ['', 'a', 'a,b'], ['c', 'a,', ',', 'a,c']],
  ])('%s', (_, check, good, bad) => {
    expect(good.map(check)).toEqual(good.map(() => undefined))
    expect(bad.map(check)).toEqual(bad.map(() => expect.stringMatching(/^it /)))
  })

  it('has no values when it is empty', () => {
    expect([itemsOf(''), itemsOf('a,b')]).toEqual([[], ['a', 'b']])
  })
})
