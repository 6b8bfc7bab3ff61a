package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.apache.kafka.common.utils.internals.Crc32C;

/** Hash, checksum and variable-length integers: [kind, input, output], bytes in hex and integers as text. */
final class Numbers {
    private static final HexFormat HEX = HexFormat.of();
    private static final List<String> KINDS = List.of("murmur2", "crc32c", "unsignedVarint", "varint", "varlong");

    static void write(JsonNode input, Oracle.Parts parts) throws IOException {
        for (String kind : KINDS) {
            Random random = new Random(31 * input.get("seed").asLong() + kind.hashCode());
            for (int i = 0; i < input.get("values").asInt(); i++) {
                String one = isHash(kind) ? HEX.formatHex(bytes(random, i)) : Long.toString(integer(kind, random, i));
                parts.add(Oracle.JSON.createArrayNode().add(kind).add(one).add(output(kind, one)));
            }
        }
    }

    /** Null when Kafka gives the same for the input and reads the input out of the output, else what Kafka gives. */
    static JsonNode check(JsonNode vector) {
        String kind = vector.get("kind").asText();
        String input = vector.get("input").asText();
        String theirs = output(kind, input);
        boolean equal = theirs.equals(vector.get("output").asText()) && (isHash(kind) || input.equals(read(kind, theirs)));
        return equal ? NullNode.instance : Oracle.JSON.createObjectNode().put("what", "bytes").put("java", theirs);
    }

    private static boolean isHash(String kind) {
        return kind.equals("murmur2") || kind.equals("crc32c");
    }

    /** Every length from none first, then any up to some thousands: hashes treat tails and long inputs in their own ways. */
    private static byte[] bytes(Random random, int index) {
        byte[] bytes = new byte[index < 40 ? index : random.nextInt(5000)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** First both sides of each place where the encoding grows, then anything of any length. */
    private static long integer(String kind, Random random, int index) {
        int bits = kind.equals("varlong") ? 64 : 32;
        long edge = index < 2 * bits ? (1L << (index / 2)) - index % 2 : random.nextLong() >> random.nextInt(64);
        return kind.equals("varlong") ? edge : (int) edge;
    }

    private static String output(String kind, String input) {
        ByteBuffer buffer = ByteBuffer.allocate(10);
        switch (kind) {
            case "murmur2": return Integer.toString(Utils.murmur2(HEX.parseHex(input)));
            case "crc32c": return Long.toString(Crc32C.compute(ByteBuffer.wrap(HEX.parseHex(input)), 0, input.length() / 2));
            case "unsignedVarint": ByteUtils.writeUnsignedVarint(Integer.parseInt(input), buffer); break;
            case "varint": ByteUtils.writeVarint(Integer.parseInt(input), buffer); break;
            default: ByteUtils.writeVarlong(Long.parseLong(input), buffer);
        }
        return HEX.formatHex(buffer.array(), 0, buffer.position());
    }

    private static String read(String kind, String output) {
        ByteBuffer buffer = ByteBuffer.wrap(HEX.parseHex(output));
        return switch (kind) {
            case "unsignedVarint" -> Integer.toString(ByteUtils.readUnsignedVarint(buffer));
            case "varint" -> Integer.toString(ByteUtils.readVarint(buffer));
            default -> Long.toString(ByteUtils.readVarlong(buffer));
        };
    }
}
