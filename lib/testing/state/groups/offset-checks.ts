/** What may be committed: shared by OffsetCommit and TxnOffsetCommit. */
import { ErrorCode } from '../../../generated/error-codes'
import type { ClusterState } from '../cluster-state'
import { brokerNumber } from '../configs/configs'

/** NONE, or why there can be no offset of the partition. */
export const partitionError = (cluster: ClusterState, topic: string, partition: number): number =>
  cluster.partition(topic, partition) === undefined ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE

/** NONE, or why the metadata cannot be kept. Kafka counts characters and not bytes, whatever the setting is called. */
export const metadataError = (cluster: ClusterState, metadata: string | null): number =>
  (metadata ?? '').length > brokerNumber(cluster, 'offset.metadata.max.bytes') ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE
