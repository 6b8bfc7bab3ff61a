/** The names of Java's cases in spec/golden, held against Kafka's released test jar. */
import { testCasesOf } from '../../kafka/test-cases'
import cases from '../golden/java-test-cases.json'
import { describeWithKafka } from './support'

describeWithKafka('the cases of Java’s producer', () => {
  it.each(Object.entries(cases.classes))('of %s are those in the jar that Kafka released', async (className, names) => {
    expect(await testCasesOf(className)).toEqual(names)
  })
})
