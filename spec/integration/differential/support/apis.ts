/** Every api that is asked, as a pair of codecs. */
import { ProduceRequest } from '../../../../lib/generated/messages/ProduceRequest'
import { ProduceResponse } from '../../../../lib/generated/messages/ProduceResponse'
import { FetchRequest } from '../../../../lib/generated/messages/FetchRequest'
import { FetchResponse } from '../../../../lib/generated/messages/FetchResponse'
import { ListOffsetsRequest } from '../../../../lib/generated/messages/ListOffsetsRequest'
import { ListOffsetsResponse } from '../../../../lib/generated/messages/ListOffsetsResponse'
import { MetadataRequest } from '../../../../lib/generated/messages/MetadataRequest'
import { MetadataResponse } from '../../../../lib/generated/messages/MetadataResponse'
import { OffsetCommitRequest } from '../../../../lib/generated/messages/OffsetCommitRequest'
import { OffsetCommitResponse } from '../../../../lib/generated/messages/OffsetCommitResponse'
import { OffsetFetchRequest } from '../../../../lib/generated/messages/OffsetFetchRequest'
import { OffsetFetchResponse } from '../../../../lib/generated/messages/OffsetFetchResponse'
import { FindCoordinatorRequest } from '../../../../lib/generated/messages/FindCoordinatorRequest'
import { FindCoordinatorResponse } from '../../../../lib/generated/messages/FindCoordinatorResponse'
import { JoinGroupRequest } from '../../../../lib/generated/messages/JoinGroupRequest'
import { JoinGroupResponse } from '../../../../lib/generated/messages/JoinGroupResponse'
import { HeartbeatRequest } from '../../../../lib/generated/messages/HeartbeatRequest'
import { HeartbeatResponse } from '../../../../lib/generated/messages/HeartbeatResponse'
import { LeaveGroupRequest } from '../../../../lib/generated/messages/LeaveGroupRequest'
import { LeaveGroupResponse } from '../../../../lib/generated/messages/LeaveGroupResponse'
import { SyncGroupRequest } from '../../../../lib/generated/messages/SyncGroupRequest'
import { SyncGroupResponse } from '../../../../lib/generated/messages/SyncGroupResponse'
import { DescribeGroupsRequest } from '../../../../lib/generated/messages/DescribeGroupsRequest'
import { DescribeGroupsResponse } from '../../../../lib/generated/messages/DescribeGroupsResponse'
import { ListConfigResourcesRequest } from '../../../../lib/generated/messages/ListConfigResourcesRequest'
import { ListConfigResourcesResponse } from '../../../../lib/generated/messages/ListConfigResourcesResponse'
import { ListGroupsRequest } from '../../../../lib/generated/messages/ListGroupsRequest'
import { ListGroupsResponse } from '../../../../lib/generated/messages/ListGroupsResponse'
import { SaslHandshakeRequest } from '../../../../lib/generated/messages/SaslHandshakeRequest'
import { SaslHandshakeResponse } from '../../../../lib/generated/messages/SaslHandshakeResponse'
import { ApiVersionsRequest } from '../../../../lib/generated/messages/ApiVersionsRequest'
import { ApiVersionsResponse } from '../../../../lib/generated/messages/ApiVersionsResponse'
import { CreateTopicsRequest } from '../../../../lib/generated/messages/CreateTopicsRequest'
import { CreateTopicsResponse } from '../../../../lib/generated/messages/CreateTopicsResponse'
import { DeleteTopicsRequest } from '../../../../lib/generated/messages/DeleteTopicsRequest'
import { DeleteTopicsResponse } from '../../../../lib/generated/messages/DeleteTopicsResponse'
import { InitProducerIdRequest } from '../../../../lib/generated/messages/InitProducerIdRequest'
import { InitProducerIdResponse } from '../../../../lib/generated/messages/InitProducerIdResponse'
import { OffsetForLeaderEpochRequest } from '../../../../lib/generated/messages/OffsetForLeaderEpochRequest'
import { OffsetForLeaderEpochResponse } from '../../../../lib/generated/messages/OffsetForLeaderEpochResponse'
import { AddPartitionsToTxnRequest } from '../../../../lib/generated/messages/AddPartitionsToTxnRequest'
import { AddPartitionsToTxnResponse } from '../../../../lib/generated/messages/AddPartitionsToTxnResponse'
import { AddOffsetsToTxnRequest } from '../../../../lib/generated/messages/AddOffsetsToTxnRequest'
import { AddOffsetsToTxnResponse } from '../../../../lib/generated/messages/AddOffsetsToTxnResponse'
import { EndTxnRequest } from '../../../../lib/generated/messages/EndTxnRequest'
import { EndTxnResponse } from '../../../../lib/generated/messages/EndTxnResponse'
import { TxnOffsetCommitRequest } from '../../../../lib/generated/messages/TxnOffsetCommitRequest'
import { TxnOffsetCommitResponse } from '../../../../lib/generated/messages/TxnOffsetCommitResponse'
import { DescribeConfigsRequest } from '../../../../lib/generated/messages/DescribeConfigsRequest'
import { DescribeConfigsResponse } from '../../../../lib/generated/messages/DescribeConfigsResponse'
import { SaslAuthenticateRequest } from '../../../../lib/generated/messages/SaslAuthenticateRequest'
import { SaslAuthenticateResponse } from '../../../../lib/generated/messages/SaslAuthenticateResponse'
import { CreatePartitionsRequest } from '../../../../lib/generated/messages/CreatePartitionsRequest'
import { CreatePartitionsResponse } from '../../../../lib/generated/messages/CreatePartitionsResponse'
import { DeleteGroupsRequest } from '../../../../lib/generated/messages/DeleteGroupsRequest'
import { DeleteGroupsResponse } from '../../../../lib/generated/messages/DeleteGroupsResponse'
import { IncrementalAlterConfigsRequest } from '../../../../lib/generated/messages/IncrementalAlterConfigsRequest'
import { IncrementalAlterConfigsResponse } from '../../../../lib/generated/messages/IncrementalAlterConfigsResponse'
import { DescribeClusterRequest } from '../../../../lib/generated/messages/DescribeClusterRequest'
import { DescribeClusterResponse } from '../../../../lib/generated/messages/DescribeClusterResponse'
import { DescribeTopicPartitionsRequest } from '../../../../lib/generated/messages/DescribeTopicPartitionsRequest'
import { DescribeTopicPartitionsResponse } from '../../../../lib/generated/messages/DescribeTopicPartitionsResponse'
import { OffsetDeleteRequest } from '../../../../lib/generated/messages/OffsetDeleteRequest'
import { OffsetDeleteResponse } from '../../../../lib/generated/messages/OffsetDeleteResponse'
import { DescribeTransactionsRequest } from '../../../../lib/generated/messages/DescribeTransactionsRequest'
import { DescribeTransactionsResponse } from '../../../../lib/generated/messages/DescribeTransactionsResponse'
import { ListTransactionsRequest } from '../../../../lib/generated/messages/ListTransactionsRequest'
import { ListTransactionsResponse } from '../../../../lib/generated/messages/ListTransactionsResponse'
import { DescribeProducersRequest } from '../../../../lib/generated/messages/DescribeProducersRequest'
import { DescribeProducersResponse } from '../../../../lib/generated/messages/DescribeProducersResponse'
import { UpdateFeaturesRequest } from '../../../../lib/generated/messages/UpdateFeaturesRequest'
import { UpdateFeaturesResponse } from '../../../../lib/generated/messages/UpdateFeaturesResponse'
import { DeleteRecordsRequest } from '../../../../lib/generated/messages/DeleteRecordsRequest'
import { DeleteRecordsResponse } from '../../../../lib/generated/messages/DeleteRecordsResponse'
import type { Api, RequestCodec, ResponseCodec } from '../../../../lib/protocol/api'
import { stableVersions } from '../../../../lib/protocol/versions'

