package kafkarx.options;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Every key of Java's producer with its type and default, as one line of JSON. */
public final class ProducerKeys {
    public static void main(String[] arguments) throws Exception {
        List<Object> keys = new ArrayList<>();
        for (ConfigDef.ConfigKey key : new TreeMap<>(ProducerConfig.configDef().configKeys()).values()) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", key.name);
            facts.put("type", key.type.name());
            facts.put("default", key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : "required");
            keys.add(facts);
        }
        System.out.println(new ObjectMapper().writeValueAsString(keys));
    }
}
