package kafkarx.oracle;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/** Messages to bytes and back, by Kafka's generated classes. */
final class Wire {
    /** Null when Kafka refuses to write it: null where it is not allowed, a value that the version cannot carry, too long a string. */
    static byte[] writeOrRefuse(Message message, short version) {
        try {
            return write(message, version);
        } catch (RuntimeException refusal) {
            return null;
        }
    }

    static <T extends Message> T read(Class<T> type, byte[] bytes, short version) {
        T message = MessageClasses.make(type);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        message.read(new ByteBufferAccessor(buffer), version);
        if (buffer.hasRemaining()) throw new IllegalArgumentException(buffer.remaining() + " bytes are left over");
        return message;
    }

    private static byte[] write(Message message, short version) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, version));
        message.write(new ByteBufferAccessor(buffer), cache, version);
        if (buffer.hasRemaining()) throw new AssertionError(message.getClass() + " is smaller than its size");
        return buffer.array();
    }
}
