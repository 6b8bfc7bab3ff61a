/*
 * Writes the record batches of compressed-batches.json with Apache Kafka's own classes (kafka-clients 4.4.0; beside it slf4j-api,
 * snappy-java, lz4-java and zstd-jni, which it needs to compress):
 *
 *     java -cp 'jars/*' CompressedBatches.java
 *
 * Prints the entries of the JSON object. With the argument `read` it instead reads batches from its input, one in hex a line, and
 * prints for each its codec, its number of records, and the SHA-256 of their values.
 */
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.*;
import org.apache.kafka.common.record.internal.*;

public class CompressedBatches {
  static byte[] b(String s) { return s.getBytes(StandardCharsets.UTF_8); }
  interface Fill { void fill(MemoryRecordsBuilder m); }
  static String batch(Compression compression, boolean transactional, boolean control, TimestampType type, Fill fill) {
    ByteBuffer buffer = ByteBuffer.allocate(65536);
    MemoryRecordsBuilder m = new MemoryRecordsBuilder(buffer, (byte) 2, compression, type, 5L, 1700000009999L, transactional ? 7L : -1L, (short) (transactional ? 1 : -1), transactional && !control ? 3 : -1, transactional, control, 4, 65536);
    fill.fill(m);
    ByteBuffer out = m.build().buffer();
    byte[] bytes = new byte[out.remaining()]; out.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
  static void show(String name, String hex) { System.out.println("  \"" + name + "\": \"" + hex + "\","); }
  public static void main(String[] a) throws Exception {
    if (a.length > 0) { read(); return; }
    Fill plain = m -> { for (int i = 0; i < 50; i++) m.append(1700000000000L + i, b("key " + i), b("the value of record number " + i)); };
    // More than one block of any codec: 100 values of 1,000 bytes.
    Fill large = m -> { for (int i = 0; i < 100; i++) m.append(1700000000000L + i, null, b("0123456789".repeat(100))); };
    for (Compression c : new Compression[] { Compression.gzip().build(), Compression.snappy().build(), Compression.lz4().build(), Compression.zstd().build() }) {
      show(c.type().name, batch(c, false, false, TimestampType.CREATE_TIME, plain));
      show(c.type().name + "-large", batch(c, false, false, TimestampType.CREATE_TIME, large));
    }
    show("lz4-high", batch(Compression.lz4().level(17).build(), false, false, TimestampType.CREATE_TIME, plain));
    show("zstd-negative", batch(Compression.zstd().level(-50).build(), false, false, TimestampType.CREATE_TIME, plain));
    show("append-time", batch(Compression.gzip().build(), false, false, TimestampType.LOG_APPEND_TIME, plain));
    show("commit", batch(Compression.NONE, true, true, TimestampType.CREATE_TIME, m -> m.appendEndTxnMarker(1700000000000L, new EndTransactionMarker(ControlRecordType.COMMIT, 11))));
    show("abort", batch(Compression.NONE, true, true, TimestampType.CREATE_TIME, m -> m.appendEndTxnMarker(1700000000000L, new EndTransactionMarker(ControlRecordType.ABORT, 12))));
  }
  static void read() throws Exception {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null;) {
      for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(HexFormat.of().parseHex(line))).batches()) {
        batch.ensureValid();
        MessageDigest values = MessageDigest.getInstance("SHA-256");
        int count = 0;
        for (org.apache.kafka.common.record.internal.Record record : batch) { count++; if (record.hasValue()) values.update(record.value()); }
        System.out.println(batch.compressionType().name + " " + count + " " + HexFormat.of().formatHex(values.digest()));
      }
    }
  }
}
