package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** The partition that Java's own producer chooses for each key (base64). */
final class JavaPartitions {
    static Object of(JsonNode input) {
        int count = input.get("count").asInt();
        List<Integer> partitions = new ArrayList<>();
        for (JsonNode key : input.get("keys")) {
            partitions.add(BuiltInPartitioner.partitionForKey(Base64.getDecoder().decode(key.asText()), count));
        }
        return partitions;
    }
}
