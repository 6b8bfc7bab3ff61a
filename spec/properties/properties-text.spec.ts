import { ConfigError } from '../../lib/errors'
import { parseProperties } from '../../lib/properties/properties-text'

const parsed = (text: string) => Object.fromEntries(parseProperties(text))

describe('the text of a properties file', () => {
  it.each([
    ['a=1', { a: '1' }],
    ['a:1', { a: '1' }],
    ['a 1', { a: '1' }],
    ['  a\t=\f 1 ', { a: '1 ' }],
    ['a==1', { a: '=1' }],
    ['a : = 1', { a: '= 1' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['=1', { '': '1' }],
    ['a=1\r\nb=2\rc=3\nd=4', { a: '1', b: '2', c: '3', d: '4' }],
    ['a=1\na=2', { a: '2' }],
    ['\uFEFFa=1', { a: '1' }],
    ['', {}],
  ])('has a key and a value a line: %j', (text, entries) => {
    expect(parsed(text)).toEqual(entries)
  })

  it.each(['# a=1', '! a=1', '   # a=1', '   ', '# a \\\n! b'])('has lines that say nothing: %j', (text) => {
    expect(parsed(text)).toEqual({})
  })

  it('has comments that do not go on', () => {
    expect(parsed('# comment \\\na=1')).toEqual({ a: '1' })
  })

  it.each([
    ['a=1,\\\n   2,\\\n\t3', '1,2,3'],
    ['a=1\\\n# 2', '1# 2'],
    ['a=1\\\\\nb=2', '1\\'],
    ['a=1\\\\\\\n2', '1\\2'],
    ['a=1\\\n\nb=2', '1'],
    ['a=1\\', '1'],
    ['a\\\n=1', '1'],
  ])('goes on behind a backslash: %j', (text, value) => {
    expect(parsed(text)['a']).toBe(value)
  })

  it.each([
    ['a\\ b=1', { 'a b': '1' }],
    ['a\\=b\\:c=1', { 'a=b:c': '1' }],
    ['a=\\t\\n\\r\\f', { a: '\t\n\r\f' }],
    ['a=\\u00e4\\u20AC', { a: 'ä€' }],
    ['a=\\q\\"\\ ', { a: 'q" ' }],
    ['a=\\\\u12', { a: '\\u12' }],
    ['\\#a=1', { '#a': '1' }],
    ['a=C:\\\\keys', { a: 'C:\\keys' }],
  ])('has escapes: %j', (text, entries) => {
    expect(parsed(text)).toEqual(entries)
  })

  it('names every line whose \\u cannot be read', () => {
    const text = 'a=\\u12\nb=fine\nc=x\\\n  \\uXYZ0'
    expect(() => parsed(text)).toThrow(ConfigError)
    try {
      parsed(text)
    } catch (error) {
      expect((error as ConfigError).problems.map((problem) => problem.split(':')[0])).toEqual(['line 1', 'line 3'])
    }
  })
})
