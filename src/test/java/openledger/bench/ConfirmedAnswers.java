package openledger.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.demo.HttpFraming;
import openledger.demo.OpenLoop.Destination;
import org.HdrHistogram.Histogram;

/**
 * What answers say of their confirmation, by the name of their destination. Each destination is noted by one thread, several may
 * be at once.
 */
final class ConfirmedAnswers {
    private static final Pattern ERROR_CODE = Pattern.compile("\"code\":\"(\\w+)\"");
    private static final long A_MINUTE_IN_MICROS = 60_000_000L;

    private final Map<String, Histogram> confirmed = new ConcurrentHashMap<>();
    private final Map<String, Histogram> held = new ConcurrentHashMap<>();
    private final Map<String, Long> refusals = new ConcurrentSkipListMap<>();

    void note(Destination from, HttpFraming answer) {
        if (answer.status() / 100 != 2) {
            Matcher code = ERROR_CODE.matcher(answer.text());
            String kind = from.name + " " + answer.status() + " " + (code.find() ? code.group(1) : "?");
            refusals.merge(kind, 1L, Long::sum);
        }
        record(confirmed.computeIfAbsent(from.name, name -> histogram()), answer.header("openledger-confirm-ms"));
        record(held.computeIfAbsent(from.name, name -> histogram()), answer.header("openledger-hold-ms"));
    }

    void forget() {
        confirmed.clear();
        held.clear();
        refusals.clear();
    }

    /** From the pin to the level, microseconds, of all destinations. */
    Histogram confirmations() {
        Histogram all = histogram();
        confirmed.values().forEach(all::add);
        return all;
    }

    void addHoldsTo(ObjectNode report) {
        held.forEach((name, histogram) ->
                report.putObject(name).put("p50", millis(histogram, 50)).put("p95", millis(histogram, 95)));
    }

    void addRefusalsTo(ObjectNode report, String name) {
        ObjectNode byKind = report.putObject(name);
        refusals.forEach(byKind::put);
    }

    String refusalsInWords() {
        return refusals.isEmpty() ? "" : ", of these refused: " + refusals;
    }

    static Histogram histogram() {
        return new Histogram(A_MINUTE_IN_MICROS, 3);
    }

    /** Adds a header's milliseconds, if it was there. */
    static void record(Histogram histogram, String millis) {
        if (!millis.isEmpty()) {
            histogram.recordValue(Math.round(Double.parseDouble(millis) * 1e3));
        }
    }

    static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }
}
