package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic with Kafka's own consumer, without a group, from its beginning to the end offsets that hold when reading starts. */
final class ReadBack {
    private static final Duration LIMIT_WITHOUT_RECORDS = Duration.ofSeconds(20);

    interface Sink {
        void accept(ConsumerRecord<byte[], byte[]> record) throws Exception;
    }

    static Object records(String bootstrap, JsonNode input, BufferedWriter parts) throws Exception {
        long[] count = {0};
        read(bootstrap, input, record -> {
            parts.write(line(record));
            count[0]++;
        });
        return count[0];
    }

    static Object digests(String bootstrap, JsonNode input) throws Exception {
        Map<Integer, PartitionDigest> digests = new TreeMap<>();
        List<TopicPartition> all = read(bootstrap, input, record ->
            digests.computeIfAbsent(record.partition(), PartitionDigest::new).add(record));
        for (TopicPartition one : all) digests.computeIfAbsent(one.partition(), PartitionDigest::new);
        List<Object> results = new ArrayList<>();
        for (PartitionDigest digest : digests.values()) results.add(digest.result());
        return results;
    }

    private static List<TopicPartition> read(String bootstrap, JsonNode input, Sink sink) throws Exception {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config(bootstrap, input), bytes, bytes)) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(input.get("topic").asText()).forEach(one -> partitions.add(new TopicPartition(one.topic(), one.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + LIMIT_WITHOUT_RECORDS.toNanos();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    deadline = System.nanoTime() + LIMIT_WITHOUT_RECORDS.toNanos();
                    if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition()))) sink.accept(record);
                }
                if (System.nanoTime() > deadline) throw new IllegalStateException("no record within " + LIMIT_WITHOUT_RECORDS);
            }
            return partitions;
        }
    }

    private static Map<String, Object> config(String bootstrap, JsonNode input) {
        return Map.of(
            "bootstrap.servers", bootstrap,
            "isolation.level", input.path("isolation").asText("read_uncommitted"),
            "allow.auto.create.topics", "false",
            "enable.auto.commit", "false",
            "max.poll.records", "10000",
            "max.partition.fetch.bytes", Integer.toString(8 << 20),
            "auto.offset.reset", "none");
    }

    /** [partition, offset, timestamp, key, value, headers as [name, value, name, value, ...]] with bytes in base64. */
    private static String line(ConsumerRecord<byte[], byte[]> record) throws Exception {
        StringBuilder line = new StringBuilder(64);
        line.append('[').append(record.partition()).append(",\"").append(record.offset()).append("\",").append(record.timestamp());
        line.append(',').append(base64(record.key())).append(',').append(base64(record.value())).append(",[");
        String separator = "";
        for (Header header : record.headers()) {
            line.append(separator).append(Harness.JSON.writeValueAsString(header.key())).append(',').append(base64(header.value()));
            separator = ",";
        }
        return line.append("]]\n").toString();
    }

    private static String base64(byte[] bytes) {
        return bytes == null ? "null" : '"' + Base64.getEncoder().encodeToString(bytes) + '"';
    }
}
