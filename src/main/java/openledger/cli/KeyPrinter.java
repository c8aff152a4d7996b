package openledger.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import openledger.access.KeyGrant;
import openledger.access.KeyRegister.Entry;
import openledger.access.KeyRegister.Issued;
import openledger.routing.RoutingMode;
import openledger.verifier.TerminalText;

/** Keys for a person, as a table, or for a program, as one JSON object a line with the members of the admin API. */
final class KeyPrinter {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HEADINGS = List.of(
            "ID",
            "KEY",
            "TENANT",
            "LABEL",
            "CREATED",
            "EXPIRES",
            "REVOKED",
            "PER MINUTE",
            "CONCURRENT",
            "TOKENS",
            "MODE");
    private static final String NOTHING = "-";

    private final PrintWriter out;
    private final Form form;

    KeyPrinter(PrintWriter out, Form form) {
        this.out = out;
        this.form = form;
    }

    /** Who reads it. */
    enum Form {
        TABLE,
        JSON
    }

    void entries(List<Entry> entries) {
        switch (form) {
            case TABLE -> table(entries);
            case JSON -> entries.forEach(entry -> line(json(entry)));
        }
        out.flush();
    }

    /** The only place that ever prints a key. */
    void issued(Issued issued) {
        switch (form) {
            case TABLE -> {
                table(List.of(issued.entry()));
                out.printf(
                        "%nThe key. It is shown only once and not stored:%n%n%s%n",
                        issued.key().text());
            }
            case JSON -> line(json(issued.entry()).put("key", issued.key().text()));
        }
        out.flush();
    }

    private void table(List<Entry> entries) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        entries.forEach(entry -> rows.add(cells(entry)));
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(String.format(Locale.ROOT, "%-" + (widths[column] + 2) + "s", row.get(column)));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static List<String> cells(Entry entry) {
        KeyGrant grant = entry.grant();
        return List.of(
                Long.toString(entry.id()),
                entry.prefix() + "...",
                TerminalText.line(grant.tenant()),
                grant.label().isEmpty() ? NOTHING : TerminalText.line(grant.label()),
                entry.created().toString(),
                grant.expires().map(Object::toString).orElse(NOTHING),
                entry.revoked().map(Object::toString).orElse(NOTHING),
                cell(grant.limits().requestsPerMinute()),
                cell(grant.limits().concurrentRequests()),
                cell(grant.limits().tokensPerMinute()),
                grant.defaultMode().map(RoutingMode::word).orElse(NOTHING));
    }

    private static String cell(OptionalInt limit) {
        return limit.isPresent() ? Integer.toString(limit.getAsInt()) : NOTHING;
    }

    private static ObjectNode json(Entry entry) {
        KeyGrant grant = entry.grant();
        ObjectNode key = JSON.createObjectNode()
                .put("id", Long.toString(entry.id()))
                .put("prefix", entry.prefix())
                .put("tenant", grant.tenant())
                .put("label", grant.label())
                .put("created", entry.created().toString());
        grant.expires().ifPresent(end -> key.put("expires", end.toString()));
        entry.revoked().ifPresent(end -> key.put("revoked", end.toString()));
        ObjectNode limits = key.putObject("limits");
        grant.limits().requestsPerMinute().ifPresent(limit -> limits.put("requests_per_minute", limit));
        grant.limits().concurrentRequests().ifPresent(limit -> limits.put("concurrent_requests", limit));
        grant.limits().tokensPerMinute().ifPresent(limit -> limits.put("tokens_per_minute", limit));
        grant.defaultMode().ifPresent(mode -> key.put("default_mode", mode.word()));
        return key;
    }

    private void line(ObjectNode object) {
        try {
            out.println(JSON.writeValueAsString(object));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings can be written", impossible);
        }
    }
}
