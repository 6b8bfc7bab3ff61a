/*
 * Writes the record batches of record-batches.json with Apache Kafka's own classes (kafka-clients 4.4.0; slf4j-api beside it):
 *
 *     java -cp kafka-clients-4.4.0.jar:slf4j-api.jar RecordBatches.java
 *
 * Prints the entries of the JSON object; record-batch.spec.ts makes the same batches.
 */
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.*;
import org.apache.kafka.common.record.internal.*;

public class RecordBatches {
  static byte[] b(String s) { return s == null ? null : s.getBytes(StandardCharsets.UTF_8); }
  interface Fill { void fill(MemoryRecordsBuilder m); }
  static void show(String name, long pid, short epoch, int seq, boolean tx, long baseOffset, Fill fill) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    MemoryRecordsBuilder m = new MemoryRecordsBuilder(buffer, (byte) 2, Compression.NONE, TimestampType.CREATE_TIME, baseOffset, -1L, pid, epoch, seq, tx, false, -1, 4096);
    fill.fill(m);
    ByteBuffer out = m.build().buffer();
    byte[] bytes = new byte[out.remaining()]; out.get(bytes);
    System.out.println("  \"" + name + "\": \"" + HexFormat.of().formatHex(bytes) + "\",");
  }
  public static void main(String[] a) {
    Fill three = m -> { for (int i = 0; i < 3; i++) m.append(1700000000000L + i, b("k" + i), b("v" + i)); };
    show("three-idempotent", 1000L, (short) 7, 42, false, 0, three);
    show("three-transactional", (1L << 53) + 1, (short) 0, Integer.MAX_VALUE - 1, true, 0, three);
    show("headers", -1, (short) -1, -1, false, 0, m -> {
      m.append(1700000000000L, b("ключ"), b("значение"), new Header[] { new RecordHeader("a", b("1")), new RecordHeader("a", null), new RecordHeader("", new byte[0]), new RecordHeader("żółw", b("🐢")) });
      m.append(1700000000000L, (byte[]) null, null, new Header[] {});
    });
    show("deltas", -1, (short) -1, -1, false, 0, m -> {
      m.append(1700000000000L, null, b("now"));
      m.append(1700000000000L - 5, null, b("a little earlier"));
      m.append(0L, null, b("long ago"));
      m.append(4102444800000L, null, b("in the future"));
    });
    show("long", -1, (short) -1, -1, false, 0, m -> { for (int i = 0; i < 65; i++) m.append(5L, null, new byte[i]); });
    show("offset", -1, (short) -1, -1, false, 9007199254740993L, m -> m.append(0L, (byte[]) null, null));
  }
}
