package openledger.verifier;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import openledger.commitment.verify.LogVerification;
import openledger.commitment.verify.MemberAccount;
import openledger.commitment.verify.Receipt;
import openledger.commitment.verify.ReceiptContent;
import openledger.commitment.verify.ReceiptContent.Value;
import openledger.commitment.verify.ReceiptVerification;
import openledger.commitment.verify.ReceiptVerification.Check;
import openledger.commitment.verify.ReceiptVerification.Finding;
import openledger.commitment.verify.ReceiptVerification.Verdict;

/**
 * Prints the results of verifications, for a person or, as one JSON object each, for a program. Confined to one thread. Long because each
 * has two forms.
 */
public final class VerificationPrinter {
    private static final ObjectMapper JSON = JsonMapper.builder()
            // What a receipt says must not steer a terminal.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    /** A member of an object or of an object in a list, e.g. {@code attempt_list[0].tokens.input}. */
    private static final Pattern MEMBER = Pattern.compile("([^.\\[]+)(?:\\[[0-9]+])?\\.(.+)");

    private static final int FIRST_NAMES = 3;

    private final PrintWriter out;
    private final Form form;

    public VerificationPrinter(PrintWriter out, Form form) {
        this.out = out;
        this.form = form;
    }

    /** Who reads it. */
    public enum Form {
        TEXT,
        /** With each member that is the router's word, where the other form counts them. */
        LONG_TEXT,
        JSON
    }

    public void print(Receipt receipt, ReceiptVerification verification) {
        switch (form) {
            case TEXT, LONG_TEXT -> text(receipt, verification);
            case JSON -> line(json(verification));
        }
        out.flush();
    }

    public void print(LogVerification verification) {
        switch (form) {
            case TEXT, LONG_TEXT -> text(verification);
            case JSON -> line(json(verification));
        }
        out.flush();
    }

    /** There was nothing that could be checked. */
    public void unreadable(UnreadableReceipt why) {
        switch (form) {
            case TEXT, LONG_TEXT ->
                out.println(TerminalText.line("The receipt cannot be checked. " + why.getMessage()));
            case JSON -> {
                ObjectNode node = JSON.createObjectNode().put("verdict", Verdict.OPEN.name());
                node.put("member", why.member()).put("why", why.getMessage());
                line(node);
            }
        }
        out.flush();
    }

    /** One receipt of several. */
    void row(String name, ReceiptVerification verification) {
        switch (form) {
            case TEXT, LONG_TEXT ->
                row(
                        name,
                        verification.verdict(),
                        verification.reached().map(Enum::name).orElse("-"),
                        reason(verification));
            case JSON -> {
                ObjectNode node = JSON.createObjectNode().put("file", name);
                node.setAll(json(verification));
                line(node);
            }
        }
    }

    /** One receipt of several, which a log has signed. */
    void row(String name, LogVerification verification) {
        switch (form) {
            case TEXT, LONG_TEXT -> {
                String why = verification.checks().stream()
                        .filter(check -> decides(check.finding(), verification.verdict()))
                        .findFirst()
                        .map(check -> check.title() + ": " + row(check.finding()).text)
                        .orElse("");
                row(name, verification.verdict(), "-", why);
            }
            case JSON -> {
                ObjectNode node = JSON.createObjectNode().put("file", name);
                node.setAll(json(verification));
                line(node);
            }
        }
    }

    /** One of several, of which nothing could be checked. */
    void row(String name, UnreadableReceipt why) {
        switch (form) {
            case TEXT, LONG_TEXT -> row(name, Verdict.OPEN, "-", String.valueOf(why.getMessage()));
            case JSON ->
                line(JSON.createObjectNode()
                        .put("file", name)
                        .put("verdict", Verdict.OPEN.name())
                        .put("member", why.member())
                        .put("why", why.getMessage()));
        }
    }

    private void row(String name, Verdict verdict, String level, String why) {
        out.println(String.format(
                        Locale.ROOT,
                        "%s  %-11s  %-12s  %s",
                        TerminalText.line(name),
                        word(verdict),
                        level,
                        TerminalText.line(why))
                .stripTrailing());
    }

