package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** What an operator does to a cluster that runs, and what he looks at. Each returns when the brokers say that it is so. */
final class Operations {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final int POLL_MS = 50;

    static Map<String, Harness.Command> commands(String bootstrap) {
        return Map.of(
            "awaitWhole", (input, parts) -> awaitWhole(bootstrap, input),
            "leaders", (input, parts) -> leaders(bootstrap, input),
            "moveLeaders", (input, parts) -> moveLeaders(bootstrap, input),
            "addPartitions", (input, parts) -> addPartitions(bootstrap, input),
            "awaitNoLogs", (input, parts) -> awaitNoLogs(bootstrap, input),
            "limitProducer", (input, parts) -> limitProducer(bootstrap, input));
    }

    /** Every broker is there, and every replica of every partition is in sync. */
    private static Object awaitWhole(String bootstrap, JsonNode input) throws Exception {
        int brokers = input.get("brokers").asInt();
        return await(bootstrap, admin -> {
            if (admin.describeCluster().nodes().get().size() < brokers) return false;
            Set<String> topics = admin.listTopics().names().get();
            return admin.describeTopics(topics).allTopicNames().get().values().stream()
                .flatMap(topic -> topic.partitions().stream())
                .allMatch(one -> one.leader() != null && one.isr().size() == one.replicas().size());
        });
    }

    /** [partition, leader or -1, [in-sync replicas]], by partition. */
    private static Object leaders(String bootstrap, JsonNode input) throws Exception {
        List<Object> all = new ArrayList<>();
        await(bootstrap, admin -> {
            for (TopicPartitionInfo one : describe(admin, topic(input)).partitions()) {
                int leader = one.leader() == null ? -1 : one.leader().id();
                all.add(List.of(one.partition(), leader, one.isr().stream().map(Node::id).toList()));
            }
            return true;
        });
        return all;
    }

    /** Each partition gets its second replica as its preferred leader, and that one is elected. */
    private static Object moveLeaders(String bootstrap, JsonNode input) throws Exception {
        Map<TopicPartition, List<Integer>> wanted = new HashMap<>();
        try (Admin admin = Topics.admin(bootstrap)) {
            for (TopicPartitionInfo one : describe(admin, topic(input)).partitions()) {
                List<Integer> replicas = new ArrayList<>(one.replicas().stream().map(Node::id).toList());
                Collections.rotate(replicas, -1);
                wanted.put(new TopicPartition(topic(input), one.partition()), replicas);
            }
            Map<TopicPartition, Optional<NewPartitionReassignment>> moves = new HashMap<>();
            wanted.forEach((partition, replicas) -> moves.put(partition, Optional.of(new NewPartitionReassignment(replicas))));
            admin.alterPartitionReassignments(moves).all().get();
        }
        await(bootstrap, admin -> admin.listPartitionReassignments(wanted.keySet()).reassignments().get().isEmpty());
        return await(bootstrap, admin -> {
            for (Optional<Throwable> failure : admin.electLeaders(ElectionType.PREFERRED, wanted.keySet()).partitions().get().values()) {
                if (failure.isPresent() && !(failure.get() instanceof ElectionNotNeededException)) return false;
            }
            return describe(admin, topic(input)).partitions().stream().allMatch(one ->
                one.leader() != null && one.leader().id() == wanted.get(new TopicPartition(topic(input), one.partition())).get(0));
        });
    }

    private static Object addPartitions(String bootstrap, JsonNode input) throws Exception {
        int count = input.get("count").asInt();
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.createPartitions(Map.of(topic(input), NewPartitions.increaseTo(count))).all().get();
            Topics.awaitLeaders(admin, topic(input), count);
        }
        return true;
    }

    /** No broker holds anything of the topic any more: from now on none can acknowledge what was sent to it. */
    private static Object awaitNoLogs(String bootstrap, JsonNode input) throws Exception {
        return await(bootstrap, admin -> {
            List<Integer> brokers = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().keySet().stream())
                .noneMatch(replica -> replica.topic().equals(topic(input)));
        });
    }

    /** Without a rate, the limit is taken away. */
    private static Object limitProducer(String bootstrap, JsonNode input) throws Exception {
        Double rate = input.path("bytesPerSecond").isNumber() ? input.get("bytesPerSecond").asDouble() : null;
        ClientQuotaEntity who = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, input.get("clientId").asText()));
        try (Admin admin = Topics.admin(bootstrap)) {
            admin.alterClientQuotas(List.of(new ClientQuotaAlteration(who, List.of(new ClientQuotaAlteration.Op("producer_byte_rate", rate)))))
                .all().get();
        }
        return true;
    }

    private interface Condition {
        boolean holds(Admin admin) throws Exception;
    }

    private static Object await(String bootstrap, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (Admin admin = impatient(bootstrap)) {
            while (!holds(condition, admin)) {
                if (System.nanoTime() > deadline) throw new IllegalStateException("not so within " + PATIENCE);
                Thread.sleep(POLL_MS);
            }
        }
        return true;
    }

    /** A broker that stands still is left for another soon. Not for what must not be done twice: a request may have arrived. */
    private static Admin impatient(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 2_000, "default.api.timeout.ms", 10_000));
    }

    /** A broker that is just starting or ending answers with what a second try may mend. */
    private static boolean holds(Condition condition, Admin admin) throws Exception {
        try {
            return condition.holds(admin);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RetriableException) return false;
            throw failure;
        }
    }

    private static TopicDescription describe(Admin admin, String topic) throws ExecutionException, InterruptedException {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static String topic(JsonNode input) {
        return input.get("topic").asText();
    }
}
