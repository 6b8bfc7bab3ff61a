import { listTopics } from '../../examples/list-topics'
import { describeWithKafka } from './support'

describeWithKafka('examples on a real Kafka', (kafka) => {
  it('list-topics names the topics that are there', async () => {
    const made = [await kafka.topic(), await kafka.topic(3)]
    const [host = '', port] = kafka.bootstrap.split(':')
    expect(await listTopics(host, Number(port))).toEqual(expect.arrayContaining(made))
  })
})
