/** The keys of Java's producer in spec/golden, and our reading of properties, held against the classes that Kafka and Java released. */
import { isDeepStrictEqual } from 'node:util'
import { javaProperties, producerKeys } from '../../kafka/producer-options'
import { parseProperties } from '../../lib/properties/properties-text'
import javaKeys from '../golden/java-producer-keys.json'
import { describeWithKafka } from './support'

type Entries = Readonly<Record<string, string>> | null

const ours = (text: string): Entries => {
  try {
    return Object.fromEntries(parseProperties(text))
  } catch {
    return null
  }
}

/** Java makes a key without a name of a lone backslash at the end of a text, or of none of it, as the end of the line is written. */
const named = (entries: Entries | undefined): Entries | undefined =>
  entries && Object.fromEntries(Object.entries(entries).filter(([key]) => key !== ''))

/** Every text of so many signs of these: separators, escapes, ends of lines, comments. */
const SIGNS = ['a', '=', ' ', '\\', '\n', '\r', '#', 'u0041']
const textsOf = (length: number): readonly string[] =>
  length === 0 ? [''] : textsOf(length - 1).flatMap((text) => SIGNS.map((sign) => text + sign))

describeWithKafka('the options of Java’s producer', () => {
  it('are those in the jar that Kafka released', async () => {
    expect(await producerKeys()).toEqual(javaKeys)
  })

  it('are read from a text as Java reads it', async () => {
    const texts = [...textsOf(4), ...textsOf(2).map((text) => `k\\ ey : v\\\n  ${text}x=\\t${text}`)]
    const javas = await javaProperties(texts)
    expect(javas).toHaveLength(4160)
    const different = texts
      .map((text, i) => ({ text, java: javas[i], ours: ours(text) }))
      .filter(({ java, ours }) => !isDeepStrictEqual(named(java), named(ours)))
    expect(different).toEqual([])
  })
})
