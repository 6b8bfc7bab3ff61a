package kafkarx.bench;

import org.apache.kafka.tools.ProducerPerformance;

/**
 * Kafka's ProducerPerformance, twice: first with the number of records that the first argument says, so that the compiler is warm, and then as it was
 * asked to. After it one line that says what the second has cost.
 */
public final class Perf {
    public static void main(String[] arguments) throws Exception {
        String[] asked = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        ProducerPerformance.main(warmUp(asked, arguments[0]));
        System.out.println("WARM");
        long start = Cost.cpuNanos();
        ProducerPerformance.main(asked);
        System.out.println("COST " + (Cost.cpuNanos() - start) + " " + Cost.peakKiB());
    }

    private static String[] warmUp(String[] asked, String records) {
        String[] words = asked.clone();
        for (int i = 1; i < words.length; i++)
            if (words[i - 1].equals("--num-records")) words[i] = records;
        return words;
    }
}
