import { parseLine } from '../../demo/record-line'

describe('parseLine', () => {
  it.each([
    ['{"key":"k","value":"v"}', { key: 'k', value: 'v', headers: [] }],
    ['{"value":{"a":[1]},"key":7}', { key: '7', value: '{"a":[1]}', headers: [] }],
    ['{"value":null}', { key: null, value: null, headers: [] }],
    ['{"value":"","key":""}', { key: '', value: '', headers: [] }],
    [
      '{"value":"v","headers":{"a":"1","b":null,"c":{}},"partition":0,"timestamp":5}',
      {
        key: null,
        value: 'v',
        headers: [
          { key: 'a', value: '1' },
          { key: 'b', value: null },
          { key: 'c', value: '{}' },
        ],
        partition: 0,
        timestamp: 5,
      },
    ],
  ])('takes %s as a record', (line, expected) => {
    expect(parseLine(line)).toEqual(expected)
  })

  it.each(['{"sensor":1,"value":2}', '{"key":"k"}', '[1,2]', '"text"', 'null', ' 12 ', '{}'])(
    'takes %s as a value without a key',
    (line) => {
      expect(parseLine(line)).toEqual({ key: null, value: line, headers: [] })
    },
  )

  it.each([
    ['{"value":', /JSON/],
    ['nothing', /JSON/],
    ['{"value":1,"partition":-1}', /partition must be a whole number/],
    ['{"value":1,"timestamp":"now"}', /timestamp must be a whole number/],
    ['{"value":1,"headers":[]}', /headers must be an object/],
  ])('refuses %s', (line, reason) => {
    expect(() => parseLine(line)).toThrow(reason)
  })
})
