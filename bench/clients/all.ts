import { ceiling } from './ceiling'
import type { Client, ClientName } from './client'
import { javaDefault, javaTuned, javaTunings } from './java'
import { kafkajs } from './kafkajs'
import { kafkarx20, kafkarx24, kafkarxAdaptive } from './kafkarx'
import { librdkafka, librdkafkaOfDebian } from './librdkafka'
import { platformatic } from './platformatic'
import { confluent, confluentSend, nodeRdkafka } from './rdkafka'

/** In the order in which tables show them. */
export const CLIENTS: readonly Client[] = [
  ...[kafkarx20, kafkarx24, kafkarxAdaptive, librdkafka, librdkafkaOfDebian, javaDefault, javaTuned, ...javaTunings],
  ...[nodeRdkafka, confluent, confluentSend, platformatic, kafkajs, ceiling],
]

/** Of this project. */
export const OURS: readonly ClientName[] = ['kafkarx', 'kafkarx-24']

/** What else a user of Node could take. */
export const OTHER_NODE_CLIENTS: readonly ClientName[] = ['node-rdkafka', 'confluent', 'confluent-send', 'platformatic', 'kafkajs']
