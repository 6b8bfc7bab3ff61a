package kafkarx.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Kafka's own clients behind a line protocol: one JSON command a line on standard input, answered in order on standard output by any number
 * of lines that are arrays (parts) and one line that is an object (the end): {"result": ...} or {"error": "..."}. One JVM for many commands,
 * because each start costs the better part of a second. Ends with its standard input.
 *
 * Arguments: the bootstrap address.
 */
public final class Harness {
    static final ObjectMapper JSON = new ObjectMapper();

    interface Command {
        Object run(JsonNode input, BufferedWriter parts) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        String bootstrap = arguments[0];
        Map<String, Command> commands = new HashMap<>(Operations.commands(bootstrap));
        commands.putAll(Map.of(
            "createTopic", (input, parts) -> Topics.create(bootstrap, input),
            "deleteTopic", (input, parts) -> Topics.delete(bootstrap, input),
            "readBack", (input, parts) -> ReadBack.records(bootstrap, input, parts),
            "digest", (input, parts) -> ReadBack.digests(bootstrap, input),
            "partitionsOfKeys", (input, parts) -> JavaPartitions.of(input),
            "send", (input, parts) -> JavaSend.send(bootstrap, input),
            "transact", (input, parts) -> JavaTransactions.run(bootstrap, input),
            "consume", (input, parts) -> JavaGroup.consume(bootstrap, input),
            "committed", (input, parts) -> JavaGroup.committed(bootstrap, input)));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.write(answer(commands, JSON.readTree(line), out));
            out.write('\n');
            out.flush();
        }
        System.exit(0);
    }

    private static String answer(Map<String, Command> commands, JsonNode input, BufferedWriter parts) throws Exception {
        try {
            Object result = commands.get(input.get("command").asText()).run(input, parts);
            return JSON.writeValueAsString(Map.of("result", result));
        } catch (Exception failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            return JSON.writeValueAsString(Map.of("error", cause.toString()));
        }
    }
}
