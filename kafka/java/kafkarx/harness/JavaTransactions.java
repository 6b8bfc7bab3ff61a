package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Java's transactional producer: transaction after transaction, each with records, perhaps with offsets of a group, and an end: commit, abort, or
 * leave, which closes the producer with the transaction open. Offsets of all records: [[[partition, offset], ...], ...].
 */
final class JavaTransactions {
    static Object run(String bootstrap, JsonNode input) throws Exception {
        List<List<long[]>> results = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrap, input)) {
            producer.initTransactions();
            for (JsonNode transaction : input.get("transactions")) {
                producer.beginTransaction();
                results.add(send(producer, input.get("topic").asText(), transaction.get("records")));
                if (transaction.hasNonNull("offsets")) sendOffsets(producer, transaction.get("offsets"));
                end(producer, transaction.get("end").asText());
            }
        }
        return results;
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap, JsonNode input) {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("transactional.id", input.get("transactionalId").asText());
        input.path("config").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** All are acknowledged before the transaction ends: an abort must not spare the broker any of them. */
    private static List<long[]> send(KafkaProducer<byte[], byte[]> producer, String topic, JsonNode records) throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (JsonNode record : records) sent.add(producer.send(JavaSend.record(topic, record)));
        producer.flush();
        List<long[]> places = new ArrayList<>();
        for (Future<RecordMetadata> one : sent) places.add(new long[] {one.get().partition(), one.get().offset()});
        return places;
    }

    private static void sendOffsets(KafkaProducer<byte[], byte[]> producer, JsonNode offsets) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        for (JsonNode one : offsets.get("next")) {
            next.put(new TopicPartition(one.get("topic").asText(), one.get("partition").asInt()), new OffsetAndMetadata(one.get("offset").asLong()));
        }
        producer.sendOffsetsToTransaction(next, new ConsumerGroupMetadata(offsets.get("group").asText()));
    }

    private static void end(KafkaProducer<byte[], byte[]> producer, String how) {
        switch (how) {
            case "commit" -> producer.commitTransaction();
            case "abort" -> producer.abortTransaction();
            default -> throw new IllegalArgumentException(how);
        }
    }
}
