package kafkarx.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What a partition holds, in one line: SHA-256 over every record in order as key, value, number of headers, and each header's name and value;
 * bytes are preceded by their length, numbers are 32 bits, big endian, and -1 stands for null. kafka/digest.ts says the same in TypeScript.
 */
final class PartitionDigest {
    private final int partition;
    private final MessageDigest sha;
    private final ByteBuffer number = ByteBuffer.allocate(4);
    private long count;
    private long bytes;
    private long first = -1;
    private long last = -1;

    PartitionDigest(int partition) {
        this.partition = partition;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        bytes(record.key());
        bytes(record.value());
        number(record.headers().toArray().length);
        for (Header header : record.headers()) {
            bytes(header.key().getBytes(StandardCharsets.UTF_8));
            bytes(header.value());
        }
        bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        if (count++ == 0) first = record.offset();
        last = record.offset();
    }

    Map<String, Object> result() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("partition", partition);
        result.put("count", count);
        result.put("first", first);
        result.put("last", last);
        result.put("bytes", bytes);
        result.put("sha256", HexFormat.of().formatHex(sha.digest()));
        return result;
    }

    private void bytes(byte[] bytes) {
        number(bytes == null ? -1 : bytes.length);
        if (bytes != null) sha.update(bytes);
    }

    private void number(int value) {
        sha.update(number.clear().putInt(value).flip());
    }
}
