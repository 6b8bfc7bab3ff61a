import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageModel } from '../../codegen/schema/model'
import { readSchema } from '../../codegen/schema/read'
import { messages } from '../../lib/generated/messages'
import type { Message } from '../../lib/wire/message'
import { seeded, ValueMaker, type Value } from './support/values'

const SEEDS = 3

const codecs = Object.values(messages) as unknown as readonly Message<Value>[]
const cases = codecs.map((codec) => ({ name: codec.name, codec, model: modelOf(codec.name) }))

describe('every message of the protocol', () => {
  it('is there, with every version', () => {
    const pairs = (type: string): number =>
      codecs.filter((codec) => codec.type === type).reduce((sum, { validVersions: { min, max } }) => sum + max - min + 1, 0)
    expect(['request', 'response', 'header', 'data'].map(pairs)).toEqual([309, 309, 4, 18])
  })

  it.each(cases)('$name gives back at every version what was written at it', ({ codec, model }) => {
    for (const version of versionsOf(codec)) {
      for (let seed = 0; seed < SEEDS; seed++) {
        const value = new ValueMaker(model, version, seeded(seed * 1000 + version)).make()
        const bytes = codec.encode(value, version)
        expect(codec.decode(bytes, version)).toEqual(value)
        expect(codec.encode(codec.decode(bytes, version), version)).toEqual(bytes)
      }
    }
  })

  it.each(cases)('$name creates what its schema calls default', ({ codec, model }) => {
    expect(codec.create()).toEqual(new ValueMaker(model, codec.validVersions.max, seeded(0)).defaults())
  })
})

function modelOf(name: string): MessageModel {
  const file = `${name}.json`
  const schema = readSchema(readFileSync(join(__dirname, '..', '..', 'schemas', file), 'utf8'), file)
  if (schema.kind !== 'message') throw new Error(`${name} has no versions`)
  return schema.model
}

function versionsOf({ validVersions: { min, max } }: Message<Value>): readonly number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}
