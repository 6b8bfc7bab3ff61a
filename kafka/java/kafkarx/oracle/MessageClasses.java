package kafkarx.oracle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;

/** Every message that Kafka's clients have a class for, found in their jar: a list of ours could lack one. */
final class MessageClasses {
    private static final String FOLDER = "org/apache/kafka/common/message/";
    private static final Map<String, Class<? extends Message>> BY_NAME = find();

    static Class<? extends Message> named(String name) {
        return BY_NAME.get(name);
    }

    /** [name, version, version of its header or null] for every message and version. */
    static void pairs(Oracle.Parts parts) throws IOException {
        for (String name : BY_NAME.keySet()) {
            Message message = make(BY_NAME.get(name));
            for (short version = message.lowestSupportedVersion(); version <= message.highestSupportedVersion(); version++) {
                ArrayNode pair = Oracle.JSON.createArrayNode().add(name).add(version);
                Short header = headerVersion(name, (ApiMessage) message, version);
                parts.add(header == null ? pair.addNull() : pair.add(header));
            }
        }
    }

    static <T> T make(Class<T> type) {
        try {
            return type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Short headerVersion(String name, ApiMessage message, short version) {
        if (message.apiKey() < 0) return null;
        ApiMessageType api = ApiMessageType.fromApiKey(message.apiKey());
        return name.endsWith("Request") ? api.requestHeaderVersion(version) : api.responseHeaderVersion(version);
    }

    private static Map<String, Class<? extends Message>> find() {
        Map<String, Class<? extends Message>> found = new TreeMap<>();
        String path = Message.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        try (JarFile jar = new JarFile(new File(path))) {
            for (String file : topLevelClasses(jar)) {
                Class<?> type = Class.forName(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
                if (Message.class.isAssignableFrom(type)) found.put(schemaName(jar, type), type.asSubclass(Message.class));
            }
        } catch (IOException | ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
        return found;
    }

    private static List<String> topLevelClasses(JarFile jar) {
        return jar.stream()
            .map(ZipEntry::getName)
            .filter(file -> file.startsWith(FOLDER) && file.endsWith(".class") && !file.contains("$"))
            .toList();
    }

    /** Kafka's generator adds "Data" to the names of some schemas; others end so by themselves. */
    private static String schemaName(JarFile jar, Class<?> type) {
        String name = type.getSimpleName();
        if (jar.getEntry("common/message/" + name + ".json") != null) return name;
        return name.substring(0, name.length() - "Data".length());
    }
}
