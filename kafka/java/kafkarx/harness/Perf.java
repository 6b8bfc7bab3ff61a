package kafkarx.harness;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.tools.ProducerPerformance;

/** Kafka's ProducerPerformance, and after it one line that says what the process has cost: CPU in nanoseconds since main, and peak memory in KiB. */
public final class Perf {
    public static void main(String[] arguments) throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long start = system.getProcessCpuTime();
        ProducerPerformance.main(arguments);
        System.out.println("COST " + (system.getProcessCpuTime() - start) + " " + peakKiB());
    }

    private static long peakKiB() throws Exception {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) return -1;
        return Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .findFirst().orElse(-1);
    }
}
