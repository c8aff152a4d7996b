package openledger.cli.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import openledger.audit.charge.Charge;
import openledger.commitment.stake.VaultFault;
import openledger.unit.Ether;
import openledger.unit.Wei;
import openledger.verifier.TerminalText;

/**
 * What an auditor says: a line for each thing that happens, for people or as an object of JSON, and figures for a metrics port. Safe for
 * several threads.
 */
final class WatchReport {
    private static final int GWEI_DIGITS = 9;
    private static final ObjectMapper JSON = JsonMapper.builder()
            // What others say must not steer a terminal.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private final PrintWriter out;
    private final boolean isJson;
    private final Map<VaultFault, Long> misroutes = new EnumMap<>(VaultFault.class);
    private final Map<String, Long> proofs = new TreeMap<>();
    private long batches;
    private long lag;
    private Wei spent = Wei.ZERO;
    private Wei earned = Wei.ZERO;
    private String trouble = "The chain was not read yet.";

    WatchReport(PrintWriter out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    /** A charge is new. */
    synchronized void found(Charge charge) {
        misroutes.merge(charge.fault(), 1L, Long::sum);
        say(
                about("found", charge).put("why", charge.why()),
                "Found " + charge.fault() + " (" + charge.name() + "): " + charge.why());
    }

    /** What became of a charge. */
    synchronized void became(String event, Charge charge, String words) {
        say(about(event, charge).put("words", words), charge.fault() + " (" + charge.name() + "): " + words);
    }

    /** A charge does not hold, such as one of a promise that somebody else has signed. */
    synchronized void withdrawn(Charge charge, String words) {
        misroutes.merge(charge.fault(), -1L, Long::sum);
        became("withdrawn", charge, words);
    }

    /** A transaction was sent, or would be. */
    synchronized void step(String event, String call, String words, String data) {
        proofs.merge(event, 1L, Long::sum);
        say(
                JSON.createObjectNode()
                        .put("event", event)
                        .put("call", call)
                        .put("words", words)
                        .put("run", data),
                words);
        if (!isJson && !data.isEmpty()) {
            // Of our own making, and worth nothing if a part of it is missing.
            out.println("  " + data);
            out.flush();
        }
    }

    /** Something that people may want to know. */
    synchronized void note(String event, String words) {
        say(JSON.createObjectNode().put("event", event).put("words", words), words);
    }

    /** How far it is. */
    synchronized void progress(long sequence, long behind, int open, Wei spentToday) {
        lag = behind;
        spent = spentToday;
        say(
                JSON.createObjectNode()
                        .put("event", "progress")
                        .put("batch", sequence)
                        .put("behind", behind)
                        .put("found", found())
                        .put("open", open)
                        .put("spent_wei", spentToday.value().toString()),
                "Batch " + sequence + ", " + behind + " to read; " + found() + " found, " + open + " open; "
                        + Ether.text(spentToday) + " spent in 24 h.");
    }

    /** It was told to end. */
    synchronized void stopped() {
        note(
                "stopped",
                "Stopped. Batches read: " + batches + "; found: " + found() + "."
                        + (trouble.isEmpty() ? "" : " Not all could be watched: " + trouble));
    }

    /** A batch was read. */
    synchronized void read() {
        batches++;
    }

    /** What the vault has given us in all. */
    synchronized void earned(Wei all) {
        earned = all;
    }

    /** Why the lane cannot be watched at the moment; empty if it can. Said once. */
    synchronized void trouble(String why) {
        if (!why.equals(trouble) && !why.isEmpty()) {
            note("trouble", why);
        }
        trouble = why;
    }

    /** Charges so far. */
    synchronized long found() {
        return misroutes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** As {@code openledger audit} ends: 0 nothing was found, 1 something was, 2 the lane could not be watched. */
    synchronized int exitCode() {
        return found() > 0 ? 1 : trouble.isEmpty() ? 0 : 2;
    }

    private static ObjectNode about(String event, Charge charge) {
        return JSON.createObjectNode()
                .put("event", event)
                .put("fault", charge.fault().name())
                .put("code", charge.fault().code())
                .put("batch", charge.sequence())
                .put("name", charge.name());
    }

    private void say(ObjectNode node, String words) {
        try {
            out.println(
                    isJson
                            ? JSON.writeValueAsString(node)
                            : words.lines()
                                    .map(TerminalText::line)
                                    .reduce((a, b) -> a + System.lineSeparator() + b)
                                    .orElse(""));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
        out.flush();
    }

    /** Figures in the text format of Prometheus. */
    synchronized String metrics() {
        StringBuilder text = new StringBuilder();
        head(text, "batches_total", "counter", "Batches that were read.");
        value(text, "batches_total", "", Long.toString(batches));
        head(text, "misroutes_total", "counter", "Misroutes that were found, by fault.");
        misroutes.forEach((fault, count) ->
                value(text, "misroutes_total", "{fault=\"" + fault.name() + "\"}", Long.toString(count)));
        head(text, "proofs_total", "counter", "Transactions, by what became of them.");
        proofs.forEach(
                (result, count) -> value(text, "proofs_total", "{result=\"" + result + "\"}", Long.toString(count)));
        head(text, "lag_batches", "gauge", "Batches on chain that are not read yet.");
        value(text, "lag_batches", "", Long.toString(lag));
        head(text, "spent_gwei", "gauge", "Spent in the last 24 hours, bonds included.");
        value(text, "spent_gwei", "", gwei(spent));
        head(text, "earned_gwei", "gauge", "Rewards and bonds that the vault holds for the account.");
        value(text, "earned_gwei", "", gwei(earned));
        head(text, "up", "gauge", "Whether the lane can be watched.");
        value(text, "up", "", trouble.isEmpty() ? "1" : "0");
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP openledger_audit_")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE openledger_audit_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private static void value(StringBuilder text, String name, String labels, String value) {
        text.append("openledger_audit_")
                .append(name)
                .append(labels)
                .append(' ')
                .append(value)
                .append('\n');
    }

    private static String gwei(Wei amount) {
        return new BigDecimal(amount.value()).movePointLeft(GWEI_DIGITS).toPlainString();
    }
}
