package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.utils.internals.ImplicitLinkedHashCollection;

/**
 * Messages as JSON and back, whole: also the fields that a version lacks, and unknown tags, which Kafka's own converters leave out. What JSON
 * cannot say is an object with one key: {"$n": "int64"}, {"$b": "bytes in hex"}, {"$f": "float64 that is no integer, as its bits in hex"}, and, because it is
 * long, {"$r": ["character", times]}. scripts/oracle/json.ts says the same in TypeScript.
 */
final class Values {
    private static final HexFormat HEX = HexFormat.of();
    private static final String UNKNOWN_TAGS = "unknownTaggedFields";
    private static final int LONG_TEXT = 1000;
    /** From here on a float64 does not hold every integer. */
    private static final double MOST_EXACT = 9007199254740992.0;

    static JsonNode dump(Object value) {
        if (value == null) return NullNode.instance;
        if (value instanceof Message struct) return dumpStruct(struct);
        if (value instanceof Collection<?> elements) return dumpArray(elements);
        if (value instanceof byte[] bytes) return special("$b", HEX.formatHex(bytes));
        if (value instanceof ByteBuffer buffer) return special("$b", HEX.formatHex(bytesOf(buffer)));
        if (value instanceof MemoryRecords records) return special("$b", HEX.formatHex(bytesOf(records.buffer())));
        if (value instanceof Long number) return special("$n", number.toString());
        if (value instanceof Double number) return dumpDouble(number);
        if (value instanceof String text && isRepeated(text)) return repeated(text);
        if (value instanceof Uuid uuid) return dump(uuid.toString());
        return Oracle.JSON.valueToTree(value);
    }

    static <T extends Message> T load(Class<T> type, JsonNode json) {
        T struct = MessageClasses.make(type);
        for (Field field : Shape.fieldsOf(type)) {
            if (json.has(field.getName())) set(struct, field, loadField(field, json.get(field.getName())));
        }
        for (JsonNode tag : json.path(UNKNOWN_TAGS)) {
            struct.unknownTaggedFields().add(new RawTaggedField(tag.get("tag").asInt(), bytes(tag.get("data"))));
        }
        return struct;
    }

    static void set(Object struct, Field field, Object value) {
        try {
            field.set(struct, value);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static Object get(Object struct, Field field) {
        try {
            return field.get(struct);
        } catch (IllegalAccessException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The elements as the class of the field wants them. */
    static Object collect(Field field, List<?> elements) {
        if (!Shape.isKeyed(field)) return elements;
        @SuppressWarnings("unchecked")
        Collection<Object> keyed = (Collection<Object>) MessageClasses.make(field.getType());
        for (Object element : elements) {
            if (element == null) throw new NullPointerException("an array with map keys holds no null");
            // Its hash has taken its place when it is added: from then on its keys stay.
            keyed.add(element);
        }
        return keyed;
    }

    static byte[] bytes(JsonNode json) {
        return json.isNull() ? null : HEX.parseHex(json.get("$b").asText());
    }

    static ObjectNode special(String kind, String text) {
        return Oracle.JSON.createObjectNode().put(kind, text);
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    /** JavaScript knows one type of numbers, and cannot tell a float64 that is an integer from one. */
    private static JsonNode dumpDouble(double number) {
        long bits = Double.doubleToRawLongBits(number);
        boolean negativeZero = number == 0 && bits != 0;
        if (number == (long) number && Math.abs(number) < MOST_EXACT && !negativeZero) return LongNode.valueOf((long) number);
        return special("$f", HEX.toHexDigits(bits));
    }

    private static JsonNode dumpStruct(Message struct) {
        ObjectNode json = Oracle.JSON.createObjectNode();
        for (Field field : Shape.fieldsOf(struct.getClass())) json.set(field.getName(), dump(get(struct, field)));
        ArrayNode tags = json.putArray(UNKNOWN_TAGS);
        for (RawTaggedField tag : struct.unknownTaggedFields()) tags.addObject().put("tag", tag.tag()).set("data", dump(tag.data()));
        return json;
    }

    private static JsonNode dumpArray(Collection<?> elements) {
        ArrayNode json = Oracle.JSON.createArrayNode();
        for (Object element : elements) json.add(dump(element));
        return json;
    }

    private static Object loadField(Field field, JsonNode json) {
        Class<?> element = Shape.elementOf(field);
        if (element == null) return loadOne(field.getType(), json);
        if (json.isNull()) return null;
        List<Object> elements = new ArrayList<>();
        for (JsonNode one : json) elements.add(loadOne(element, one));
        return collect(field, elements);
    }

    private static Object loadOne(Class<?> type, JsonNode json) {
        if (json.isNull()) return null;
        if (Shape.isStruct(type)) return load(type.asSubclass(Message.class), json);
        if (type == String.class) return text(json);
        if (type == Uuid.class) return Uuid.fromString(json.asText());
        if (type == byte[].class) return bytes(json);
        if (type == ByteBuffer.class) return ByteBuffer.wrap(bytes(json));
        if (type == BaseRecords.class) return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(json)));
        return loadNumber(type, json);
    }

    private static Object loadNumber(Class<?> type, JsonNode json) {
        if (type == boolean.class) return json.booleanValue();
        if (type == byte.class || type == Byte.class) return (byte) json.intValue();
        if (type == short.class || type == Short.class) return json.shortValue();
        if (type == int.class || type == Integer.class) return json.intValue();
        if (type == long.class || type == Long.class) return Long.parseLong(json.get("$n").asText());
        if (type == double.class && json.isNumber()) return json.doubleValue();
        if (type == double.class) return Double.longBitsToDouble(HexFormat.fromHexDigitsToLong(json.get("$f").asText()));
        throw new AssertionError("a field of " + type);
    }

    private static String text(JsonNode json) {
        if (json.isTextual()) return json.asText();
        return json.get("$r").get(0).asText().repeat(json.get("$r").get(1).asInt());
    }

    private static boolean isRepeated(String text) {
        return text.length() >= LONG_TEXT && text.chars().allMatch(character -> character == text.charAt(0));
    }

    private static JsonNode repeated(String text) {
        ObjectNode json = Oracle.JSON.createObjectNode();
        json.putArray("$r").add(text.substring(0, 1)).add(text.length());
        return json;
    }
}
