package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

final class Topics {
    static Object create(String bootstrap, JsonNode input) throws Exception {
        NewTopic topic = new NewTopic(input.get("topic").asText(), input.get("partitions").asInt(), (short) 1);
        Map<String, String> configs = new HashMap<>();
        input.path("configs").properties().forEach(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
        try (Admin admin = admin(bootstrap)) {
            admin.createTopics(List.of(topic.configs(configs))).all().get();
        }
        return true;
    }

    static Object delete(String bootstrap, JsonNode input) throws Exception {
        try (Admin admin = admin(bootstrap)) {
            admin.deleteTopics(List.of(input.get("topic").asText())).all().get();
        }
        return true;
    }

    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of("bootstrap.servers", bootstrap, "request.timeout.ms", 10_000, "default.api.timeout.ms", 10_000));
    }
}
