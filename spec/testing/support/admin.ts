/** A cluster in virtual time, and what an administrator asks one of its brokers. */
import { CreateTopicsRequest } from '../../../lib/generated/messages/CreateTopicsRequest'
import type { CreatableTopicInput, CreateTopicsRequestInput } from '../../../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../../lib/generated/messages/CreateTopicsResponse'
import { DescribeConfigsRequest } from '../../../lib/generated/messages/DescribeConfigsRequest'
import { DescribeConfigsResponse } from '../../../lib/generated/messages/DescribeConfigsResponse'
import type { DescribeConfigsResult } from '../../../lib/generated/messages/DescribeConfigsResponse'
import { errorCodeFacts } from '../../../lib/generated/error-codes'
import { MetadataRequest } from '../../../lib/generated/messages/MetadataRequest'
import type { MetadataRequestInput } from '../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../lib/generated/messages/MetadataResponse'
import type { MetadataResponseTopic } from '../../../lib/generated/messages/MetadataResponse'
import type { TestClusterOptions } from '../../../lib/testing/settings'
import { testCluster } from '../../../lib/testing/test-cluster'
import { virtualTime } from '../../../lib/testing/virtual-time'
import { client } from './ask'

export const TOPIC = 2
export const BROKER = 4

export function administrated(options: TestClusterOptions = {}, { node = 1 }: { readonly node?: number } = {}) {
  const time = virtualTime()
  const cluster = testCluster({ scheduler: time.scheduler, ...options })
  const ask = client(cluster, { time, node })

  const create = (topics: readonly CreatableTopicInput[], rest: Partial<CreateTopicsRequestInput> = {}, version?: number) =>
    ask(CreateTopicsRequest, CreateTopicsResponse, { topics, timeoutMs: 1000, ...rest }, version).topics

  const metadata = (names: readonly string[] | null, rest: Partial<MetadataRequestInput> = {}, version?: number) =>
    ask(
      MetadataRequest,
      MetadataResponse,
      { topics: names?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: true, includeTopicAuthorizedOperations: false, ...rest },
      version,
    )

  /** The topic as metadata has it, without making it. */
  const topic = (name: string): MetadataResponseTopic => {
    const [first] = metadata([name], { allowAutoTopicCreation: false }).topics
    if (first === undefined) throw new Error(`Metadata says nothing about ${name}`)
    return first
  }

  const configs = (
    resourceType: number,
    resourceName: string,
    configurationKeys: readonly string[] | null = null,
  ): DescribeConfigsResult => {
    const [first] = ask(DescribeConfigsRequest, DescribeConfigsResponse, {
      resources: [{ resourceType, resourceName, configurationKeys }],
      includeSynonyms: true,
      includeDocumentation: false,
    }).results
    if (first === undefined) throw new Error('There is no result')
    return first
  }

  /** What a topic goes by. */
  const config = (name: string, key: string): string | null | undefined => configs(TOPIC, name, [key]).configs[0]?.value

  return { time, cluster, ask, create, metadata, topic, configs, config }
}

/** A topic of one partition and one replica. */
export const wanted = (name: string, rest: Partial<CreatableTopicInput> = {}): CreatableTopicInput => ({
  name,
  numPartitions: 1,
  replicationFactor: 1,
  assignments: [],
  configs: [],
  ...rest,
})

/** `name: ERROR`, of each. */
export const errorsOf = (results: readonly { readonly name: string | null; readonly errorCode: number }[]): readonly string[] =>
  results.map(({ name, errorCode }) => `${name ?? '-'}: ${nameOf(errorCode)}`)

export const nameOf = (errorCode: number): string => errorCodeFacts(errorCode).name
