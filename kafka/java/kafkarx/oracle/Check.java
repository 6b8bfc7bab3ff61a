package kafkarx.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.kafka.common.protocol.Message;

/** Whether Kafka writes a value of ours as we do, and reads from our bytes what we put there. */
final class Check {
    /**
     * Takes [message, version, kind, value, bytes in hex or null for a refusal, what the bytes say when it is not
     * the value]; gives null, or what Kafka does instead.
     */
    static JsonNode vector(JsonNode vector) throws JsonProcessingException {
        Class<? extends Message> type = MessageClasses.named(vector.get(0).asText());
        short version = vector.get(1).shortValue();
        byte[] ours = vector.get(4).isNull() ? null : HexFormat.of().parseHex(vector.get(4).asText());
        Message message;
        try {
            message = Values.load(type, vector.get(3));
        } catch (NullPointerException impossible) {
            // A key of an array with map keys is hashed, and so is never null; nor is an element.
            return difference("impossible", null);
        }
        byte[] theirs = Wire.writeOrRefuse(message, version);
        if (!Arrays.equals(ours, theirs)) return difference("bytes", theirs == null ? null : HexFormat.of().formatHex(theirs));
        return ours == null ? NullNode.instance : read(type, ours, vector);
    }

    private static JsonNode read(Class<? extends Message> type, byte[] bytes, JsonNode vector) throws JsonProcessingException {
        JsonNode expected = vector.has(5) ? vector.get(5) : vector.get(3);
        String text;
        try {
            text = Oracle.JSON.writeValueAsString(Values.dump(Wire.read(type, bytes, vector.get(1).shortValue())));
        } catch (RuntimeException refusal) {
            return difference("read", refusal.toString());
        }
        // Through text, which makes nodes of one kind out of shorts and ints.
        return Oracle.JSON.readTree(text).equals(expected) ? NullNode.instance : difference("read", text);
    }

    private static JsonNode difference(String what, String theirs) {
        return Oracle.JSON.createObjectNode().put("what", what).put("java", theirs);
    }
}
