package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

final class Topics {
    private static final Duration LEADERS_WITHIN = Duration.ofSeconds(20);

    /**
     * Returns when each partition's leader answers. A broker answers CreateTopics when the topic is in the metadata log, and tells of it before its
     * logs are there. Who sends in between may have the first batch of a partition refused and the second taken: a partition that knows nothing
     * of a producer lets it begin with any sequence number. The first is then out of order whenever it is sent again, and Java's producer sends it
     * again until delivery.timeout.ms is over: two minutes.
     */
    static Object create(String bootstrap, JsonNode input) throws Exception {
        NewTopic topic = new NewTopic(input.get("topic").asText(), input.get("partitions").asInt(), (short) input.path("replicas").asInt(1));
        Map<String, String> configs = new HashMap<>();
        input.path("configs").properties().forEach(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
        try (Admin admin = admin(bootstrap)) {
            admin.createTopics(List.of(topic.configs(configs))).all().get();
            awaitLeaders(admin, topic.name(), topic.numPartitions());
        }
        return true;
    }

    static void awaitLeaders(Admin admin, String topic, int partitions) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < partitions; i++) ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
        long deadline = System.nanoTime() + LEADERS_WITHIN.toNanos();
        while (!haveLeaders(admin, ends, deadline)) Thread.sleep(10);
    }

    /** The admin client itself asks again while a broker does not know that it leads; not while it does not know the topic. */
    private static boolean haveLeaders(Admin admin, Map<TopicPartition, OffsetSpec> ends, long deadline) throws ExecutionException, InterruptedException {
        try {
            admin.listOffsets(ends).all().get();
            return true;
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) throw failure;
            return false;
        }
    }

    static Object delete(String bootstrap, JsonNode input) throws Exception {
        try (Admin admin = admin(bootstrap)) {
            admin.deleteTopics(List.of(input.get("topic").asText())).all().get();
        }
        return true;
    }

    static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 10_000, "default.api.timeout.ms", 10_000));
    }
}
