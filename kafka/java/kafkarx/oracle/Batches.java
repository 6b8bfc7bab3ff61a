package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Iterator;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Record batches, format 2, by Kafka's own builder and reader. A batch is {fields of its header, records: [{timestamp, key, value, headers}]}. */
final class Batches {
    private static final int FIRST_CAPACITY = 1 << 12;

    /** Vectors: [kind, batch, bytes in hex]. */
    static void write(JsonNode input, Oracle.Parts parts) throws IOException {
        BatchMaker maker = new BatchMaker(input.get("seed").asLong(), input.path("sample").asBoolean());
        for (CompressionType type : CompressionType.values()) {
            for (int i = 0; i < input.get("values").asInt(); i++) {
                ObjectNode batch = maker.make(type.name);
                parts.add(vector(type.name, batch, build(batch)));
            }
        }
        for (MemoryRecords control : maker.controls()) {
            byte[] bytes = Values.bytesOf(control.buffer());
            parts.add(vector("control", read(bytes), bytes));
        }
    }

    /** Takes a batch and our bytes of it; gives what Kafka reads in them and the bytes that it writes for it. */
    static JsonNode check(JsonNode input) {
        ObjectNode answer = Oracle.JSON.createObjectNode();
        answer.put("bytes", HexFormat.of().formatHex(build(input.get("batch"))));
        return answer.set("read", read(HexFormat.of().parseHex(input.get("bytes").asText())));
    }

    private static ArrayNode vector(String kind, JsonNode batch, byte[] bytes) {
        return Oracle.JSON.createArrayNode().add(kind).add(batch).add(HexFormat.of().formatHex(bytes));
    }

    private static byte[] build(JsonNode batch) {
        boolean append = batch.get("timestampType").asText().equals("append");
        TimestampType time = append ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        try (MemoryRecordsBuilder builder = new MemoryRecordsBuilder(
            new ByteBufferOutputStream(FIRST_CAPACITY), RecordBatch.MAGIC_VALUE_V2, compression(batch), time,
            number(batch, "baseOffset"), append ? latest(batch) : RecordBatch.NO_TIMESTAMP, number(batch, "producerId"),
            batch.get("producerEpoch").shortValue(), batch.get("baseSequence").asInt(), batch.get("transactional").asBoolean(), false,
            batch.get("partitionLeaderEpoch").asInt(), 0)) {
            for (JsonNode one : batch.get("records")) {
                builder.append(one.get("timestamp").asLong(), Values.bytes(one.get("key")), Values.bytes(one.get("value")), headers(one));
            }
            return Values.bytesOf(builder.build().buffer());
        }
    }

    /** Ours is written as if it had been appended at the time of its latest record; Java's builder takes any time. */
    private static long latest(JsonNode batch) {
        long latest = RecordBatch.NO_TIMESTAMP;
        for (JsonNode one : batch.get("records")) latest = Math.max(latest, one.get("timestamp").asLong());
        return latest;
    }

    private static long number(JsonNode batch, String field) {
        return Long.parseLong(batch.get(field).get("$n").asText());
    }

    private static Header[] headers(JsonNode record) {
        JsonNode headers = record.get("headers");
        Header[] made = new Header[headers.size()];
        for (int i = 0; i < made.length; i++) made[i] = new RecordHeader(headers.get(i).get("key").asText(), Values.bytes(headers.get(i).get("value")));
        return made;
    }

    private static Compression compression(JsonNode batch) {
        int level = batch.path("level").asInt();
        boolean chosen = batch.hasNonNull("level");
        return switch (CompressionType.forName(batch.get("compression").asText())) {
            case NONE -> Compression.NONE;
            case GZIP -> chosen ? Compression.gzip().level(level).build() : Compression.gzip().build();
            case SNAPPY -> Compression.snappy().build();
            case LZ4 -> chosen ? Compression.lz4().level(level).build() : Compression.lz4().build();
            case ZSTD -> chosen ? Compression.zstd().level(level).build() : Compression.zstd().build();
        };
    }

    /** Refuses what is not one whole batch with the right checksum. */
    private static ObjectNode read(byte[] bytes) {
        Iterator<MutableRecordBatch> batches = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches().iterator();
        MutableRecordBatch batch = batches.next();
        batch.ensureValid();
        if (batch.sizeInBytes() != bytes.length || batches.hasNext()) throw new IllegalArgumentException("more or less than a batch");
        ObjectNode json = header(batch);
        ArrayNode records = json.putArray("records");
        for (Record one : batch) {
            one.ensureValid();
            records.add(record(one));
        }
        return json;
    }

    private static ObjectNode header(MutableRecordBatch batch) {
        ObjectNode json = Oracle.JSON.createObjectNode();
        json.set("baseOffset", Values.dump(batch.baseOffset()));
        json.set("lastOffset", Values.dump(batch.lastOffset()));
        json.put("partitionLeaderEpoch", batch.partitionLeaderEpoch());
        json.set("producerId", Values.dump(batch.producerId()));
        json.put("producerEpoch", batch.producerEpoch());
        json.put("baseSequence", batch.baseSequence());
        json.put("transactional", batch.isTransactional());
        json.put("control", batch.isControlBatch());
        json.put("timestampType", batch.timestampType() == TimestampType.LOG_APPEND_TIME ? "append" : "create");
        json.put("maxTimestamp", batch.maxTimestamp());
        return json.put("compression", batch.compressionType().name);
    }

    private static ObjectNode record(Record record) {
        ObjectNode json = Oracle.JSON.createObjectNode();
        json.set("offset", Values.dump(record.offset()));
        json.put("timestamp", record.timestamp());
        json.set("key", Values.dump(record.key()));
        json.set("value", Values.dump(record.value()));
        ArrayNode headers = json.putArray("headers");
        for (Header header : record.headers()) headers.addObject().put("key", header.key()).set("value", Values.dump(header.value()));
        return json;
    }
}
