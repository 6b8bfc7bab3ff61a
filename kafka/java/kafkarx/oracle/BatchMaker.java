package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Record batches by chance: whatever a producer or a broker may put into a header, and records of all kinds. */
final class BatchMaker {
    private static final long NOW = 1_700_000_000_000L;
    /** Offsets and timestamps that are near, far, and on both sides of the first record's. */
    private static final long[] STEPS = {0, 1, -1, 63, 64, -64, -65, 1 << 20, -(1 << 20), 1L << 31, -(1L << 31), NOW - 1};
    /** The longest record is larger than any block of the compressing formats. */
    private static final int[] SIZES = {0, 1, 63, 64, 100, 1000, 8191, 8192, 70_000};

    private final Random random;
    private final Chance chance;
    private final boolean small;

    BatchMaker(long seed, boolean small) {
        this.random = new Random(seed);
        this.chance = new Chance(random, small);
        this.small = small;
    }

    ObjectNode make(String compression) {
        ObjectNode batch = Oracle.JSON.createObjectNode();
        batch.put("compression", compression);
        if (chance.one(2)) level(batch, compression);
        batch.set("baseOffset", Values.dump(chance.one(3) ? 0L : random.nextLong() >>> 8));
        batch.put("partitionLeaderEpoch", chance.one(2) ? -1 : chance.below(1000));
        producer(batch);
        batch.put("timestampType", chance.one(4) ? "append" : "create");
        records(batch.putArray("records"));
        return batch;
    }

    /** Kafka's builders of control batches, each with what it takes. */
    List<MemoryRecords> controls() {
        ByteBuffer room = ByteBuffer.allocate(256);
        return List.of(
            MemoryRecords.withEndTransactionMarker(5, NOW, 7, 1000, (short) 3, new EndTransactionMarker(ControlRecordType.COMMIT, 9)),
            MemoryRecords.withEndTransactionMarker(6, NOW, -1, 1001, (short) 0, new EndTransactionMarker(ControlRecordType.ABORT, 0)),
            MemoryRecords.withLeaderChangeMessage(0, NOW, 2, room, new LeaderChangeMessage().setLeaderId(4)),
            MemoryRecords.withSnapshotHeaderRecord(1, NOW, 3, ByteBuffer.allocate(256), new SnapshotHeaderRecord()),
            MemoryRecords.withSnapshotFooterRecord(2, NOW, 3, ByteBuffer.allocate(256), new SnapshotFooterRecord()),
            MemoryRecords.withKRaftVersionRecord(3, NOW, 3, ByteBuffer.allocate(256), new KRaftVersionRecord()));
    }

    private void level(ObjectNode batch, String compression) {
        switch (compression) {
            case "gzip" -> batch.put("level", 1 + chance.below(9));
            case "lz4" -> batch.put("level", 1 + chance.below(17));
            case "zstd" -> batch.put("level", 1 + chance.below(19));
            default -> { }
        }
    }

    private void producer(ObjectNode batch) {
        boolean known = chance.one(2);
        batch.set("producerId", Values.dump(known ? random.nextLong() >>> 1 : -1L));
        batch.put("producerEpoch", known ? chance.below(1 << 15) : -1);
        batch.put("baseSequence", known ? chance.one(2) ? 0 : Integer.MAX_VALUE - chance.below(3) : -1);
        batch.put("transactional", known && chance.one(2));
    }

    private void records(ArrayNode records) {
        int count = small ? 1 + chance.below(3) : chance.one(8) ? 1000 : 1 + chance.below(20);
        for (int i = 0; i < count; i++) {
            ObjectNode record = records.addObject();
            record.put("timestamp", chance.one(20) ? -1 : NOW + STEPS[chance.below(STEPS.length - (i == 0 ? 1 : 0))]);
            record.set("key", content(count));
            record.set("value", content(count));
            ArrayNode headers = record.putArray("headers");
            for (int h = chance.one(2) ? 0 : chance.below(4); h > 0; h--) headers.addObject().put("key", chance.one(5) ? "" : chance.text()).set("value", content(count));
        }
    }

    /** Half of it compresses well. */
    private JsonNode content(int records) {
        if (chance.one(6)) return Values.dump(null);
        int size = small || records > 100 ? chance.below(12) : SIZES[chance.below(SIZES.length)];
        return Values.dump(chance.one(2) ? new byte[size] : chance.bytes(size));
    }
}
