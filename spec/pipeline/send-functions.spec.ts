import { ConfigError } from '../../lib/errors'
import { checkMaking, checkSerde } from '../../lib/pipeline/send-functions'
import { producer } from '../../lib/producer'
import { string } from '../../lib/serializers/text'

const problemsOf = (check: () => unknown): readonly string[] => {
  try {
    check()
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('functions of a send', () => {
  it('are taken, and may be left out', () => {
    const all = { key: string(), value: undefined }
    const making = { ...all, headers: () => ({}), timestamp: () => 0, partition: () => 0 }
    expect([checkSerde({}), checkSerde(all), checkMaking({}), checkMaking(making)]).toEqual([undefined, undefined, undefined, undefined])
  })

  it.each([
    [{ val: string() }, ['val: it is none of key, value']],
    [{ value: 'json' }, ['value: json given; a function expected']],
    [{ key: null }, ['key: null given; a function expected']],
    [{ ordered: true }, ['ordered: it is an option of the stream, and goes behind the serializers']],
    [{ val: string(), value: 1 }, ['val: it is none of key, value', 'value: 1 given; a function expected']],
    [{ constructor: string() }, ['constructor: it is none of key, value']],
  ])('that are none are named: %p', (serde, problems) => {
    expect(problemsOf(() => checkSerde(serde))).toEqual(problems)
  })

  it.each([
    [{ valeu: string() }, ['valeu: it is none of key, value, headers, timestamp, partition']],
    [{ key: 'id' }, ['key: id given; a function expected']],
    [{ ordered: true }, ['ordered: it is an option of the stream, and goes into { options }']],
  ])('to a topic that are none are named: %p', (making, problems) => {
    expect(problemsOf(() => checkMaking(making))).toEqual(problems)
  })

  it('are looked at when they are handed in, and not at the first record', () => {
    const kafka = producer({ brokers: ['nowhere.invalid:9092'] })
    const wrong = { ordered: true } as never
    const calls = [() => kafka.send(wrong), () => kafka.sendFrom([], () => ({ topic: 'orders' }), wrong), () => kafka.to('orders', wrong)]
    expect(calls.map((call) => problemsOf(call).length)).toEqual([1, 1, 1])
  })
})
