package kafkarx.bench;

import java.io.DataInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Java's producer in the cases that ProducerPerformance has not: all at once, one after another, at the ticks of a metronome. Takes words name=value and
 * prints one line of JSON; bench/job.ts says what stands in it.
 */
public final class Load {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final List<byte[]> values;
    private final AtomicLong delivered = new AtomicLong();
    private final Semaphore one = new Semaphore(0);
    private volatile double[] begun = new double[0];
    private float[] taken = new float[0];

    private Load(Map<String, String> words) throws Exception {
        values = Files.readAllLines(Path.of(words.get("payloads"))).stream().filter(line -> !line.isEmpty()).map(String::getBytes).toList();
        topic = words.get("topic");
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers", words.get("bootstrap"), "compression.type", words.get("codec")));
        if (!words.get("linger").equals("default")) config.put("linger.ms", words.get("linger"));
        producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static double now() {
        return System.nanoTime() / 1e6;
    }

    private void send(int index, double due) {
        if (index < begun.length) begun[index] = due;
        producer.send(new ProducerRecord<>(topic, values.get(index % values.size())), (metadata, error) -> {
            if (error != null) fail(error);
            if (index < begun.length) taken[index] = (float) (now() - begun[index]);
            delivered.incrementAndGet();
            one.release();
        });
    }

    private static void fail(Exception error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    private void atOnce(int records) throws Exception {
        for (int i = 0; i < records; i++) send(i, now());
        producer.flush();
        while (delivered.get() < records) Thread.sleep(0, 200_000);
    }

    private void oneAfterAnother(int records) throws Exception {
        for (int i = 0; i < records; i++) {
            send(i, now());
            one.acquire();
        }
    }

    private void atTicks(int records, int perTick) throws Exception {
        DataInputStream ticks = new DataInputStream(System.in);
        byte[] tick = new byte[8];
        System.out.println("READY");
        for (int i = 0; i < records;) {
            ticks.readFully(tick);
            double due = ByteBuffer.wrap(tick).order(ByteOrder.LITTLE_ENDIAN).getDouble();
            for (int n = 0; n < perTick; n++) send(i++, due);
        }
        while (delivered.get() < records) Thread.sleep(0, 200_000);
    }

    private void warmUp(int atOnce, int awaited) throws Exception {
        atOnce(atOnce);
        one.drainPermits();
        oneAfterAnother(awaited);
    }

    private void run(String kind, int records, int perTick) throws Exception {
        switch (kind) {
            case "awaited" -> oneAfterAnother(records);
            case "rate" -> atTicks(records, perTick);
            default -> atOnce(records);
        }
    }

    private String measure(String kind, int records, int perTick) throws Exception {
        delivered.set(0);
        one.drainPermits();
        taken = new float[records];
        begun = new double[records];
        long cpu = Cost.cpuNanos();
        double started = now();
        run(kind, records, perTick);
        double seconds = (now() - started) / 1e3;
        double cpuSeconds = (Cost.cpuNanos() - cpu) / 1e9;
        Arrays.sort(taken);
        return String.format(Locale.ROOT, "{\"records\":%d,\"seconds\":%f,\"cpuSeconds\":%f,\"peakBytes\":%d,\"p50\":%f,\"p99\":%f,\"p999\":%f,\"held\":null}",
            records, seconds, cpuSeconds, Cost.peakKiB() * 1024, at(0.5), at(0.99), at(0.999));
    }

    private double at(double share) {
        return taken[(int) (share * taken.length)];
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> words = Arrays.stream(arguments).map(word -> word.split("=", 2)).collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        Load load = new Load(words);
        load.warmUp(Integer.parseInt(words.get("warmUp")), Integer.parseInt(words.get("warmUpAwaited")));
        System.out.println(load.measure(words.get("kind"), Integer.parseInt(words.get("records")), Integer.parseInt(words.get("perTick"))));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