    /** How many of each there were. */
    void counts(Map<Verdict, Integer> counts) {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        int holds = counts.getOrDefault(Verdict.HOLDS, 0);
        int refuted = counts.getOrDefault(Verdict.BROKEN, 0);
        int misrouted = counts.getOrDefault(Verdict.MISROUTED, 0);
        int open = counts.getOrDefault(Verdict.OPEN, 0);
        switch (form) {
            case TEXT, LONG_TEXT ->
                out.printf(
                        Locale.ROOT,
                        "%d receipts: %d verified, %d refuted, %d misrouted, %d not checked%n",
                        all,
                        holds,
                        refuted,
                        misrouted,
                        open);
            case JSON ->
                line(JSON.createObjectNode()
                        .put("receipts", all)
                        .put("verified", holds)
                        .put("refuted", refuted)
                        .put("misrouted", misrouted)
                        .put("not_checked", open));
        }
        out.flush();
    }

    /** Of the checks that made the verdict the first, with its reason. */
    static String reason(ReceiptVerification verification) {
        return verification.checks().stream()
                .filter(check -> decides(check.finding(), verification.verdict()))
                .findFirst()
                .map(check -> check.subject().title() + ": " + row(check.finding()).text)
                .orElse("");
    }

    private static boolean decides(Finding finding, Verdict verdict) {
        return switch (finding) {
            case Finding.Failed failed -> verdict == Verdict.BROKEN;
            case Finding.Misroute misroute -> verdict == Verdict.MISROUTED;
            case Finding.Unchecked unchecked -> verdict == Verdict.OPEN;
            case Finding.Passed passed -> false;
            case Finding.Skipped skipped -> false;
        };
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> "VERIFIED";
            case OPEN -> "NOT CHECKED";
            case MISROUTED -> "MISROUTED";
            case BROKEN -> "REFUTED";
        };
    }

    private void text(Receipt receipt, ReceiptVerification verification) {
        out.println("Receipt of request " + receipt.request() + ", which claims to be " + receipt.level());
        out.println();
        for (Check check : verification.checks()) {
            check(check.subject().title(), check.finding());
        }
        out.println();
        out.println(conclusion(verification));
        verification
                .reached()
                .ifPresent(level -> out.println("Level by the evidence: " + level + ". " + LevelMeaning.of(level)));
        out.println();
        words(verification.members().word());
        out.println();
        out.println("Not proved, by this receipt or any other:");
        notProved(verification).forEach(what -> out.println("  - " + what));
    }

    private void check(String title, Finding finding) {
        Row row = row(finding);
        out.printf(Locale.ROOT, "  %-9s %s%n            %s%n", row.mark, title, TerminalText.line(row.text));
    }

    private void text(LogVerification verification) {
        out.println("Receipt that a log has signed");
        out.println();
        verification.checks().forEach(check -> check(check.title(), check.finding()));
        out.println();
        out.println(ofLog(verification.verdict()));
        if (!verification.proved().isEmpty()) {
            out.println();
            out.println("Proved, if the key is the log's:");
            verification
                    .proved()
                    .forEach((name, value) -> out.println("  - " + name + ": " + TerminalText.line(value)));
        }
        out.println();
        out.println("Not proved, by this receipt or any other of its form:");
        LevelMeaning.NOT_PROVED_BY_LOG.forEach(what -> out.println("  - " + what));
    }

    private static String ofLog(Verdict verdict) {
        return verdict == Verdict.HOLDS ? "VERIFIED: the leaf is in the log that the key is of." : conclusion(verdict);
    }

    private static ObjectNode json(LogVerification verification) {
        ObjectNode node = JSON.createObjectNode();
        node.put("verdict", verification.verdict().name());
        node.put("why", ofLog(verification.verdict()));
        ArrayNode checks = node.putArray("checks");
        verification.checks().forEach(check -> {
            Row row = row(check.finding());
            checks.addObject()
                    .put("title", check.title())
                    .put("finding", row.word)
                    .put("text", row.text);
        });
        ObjectNode proved = node.putObject("proved");
        verification.proved().forEach(proved::put);
        LevelMeaning.NOT_PROVED_BY_LOG.forEach(node.putArray("not_proved")::add);
        return node;
    }

    private void words(Map<String, Optional<Value>> word) {
        if (form == Form.LONG_TEXT) {
            out.println("The router's word, which nothing here proves:");
            word.forEach((path, value) -> out.println("  - " + path + ": " + shown(value)));
            return;
        }
        out.println("The router's word, which nothing here proves (" + word.size() + " members; --all lists them):");
        Map<String, List<String>> groups = new TreeMap<>();
        for (String path : word.keySet()) {
            Matcher member = MEMBER.matcher(path);
            boolean isPart = member.matches();
            groups.computeIfAbsent(isPart ? member.group(1) : "", first -> new ArrayList<>())
                    .add(isPart ? member.group(2) : path);
        }
        groups.forEach((group, names) -> {
            String first = names.stream().distinct().limit(FIRST_NAMES).collect(Collectors.joining(", "));
            String more = names.stream().distinct().count() > FIRST_NAMES ? ", …" : "";
            out.println("  - " + (group.isEmpty() ? "the receipt itself" : group) + ": " + names.size() + " (" + first
                    + more + ")");
        });
    }

    private static ObjectNode json(ReceiptVerification verification) {
        ObjectNode node = JSON.createObjectNode();
        node.put("verdict", verification.verdict().name());
        node.put("why", conclusion(verification));
        verification.reached().ifPresent(level -> {
            node.put("reached", level.name());
            node.put("meaning", LevelMeaning.of(level));
        });
        ArrayNode checks = node.putArray("checks");
        for (Check check : verification.checks()) {
            Row row = row(check.finding());
            checks.addObject()
                    .put("subject", check.subject().name())
                    .put("title", check.subject().title())
                    .put("finding", row.word)
                    .put("text", row.text);
        }
        MemberAccount members = verification.members();
        ObjectNode proved = node.putObject("proved");
        members.proved().forEach((path, value) -> put(proved, path, value));
        members.unchecked().forEach(node.putArray("unchecked")::add);
        ObjectNode word = node.putObject("routers_word");
        members.word()
                .forEach((path, value) ->
                        value.ifPresentOrElse(there -> put(word, path, there), () -> word.putNull(path)));
        notProved(verification).forEach(node.putArray("not_proved")::add);
        return node;
    }

    private static void put(ObjectNode object, String path, Value value) {
        switch (value.kind()) {
            case NUMBER, DECIMAL, ARRAY -> object.put(path, new BigDecimal(value.text()));
            case TRUTH -> object.put(path, Boolean.parseBoolean(value.text()));
            case TEXT -> object.put(path, value.text());
            case OBJECT, NULL -> object.putNull(path);
        }
    }

    private static String shown(Optional<Value> value) {
        return value.map(Value::text).map(ReceiptContent::shown).orElse("none");
    }

    private static List<String> notProved(ReceiptVerification verification) {
        return verification.state().isPresent() ? LevelMeaning.NOT_PROVED_BY_STATE : LevelMeaning.NOT_PROVED;
    }

    private static String conclusion(ReceiptVerification verification) {
        return verification
                .state()
                .filter(block -> verification.verdict() == Verdict.HOLDS)
                .map(block ->
                        "VERIFIED: every check that matters has passed, by the state of block " + block.number() + ".")
                .orElseGet(() -> conclusion(verification.verdict()));
    }

    /** What a verdict means, in a sentence. */
    public static String conclusion(Verdict verdict) {
        return switch (verdict) {
            case HOLDS -> "VERIFIED: every check that matters has passed, according to the node.";
            case OPEN -> "NOT CHECKED: nothing is wrong, but not everything that matters could be checked.";
            case MISROUTED -> "MISROUTED: the receipt is genuine, and proves a breach of the published rules.";
            case BROKEN -> "REFUTED: the receipt does not prove what it says.";
        };
    }

    private static Row row(Finding finding) {
        return switch (finding) {
            case Finding.Passed(var what) -> new Row("ok", "PASSED", what);
            case Finding.Failed(var why) -> new Row("REFUTED", "FAILED", why);
            case Finding.Misroute(var why) -> new Row("MISROUTE", "MISROUTE", why);
            case Finding.Unchecked(var why) -> new Row("open", "UNCHECKED", why);
            case Finding.Skipped(var why) -> new Row("-", "SKIPPED", why);
        };
    }

    private void line(ObjectNode object) {
        try {
            out.println(JSON.writeValueAsString(object));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings can be written", impossible);
        }
    }

    /** A finding as it is printed. */
    private record Row(String mark, String word, String text) {}
}
