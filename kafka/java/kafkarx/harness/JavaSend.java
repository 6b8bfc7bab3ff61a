package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Java's own producer: [[partition, offset, timestamp], ...] in the order of the records. */
final class JavaSend {
    static Object send(String bootstrap, JsonNode input) throws Exception {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("max.request.size", 8 << 20);
        input.path("config").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
            for (JsonNode record : input.get("records")) sent.add(producer.send(record(input.get("topic").asText(), record)));
        }
        List<long[]> deliveries = new ArrayList<>();
        for (Future<RecordMetadata> future : sent) {
            RecordMetadata one = future.get();
            deliveries.add(new long[] {one.partition(), one.offset(), one.timestamp()});
        }
        return deliveries;
    }

    static ProducerRecord<byte[], byte[]> record(String topic, JsonNode in) {
        Integer partition = in.hasNonNull("partition") ? in.get("partition").asInt() : null;
        Long timestamp = in.hasNonNull("timestamp") ? in.get("timestamp").asLong() : null;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, timestamp, bytes(in, "key"), bytes(in, "value"));
        for (JsonNode header : in.path("headers")) record.headers().add(header.get("key").asText(), bytes(header, "value"));
        return record;
    }

    private static byte[] bytes(JsonNode in, String field) {
        return in.hasNonNull(field) ? Base64.getDecoder().decode(in.get(field).asText()) : null;
    }
}
