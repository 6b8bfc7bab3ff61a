package kafkarx.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.Message;

/** Kafka has JSON converters for all its messages: what they name, our JSON must name alike. */
final class ConverterNames {
    private static final Map<Class<?>, Method> WRITERS = new ConcurrentHashMap<>();

    static void check(Message message, short version, JsonNode ours) {
        try {
            Method write = WRITERS.computeIfAbsent(message.getClass(), ConverterNames::writer);
            compare((JsonNode) write.invoke(null, message, version, true), ours, message.getClass().getSimpleName());
        } catch (IllegalAccessException | InvocationTargetException failure) {
            throw new AssertionError("the converter of " + message.getClass() + " fails", failure);
        }
    }

    private static Method writer(Class<?> type) {
        try {
            return Class.forName(type.getName() + "JsonConverter").getMethod("write", type, short.class, boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void compare(JsonNode theirs, JsonNode ours, String where) {
        if (theirs.isObject()) {
            theirs.properties().forEach(entry -> {
                if (!ours.has(entry.getKey())) throw new AssertionError(where + " has no " + entry.getKey());
                compare(entry.getValue(), ours.get(entry.getKey()), where + "." + entry.getKey());
            });
        }
        if (theirs.isArray()) for (int i = 0; i < theirs.size(); i++) compare(theirs.get(i), ours.get(i), where);
    }
}
