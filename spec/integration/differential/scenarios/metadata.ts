/** Metadata at every version: all topics, topics by name and by id, good and bad ones, made when asked for or not. */
import { METADATA, versionsOf } from '../support/apis'
import { same } from '../support/pair'
import { scenario } from '../support/scenario'
import type { Scenario } from '../support/scenario'
import { awaitTopics, createTopics } from '../support/topics'

const BAD_NAMES = ['', '.', '..', 'a b', 'a/b', 'ä', 'x'.repeat(250), 'a\u0000b']
const UNKNOWN_ID = 'YWJjZGVmZ2hpamtsbW5vcA'
const ZERO_ID = 'AAAAAAAAAAAAAAAAAAAAAA'
/** From this version on a topic may be asked for by its id. */
const BY_ID = 12
/** Before this version every client lets the broker create. */
const MAY_FORBID = 4

export const metadata: readonly Scenario[] = [
  scenario('Metadata of topics that are there', async ({ chance, client }) => {
    const asker = client()
    const topics = await createTopics(asker, ['metadata-a', 'metadata-b', 'metadata-c'], { partitions: chance.between(1, 4) })
    for (const version of versionsOf(METADATA)) {
      if (version > 0) await asker.ask(METADATA, version, { topics: null })
      await asker.ask(METADATA, version, { topics: [] })
      for (let i = 0; i < 4; i++) {
        const names = chance.shuffled(topics).slice(0, chance.between(1, 3))
        const options = { includeClusterAuthorizedOperations: chance.happens(0.5), includeTopicAuthorizedOperations: chance.happens(0.5) }
        await asker.ask(METADATA, version, { topics: names.map(({ name }) => ({ name })), ...options })
      }
      const [first] = topics
      if (first !== undefined) await asker.ask(METADATA, version, { topics: [{ name: first.name }, { name: first.name }] })
      if (version < BY_ID) continue
      await asker.ask(METADATA, version, (at) => ({ topics: topics.map(({ id }) => ({ name: null, topicId: at(id) })) }))
      await asker.ask(METADATA, version, { topics: [{ name: null, topicId: UNKNOWN_ID }] })
    }
  }),

  scenario('Metadata of topics by name and id in ways that nobody should', async ({ client }) => {
    const asker = client()
    const [topic] = await createTopics(asker, ['metadata-odd'])
    const id = topic?.id ?? same(ZERO_ID)
    const wishes = [
      [{ name: null, topicId: ZERO_ID }],
      [{ name: 'metadata-odd', topicId: id }],
      [{ name: 'metadata-odd', topicId: UNKNOWN_ID }],
      [{ name: null, topicId: id }, { name: 'metadata-odd' }],
      [
        { name: null, topicId: id },
        { name: null, topicId: id },
      ],
      [
        { name: null, topicId: id },
        { name: null, topicId: UNKNOWN_ID },
      ],
    ].map((topics) => topics.map((each) => ({ topicId: ZERO_ID, ...each })))
    for (const version of versionsOf(METADATA).filter((each) => each >= 10)) {
      for (const wish of wishes) {
        await asker.tell(METADATA, version, (at) => ({
          topics: wish.map(({ name, topicId }) => ({ name, topicId: typeof topicId === 'string' ? topicId : at(topicId) })),
        }))
      }
    }
  }),

  scenario('Metadata of topics that are not there', async ({ chance, client }) => {
    const asker = client()
    for (const version of versionsOf(METADATA)) {
      const unknown = `metadata-unknown-${version}`
      if (version >= MAY_FORBID) {
        await asker.ask(METADATA, version, { topics: [{ name: unknown }], allowAutoTopicCreation: false })
        for (const name of BAD_NAMES) await asker.tell(METADATA, version, { topics: [{ name }], allowAutoTopicCreation: false })
      }
      for (const name of chance.shuffled(BAD_NAMES).slice(0, 3)) await asker.tell(METADATA, version, { topics: [{ name }] })
      await asker.ask(METADATA, version, { topics: [{ name: unknown }, { name: BAD_NAMES[3] ?? null }] })
      await awaitTopics(asker, [unknown], 2)
      await asker.ask(METADATA, version, { topics: [{ name: unknown }] })
    }
    const created = await awaitTopics(asker, ['metadata-unknown-0', 'metadata-unknown-13'], 2)
    await asker.ask(METADATA, BY_ID, (at) => ({ topics: created.map(({ id }) => ({ name: null, topicId: at(id) })) }))
  }),
]

export const metadataWithoutCreation: readonly Scenario[] = [
  scenario('Metadata of topics that nobody creates by asking', async ({ client }) => {
    const asker = client()
    await createTopics(asker, ['created'], { partitions: 2 })
    for (const version of versionsOf(METADATA)) {
      for (const name of ['metadata-unknown', 'created', ...BAD_NAMES]) {
        await asker.tell(METADATA, version, { topics: [{ name }] })
        if (version >= MAY_FORBID) await asker.tell(METADATA, version, { topics: [{ name }], allowAutoTopicCreation: false })
      }
      await asker.tell(METADATA, version, { topics: [{ name: 'metadata-unknown' }, { name: 'created' }, { name: 'a b' }] })
    }
  }),
]
