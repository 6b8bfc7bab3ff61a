package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Java's consumers as members of a group: they start together, each in a thread, read until all of them have seen `count` records between them and
 * share all partitions, commit, and leave together.
 */
final class JavaGroup {
    private static final Duration LIMIT = Duration.ofSeconds(25);

    private final String bootstrap;
    private final JsonNode input;
    private final int members;
    /** Values (base64) by place, each once, whoever read it. */
    private final Map<String, String> read = new ConcurrentSkipListMap<>();
    /** How many partitions each member has. */
    private final Map<Integer, Integer> shares = new ConcurrentHashMap<>();
    private final CyclicBarrier committed;
    private volatile List<Integer> settled;

    private JavaGroup(String bootstrap, JsonNode input) {
        this.bootstrap = bootstrap;
        this.input = input;
        members = input.path("members").asInt(1);
        committed = new CyclicBarrier(members);
    }

    /** {"shares": partitions of each member, the least first, "records": {"partition-offset": value}}. */
    static Object consume(String bootstrap, JsonNode input) throws Exception {
        JavaGroup group = new JavaGroup(bootstrap, input);
        ExecutorService threads = Executors.newFixedThreadPool(group.members);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < group.members; i++) {
                int member = i;
                all.add(threads.submit(() -> group.run(member)));
            }
            for (Future<Void> one : all) one.get();
            return Map.of("shares", group.settled, "records", group.read);
        } finally {
            threads.shutdownNow();
        }
    }

    private Void run(int member) throws Exception {
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config(), bytes, bytes)) {
            consumer.subscribe(List.of(input.get("topic").asText()));
            int partitions = consumer.partitionsFor(input.get("topic").asText()).size();
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (settled == null) {
                consumer.poll(Duration.ofMillis(20)).forEach(this::add);
                shares.put(member, consumer.assignment().size());
                if (isDone(partitions)) settled = shares.values().stream().sorted().toList();
                if (System.nanoTime() > deadline) throw new IllegalStateException(read.size() + " records, shares " + shares + " after " + LIMIT);
            }
            consumer.commitSync();
            // Who leaves early makes the others rebalance, and their commits fail.
            committed.await();
        }
        return null;
    }

    private void add(ConsumerRecord<byte[], byte[]> record) {
        read.put(record.partition() + "-" + record.offset(), Base64.getEncoder().encodeToString(record.value()));
    }

    private boolean isDone(int partitions) {
        boolean shared = shares.size() == members && shares.values().stream().allMatch(share -> share > 0);
        return shared && shares.values().stream().mapToInt(share -> share).sum() == partitions && read.size() >= input.get("count").asInt();
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        config.put("group.id", input.get("group").asText());
        config.put("enable.auto.commit", "false");
        config.put("auto.offset.reset", "earliest");
        input.path("config").properties().forEach(entry -> config.put(entry.getKey(), entry.getValue().asText()));
        return config;
    }

    /** What a group has committed, as Java's admin client is told: {"partition": offset}. */
    static Object committed(String bootstrap, JsonNode input) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "default.api.timeout.ms", 10_000, "request.timeout.ms", 10_000))) {
            Map<Integer, Long> offsets = new TreeMap<>();
            String topic = input.get("topic").asText();
            admin.listConsumerGroupOffsets(input.get("group").asText()).partitionsToOffsetAndMetadata().get()
                .forEach((place, offset) -> { if (place.topic().equals(topic)) offsets.put(place.partition(), offset.offset()); });
            return offsets;
        }
    }
}
