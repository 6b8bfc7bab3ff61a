/** Every api that the cluster's brokers speak, by key. */
import type { Handler } from '../broker/handler'
import { addOffsetsToTxn } from './add-offsets-to-txn'
import { addPartitionsToTxn } from './add-partitions-to-txn'
import { apiVersions } from './api-versions'
import { createPartitions } from './create-partitions'
import { createTopics } from './create-topics'
import { deleteGroups } from './delete-groups'
import { deleteRecords } from './delete-records'
import { deleteTopics } from './delete-topics'
import { describeCluster } from './describe-cluster'
import { describeConfigs } from './describe-configs'
import { describeGroups } from './describe-groups'
import { describeTopicPartitions } from './describe-topic-partitions'
import { describeTransactions } from './describe-transactions'
import { endTxn } from './end-txn'
import { fetch } from './fetch'
import { findCoordinator } from './find-coordinator'
import { heartbeat } from './heartbeat'
import { incrementalAlterConfigs } from './incremental-alter-configs'
import { initProducerId } from './init-producer-id'
import { joinGroup } from './join-group'
import { leaveGroup } from './leave-group'
import { listConfigResources } from './list-config-resources'
import { listGroups } from './list-groups'
import { listOffsets } from './list-offsets'
import { listTransactions } from './list-transactions'
import { metadata } from './metadata'
import { offsetCommit } from './offset-commit'
import { offsetDelete } from './offset-delete'
import { offsetFetch } from './offset-fetch'
import { offsetForLeaderEpoch } from './offset-for-leader-epoch'
import { produce } from './produce'
import { saslAuthenticate } from './sasl-authenticate'
import { saslHandshake } from './sasl-handshake'
import { syncGroup } from './sync-group'
import { txnOffsetCommit } from './txn-offset-commit'

const others: readonly Handler[] = [
  addOffsetsToTxn,
  addPartitionsToTxn,
  describeTransactions,
  endTxn,
  initProducerId,
  listTransactions,
  txnOffsetCommit,
  produce,
  offsetForLeaderEpoch,
  listOffsets,
  fetch,
  deleteRecords,
  metadata,
  saslHandshake,
  saslAuthenticate,
  listConfigResources,
  incrementalAlterConfigs,
  describeTopicPartitions,
  describeConfigs,
  describeCluster,
  deleteTopics,
  createTopics,
  createPartitions,
  deleteGroups,
  describeGroups,
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  listGroups,
  offsetCommit,
  offsetDelete,
  offsetFetch,
  syncGroup,
]

export const handlers: ReadonlyMap<number, Handler> = new Map([apiVersions(others), ...others].map((each) => [each.apiKey, each]))
