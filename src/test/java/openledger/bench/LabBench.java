package openledger.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import openledger.lab.experiment.BudgetPace;

/** {@code make bench-lab}: how many simulated requests a second the budget experiment makes on one core. */
final class LabBench {
    private static final Path OUT = Path.of("target/lab/bench.json");
    private static final int WARM_UPS = 5;
    private static final int ROUNDS = 11;
    private static final int SEEDS = 20;
    private static final double NANOS_A_SECOND = 1e9;

    private LabBench() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = BenchPace.isQuick() ? 3 : ROUNDS;
        double[] perSecond = new double[rounds];
        for (int i = -WARM_UPS; i < rounds; i++) {
            long begun = System.nanoTime();
            long requests = BudgetPace.run(SEEDS);
            double rate = requests * NANOS_A_SECOND / (System.nanoTime() - begun);
            if (i >= 0) {
                perSecond[i] = rate;
            }
        }
        Arrays.sort(perSecond);
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("core", core())
                .put("java", System.getProperty("java.vm.version"))
                .put("rounds", rounds)
                .put("requests_per_second_lowest", Math.round(perSecond[0]))
                .put("requests_per_second_median", Math.round(perSecond[rounds / 2]))
                .put("requests_per_second_highest", Math.round(perSecond[rounds - 1]));
        System.out.printf(
                Locale.ROOT,
                "Budget experiment on one core (%s): %,.0f simulated requests/s (median of %d rounds, %,.0f to %,.0f)%n",
                core(),
                perSecond[rounds / 2],
                rounds,
                perSecond[0],
                perSecond[rounds - 1]);
        Files.createDirectories(OUT.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(OUT.toFile(), report);
        System.out.println("Written to " + OUT);
    }

    /** What the machine calls its core, where it says so. */
    private static String core() throws IOException {
        Path cpus = Path.of("/proc/cpuinfo");
        List<String> lines = Files.isReadable(cpus) ? Files.readAllLines(cpus) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse(System.getProperty("os.arch"));
    }
}
