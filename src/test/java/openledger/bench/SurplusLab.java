package openledger.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import openledger.lab.experiment.SurplusExperiment;
import openledger.lab.experiment.SurplusExperiment.Measure;
import openledger.lab.experiment.SurplusExperiment.Row;
import openledger.lab.report.Measured;

/** {@code make lab-surplus}: who gets the slots while they are scarce, under each rule, and how fast the allocator is. */
final class SurplusLab {
    private static final Path OUT = Path.of("target/lab/surplus.json");
    private static final double MILLIS = 120_000;
    private static final int SEEDS = 20;
    private static final int FEW_SEEDS = 2;

    private SurplusLab() {}

    public static void main(String[] arguments) throws IOException {
        int seeds = BenchPace.isQuick() ? FEW_SEEDS : SEEDS;
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.put("seeds", seeds).put("virtual_seconds_a_run", MILLIS / 1_000);
        say(seeds + " seeds, " + MILLIS / 1_000 + " s of virtual time a run; mean ± half of the 95 % interval");
        head();
        List<Row> rows = new SurplusExperiment(seeds, MILLIS).run(SurplusLab::line);
        ArrayNode list = report.putArray("rows");
        rows.forEach(row -> write(row, list.addObject()));
        allocator(report);
        Files.createDirectories(OUT.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(OUT.toFile(), report);
        say("Written to " + OUT);
    }

    private static void head() {
        StringBuilder line = new StringBuilder(String.format("%-8s %-20s", "mix", "rule"));
        int column = 1;
        for (Measure measure : Measure.values()) {
            say("  [" + column + "] " + measure.word());
            line.append(String.format("%14s", "[" + column++ + "]"));
        }
        say(line.toString());
    }

    private static void line(Row row) {
        StringBuilder line = new StringBuilder(String.format("%-8s %-20s", row.mix(), row.rule()));
        for (Measured estimate : row.estimates().values()) {
            line.append(String.format(Locale.ROOT, "%8.1f ±%4.1f", estimate.value(), estimate.margin()));
        }
        say(line.toString());
    }

    private static void write(Row row, ObjectNode to) {
        to.put("mix", row.mix()).put("rule", row.rule());
        row.estimates()
                .forEach((measure, estimate) -> to.putObject(measure.name().toLowerCase(Locale.ROOT))
                        .put("mean", estimate.value())
                        .put("margin_95", estimate.margin()));
    }

    private static void allocator(ObjectNode report) {
        double digests = AllocatorBench.digestsPerSecond();
        report.put("keccak_digests_per_second", digests);
        for (int open : List.of(100, 1_000)) {
            double allocations = AllocatorBench.allocationsPerSecond(open);
            double ratio = digests / allocations;
            say(String.format(
                    Locale.ROOT,
                    "Allocator, %d open: %.0f a second; one costs as much as %.0f keccak-256 digests, %.1f a request",
                    open,
                    allocations,
                    ratio,
                    ratio / open));
            report.putObject("allocator_" + open).put("per_second", allocations).put("digests_an_allocation", ratio);
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