const api = <Q, A>(request: RequestCodec<Q>, response: ResponseCodec<A>): Api<Q, A> => ({ request, response })

export const PRODUCE = api(ProduceRequest, ProduceResponse)
export const FETCH = api(FetchRequest, FetchResponse)
export const LIST_OFFSETS = api(ListOffsetsRequest, ListOffsetsResponse)
export const METADATA = api(MetadataRequest, MetadataResponse)
export const OFFSET_COMMIT = api(OffsetCommitRequest, OffsetCommitResponse)
export const OFFSET_FETCH = api(OffsetFetchRequest, OffsetFetchResponse)
export const FIND_COORDINATOR = api(FindCoordinatorRequest, FindCoordinatorResponse)
export const JOIN_GROUP = api(JoinGroupRequest, JoinGroupResponse)
export const HEARTBEAT = api(HeartbeatRequest, HeartbeatResponse)
export const LEAVE_GROUP = api(LeaveGroupRequest, LeaveGroupResponse)
export const SYNC_GROUP = api(SyncGroupRequest, SyncGroupResponse)
export const DESCRIBE_GROUPS = api(DescribeGroupsRequest, DescribeGroupsResponse)
export const LIST_CONFIG_RESOURCES = api(ListConfigResourcesRequest, ListConfigResourcesResponse)
export const LIST_GROUPS = api(ListGroupsRequest, ListGroupsResponse)
export const SASL_HANDSHAKE = api(SaslHandshakeRequest, SaslHandshakeResponse)
export const API_VERSIONS = api(ApiVersionsRequest, ApiVersionsResponse)
export const CREATE_TOPICS = api(CreateTopicsRequest, CreateTopicsResponse)
export const DELETE_TOPICS = api(DeleteTopicsRequest, DeleteTopicsResponse)
export const INIT_PRODUCER_ID = api(InitProducerIdRequest, InitProducerIdResponse)
export const OFFSET_FOR_LEADER_EPOCH = api(OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse)
export const ADD_PARTITIONS_TO_TXN = api(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse)
export const ADD_OFFSETS_TO_TXN = api(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse)
export const END_TXN = api(EndTxnRequest, EndTxnResponse)
export const TXN_OFFSET_COMMIT = api(TxnOffsetCommitRequest, TxnOffsetCommitResponse)
export const DESCRIBE_CONFIGS = api(DescribeConfigsRequest, DescribeConfigsResponse)
export const SASL_AUTHENTICATE = api(SaslAuthenticateRequest, SaslAuthenticateResponse)
export const CREATE_PARTITIONS = api(CreatePartitionsRequest, CreatePartitionsResponse)
export const DELETE_GROUPS = api(DeleteGroupsRequest, DeleteGroupsResponse)
export const INCREMENTAL_ALTER_CONFIGS = api(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse)
export const DESCRIBE_CLUSTER = api(DescribeClusterRequest, DescribeClusterResponse)
export const DESCRIBE_TOPIC_PARTITIONS = api(DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse)
export const OFFSET_DELETE = api(OffsetDeleteRequest, OffsetDeleteResponse)
export const DESCRIBE_TRANSACTIONS = api(DescribeTransactionsRequest, DescribeTransactionsResponse)
export const LIST_TRANSACTIONS = api(ListTransactionsRequest, ListTransactionsResponse)
export const DESCRIBE_PRODUCERS = api(DescribeProducersRequest, DescribeProducersResponse)
export const UPDATE_FEATURES = api(UpdateFeaturesRequest, UpdateFeaturesResponse)
export const DELETE_RECORDS = api(DeleteRecordsRequest, DeleteRecordsResponse)

/** Every version that will not change any more, oldest first. */
export function versionsOf({ request }: Pick<Api<never, unknown>, 'request'>): readonly number[] {
  const { min, max } = stableVersions(request)
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}

export const newestOf = (api: Pick<Api<never, unknown>, 'request'>): number => stableVersions(api.request).max
