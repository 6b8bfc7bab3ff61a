package kafkarx.oracle;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/**
 * Kafka's own classes as the judge of bytes, behind a line protocol: one JSON command a line on standard input, answered in order by any
 * number of lines that are arrays (vectors) and one line that is an object (the end): {"result": ...} or {"error": "..."}.
 * Ends with its standard input.
 */
public final class Oracle {
    /** ASCII alone, so that a sample of it is a text that every tool shows. */
    static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** Takes what a command gives before its end, a line each. */
    interface Parts {
        void add(JsonNode part) throws IOException;
    }

    private interface Command {
        JsonNode run(JsonNode input, Parts parts) throws Exception;
    }

    private static final Map<String, Command> COMMANDS = Map.of(
        "versions", (input, parts) -> JSON.createObjectNode().put("java", System.getProperty("java.version")).put("kafka", AppInfoParser.getVersion()),
        "pairs", (input, parts) -> end(() -> MessageClasses.pairs(parts)),
        "vectors", (input, parts) -> end(() -> Vectors.write(input, parts)),
        "check", (input, parts) -> Check.vector(input.get("vector")),
        "numbers", (input, parts) -> end(() -> Numbers.write(input, parts)),
        "number", (input, parts) -> Numbers.check(input),
        "batches", (input, parts) -> end(() -> Batches.write(input, parts)),
        "batch", (input, parts) -> Batches.check(input));

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
        BufferedWriter out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8), 1 << 16);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            line(out, answer(JSON.readTree(line), part -> line(out, part)));
            // While commands are waiting, their answers leave together.
            if (!in.ready()) out.flush();
        }
        System.exit(0);
    }

    private static JsonNode answer(JsonNode input, Parts parts) {
        try {
            return JSON.createObjectNode().set("result", COMMANDS.get(input.get("command").asText()).run(input, parts));
        } catch (Exception | AssertionError failure) {
            String where = failure.getStackTrace().length == 0 ? "" : " at " + failure.getStackTrace()[0];
            return JSON.createObjectNode().put("error", failure + where);
        }
    }

    private static void line(BufferedWriter out, JsonNode node) throws IOException {
        out.write(JSON.writeValueAsString(node));
        out.write('\n');
    }

    private interface Work {
        void run() throws Exception;
    }

    private static JsonNode end(Work work) throws Exception {
        work.run();
        return NullNode.instance;
    }
}
