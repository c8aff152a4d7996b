package openledger.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a router exported minute by minute, and which of the real alerts it rings. Confined to one thread. */
final class ScrapedSeries {
    private static final Path RULES = Path.of("dashboards/generated/openledger.rules.yaml");

    private final Promtool promtool;
    private final Map<String, List<String>> values = new TreeMap<>();
    private int minutes;

    ScrapedSeries(Promtool promtool) {
        this.promtool = promtool;
    }

    /** One more minute: objectives and figures of fairness in Prometheus' text format. */
    void add(String scraped) {
        for (String line : scraped.lines().toList()) {
            if (line.startsWith("openledger_slo_") || line.startsWith("openledger_fairness_")) {
                int space = line.lastIndexOf(' ');
                values.computeIfAbsent(
                                line.substring(0, space), first -> new ArrayList<>(Collections.nCopies(minutes, "_")))
                        .add(line.substring(space + 1));
            }
        }
        minutes++;
        values.values().stream().filter(of -> of.size() < minutes).forEach(of -> of.add("_"));
    }

    /** Those of {@code alerts} that fire in the last minute. */
    Set<String> firing(Path folder, String... alerts) throws IOException, InterruptedException {
        Set<String> firing = new TreeSet<>();
        for (String alert : alerts) {
            Path file = folder.resolve(alert + ".json");
            Files.writeString(file, new ObjectMapper().writeValueAsString(test(alert)));
            if (promtool.agreesWith(file)) {
                firing.add(alert);
            }
        }
        return firing;
    }

    /** A test of rules, with the expectation that the alert fires. */
    private Map<String, Object> test(String alert) {
        List<Map<String, String>> given = values.entrySet().stream()
                .map(one -> Map.of("series", one.getKey(), "values", String.join(" ", one.getValue())))
                .toList();
        Map<String, Object> fires = Map.of(
                "expr",
                "count by (alertname) (ALERTS{alertstate=\"firing\", alertname=\"" + alert + "\"}) > bool 0",
                "eval_time",
                minutes - 1 + "m",
                "exp_samples",
                List.of(Map.of("labels", "{alertname=\"" + alert + "\"}", "value", 1)));
        return Map.of(
                "rule_files",
                List.of(RULES.toAbsolutePath().toString()),
                "evaluation_interval",
                "1m",
                "tests",
                List.of(Map.of("interval", "1m", "input_series", given, "promql_expr_test", List.of(fires))));
    }
}
