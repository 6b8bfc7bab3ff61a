package kafkarx.zookeeper;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaServer;
import org.apache.kafka.common.utils.Time;
import org.apache.zookeeper.server.NIOServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import scala.Option;

/**
 * A broker of the time before KRaft, and the ZooKeeper that it needs, in one JVM. The KRaft of 2.8 is a preview that hands out no producer ids
 * (KIP-730 came with 3.0), so that there would be no idempotence to try. Both end when standard input does.
 *
 * Arguments: the properties file, whose zookeeper.connect names the port to listen at, and the folder for all data.
 */
public final class Broker {
    private static final int TICK_MS = 2000;

    public static void main(String[] arguments) throws Exception {
        Properties properties = read(Path.of(arguments[0]));
        NIOServerCnxnFactory zooKeeper = startZooKeeper(new File(arguments[1], "zookeeper"), properties.getProperty("zookeeper.connect"));
        KafkaServer server = new KafkaServer(KafkaConfig.fromProps(properties), Time.SYSTEM, Option.empty(), false);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.shutdown();
            server.awaitShutdown();
            zooKeeper.shutdown();
        }));
        new Thread(Broker::exitWithParent).start();
        try {
            server.startup();
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.exit(1);
        }
        System.out.println("READY");
        server.awaitShutdown();
    }

    private static NIOServerCnxnFactory startZooKeeper(File folder, String address) throws Exception {
        String[] hostAndPort = address.split(":");
        NIOServerCnxnFactory factory = new NIOServerCnxnFactory();
        factory.configure(new InetSocketAddress(hostAndPort[0], Integer.parseInt(hostAndPort[1])), 0);
        factory.startup(new ZooKeeperServer(folder, folder, TICK_MS));
        return factory;
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
        System.exit(0);
    }
}
