package kafkarx.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * One Kafka node (broker, controller, or both) that lives as long as its standard input is open: whatever happens to the parent process, the
 * node ends with it and takes its data along. Ended by a signal it leaves its data, so that it can be started again. Formatting and running
 * share one JVM, which saves the second start.
 *
 * Arguments: the properties file, the folder to delete when the parent is gone, and what formatting is told (--cluster-id ...).
 */
public final class Broker {
    private static volatile boolean orphaned;

    public static void main(String[] arguments) throws Exception {
        Path properties = Path.of(arguments[0]);
        Path data = Path.of(arguments[1]);
        format(properties, Arrays.asList(arguments).subList(2, arguments.length));
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(read(properties)), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop(server);
            if (orphaned) delete(data);
        }));
        new Thread(Broker::exitWithParent).start();
        try {
            // Returns when the controller has unfenced the broker and the listeners are open.
            server.startup();
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
        System.out.println("READY");
        server.awaitShutdown();
    }

    private static void format(Path properties, List<String> more) {
        List<String> command = new ArrayList<>(List.of("format", "--ignore-formatted", "--config", properties.toString()));
        command.addAll(more);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        if (StorageTool.execute(command.toArray(String[]::new), new PrintStream(said)) == 0) return;
        System.err.println(said);
        System.exit(1);
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return properties;
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) { }
        } catch (IOException closed) {
            // A broken pipe says the same as its end.
        }
        orphaned = true;
        System.exit(0);
    }

    private static void stop(KafkaRaftServer server) {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void delete(Path data) {
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException gone) {
            // The parent deletes the folder as well.
        }
    }
}
