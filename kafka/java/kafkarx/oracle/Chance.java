package kafkarx.oracle;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Single values by chance, and those at which an encoding changes its length or a type ends. */
final class Chance {
    private static final String[] ALPHABETS = {"abcdefghijklmnopqrstuvwxyz-._0123456789", "aé\u0000\u00ff", "a€\ufeff\u2028\uffff", "a🙂é𝄞"};
    private static final long[] EDGES = {0, 1, -1, 127, 128, -128, 255, 16383, 16384, 32767, -32768, 65535, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final double[] FLOATS = {0.0, -0.0, 1.5, Double.MIN_VALUE, Double.MAX_VALUE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN};
    private static final int[] LENGTHS = {0, 1, 126, 127, 128, 129};
    /** Where a varint of two bytes ends, and where our writer takes bytes by reference. */
    private static final int[] LONG_LENGTHS = {1023, 1024, 1025, 16382, 16383, 16384};
    private static final int RARELY = 40;

    private final Random random;
    private final boolean small;

    Chance(Random random, boolean small) {
        this.random = random;
        this.small = small;
    }

    boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    int few() {
        return small ? 1 : 1 + below(3);
    }

    int arrayLength() {
        return LENGTHS[below(LENGTHS.length)];
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    byte[] someBytes() {
        return bytes(1 + below(small ? 4 : 200));
    }

    Uuid uuid() {
        return new Uuid(random.nextLong(), random.nextLong());
    }

    String text() {
        return text(1 + below(small ? 4 : 60));
    }

    /** Of whole characters: half of a pair is no text, and has no bytes that all agree on. */
    String text(int length) {
        int[] alphabet = ALPHABETS[one(2) ? 0 : below(ALPHABETS.length)].codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) text.appendCodePoint(alphabet[below(alphabet.length)]);
        return text.toString();
    }

    Object number(Class<?> type) {
        return type == double.class ? (Object) (random.nextDouble() * 1e6 - 5e5) : integer(type, random.nextLong());
    }

    Object boundary(Class<?> type) {
        if (type == String.class) return text(length());
        if (type == Uuid.class) return one(2) ? new Uuid(0, 0) : new Uuid(-1, -1);
        if (type == byte[].class) return bytes(length());
        if (type == ByteBuffer.class) return ByteBuffer.wrap(bytes(length()));
        if (type == BaseRecords.class) return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(length())));
        if (type == double.class) return FLOATS[below(FLOATS.length)];
        return integer(type, EDGES[below(EDGES.length)]);
    }

    private static Object integer(Class<?> type, long value) {
        if (type == boolean.class) return (value & 1) != 0;
        if (type == byte.class || type == Byte.class) return (byte) value;
        if (type == short.class || type == Short.class) return (short) value;
        if (type == int.class || type == Integer.class) return (int) value;
        if (type == long.class || type == Long.class) return value;
        throw new AssertionError("a field of " + type);
    }

    private int length() {
        return one(RARELY) ? LONG_LENGTHS[below(LONG_LENGTHS.length)] : LENGTHS[below(LENGTHS.length)];
    }
}
