package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import openledger.audit.usage.ProviderTotal;
import openledger.audit.usage.TokenCount;

/**
 * Tells by its columns what a row of an export is, and adds it: totals as OpenAI's usage API, dashboard and cost pages have them, as
 * Anthropic's usage report and console have them, and single calls of anybody. Confined to one thread.
 */
final class ExportForms {
    private static final List<String> ANTHROPIC_INPUT = List.of(
            "uncached_input_tokens",
            "cache_creation.ephemeral_1h_input_tokens",
            "cache_creation.ephemeral_5m_input_tokens",
            "cache_read_input_tokens");
    private static final List<String> CONSOLE_INPUT = List.of(
            "usage_input_tokens_no_cache",
            "usage_input_tokens_cache_write",
            "usage_input_tokens_cache_write_5m",
            "usage_input_tokens_cache_write_1h",
            "usage_input_tokens_cache_read");
    private static final List<String> COSTS = List.of("amount_value", "amount.value", "cost_usd", "amount");
    private static final List<String> CALLS = List.of("num_model_requests", "num_requests", "requests");
    private static final String CONSOLE_TIME = "usage_date_utc";
    private static final String MODEL = "model";

    private final UsageExport export;
    private final CallColumns columns;
    private final List<Dated> console = new ArrayList<>();
    private long unnamed;

    ExportForms(UsageExport export, CallColumns columns) {
        this.export = export;
        this.columns = columns;
    }

    /** A row of Anthropic's console, whose interval is known once all rows are. */
    private record Dated(Instant from, String model, TokenCount tokens) {}

    /** A row of CSV, a JSON line, or an entry of an array. */
    void row(ExportRow row) throws UnreadableExport {
        if (row.has("start_time") && row.has("end_time") && (row.first(CALLS).isPresent() || isEmptyBucket(row))) {
            bucketRow(row);
        } else if (row.has(CONSOLE_TIME)) {
            if (console.size() == UsageExport.MOST) {
                throw new UnreadableExport("an export has at most " + UsageExport.MOST + " totals");
            }
            console.add(new Dated(
                    row.time(CONSOLE_TIME),
                    row.has(MODEL) ? row.text(MODEL) : row.text("model_version"),
                    new TokenCount(row.sum(CONSOLE_INPUT), row.number("usage_output_tokens"))));
        } else if (columns.fit(row)) {
            boolean hasId = columns.hasId(row);
            export.add(columns.read(row, hasId ? "" : "row " + unnamed++), hasId);
        } else if (row.first(COSTS).isPresent()) {
            throw costs();
        } else {
            throw UnreadableExport.at(
                    row.line(),
                    "these are neither totals of a known form nor calls with a time and an id or tokens; name the columns with"
                            + " --column");
        }
    }

    private static UnreadableExport costs() {
        return new UnreadableExport(
                "it has costs and neither calls nor tokens, and what a log commits to has no prices; export the usage");
    }

    /** The dashboard writes a row with nothing but times for an interval without calls. */
    private static boolean isEmptyBucket(ExportRow row) {
        return row.first(List.of(MODEL, "input_tokens", "output_tokens", "id", "request_id", "status"))
                        .isEmpty()
                && row.first(COSTS).isEmpty();
    }

    private void bucketRow(ExportRow row) throws UnreadableExport {
        Instant from = row.time("start_time");
        Instant to = row.time("end_time");
        if (row.first(CALLS).isEmpty()) {
            export.covers(from, to);
            return;
        }
        export.add(total(from, to, row));
    }

    private static ProviderTotal total(Instant from, Instant to, ExportRow result) throws UnreadableExport {
        boolean isAnthropics = result.first(ANTHROPIC_INPUT).isPresent() && !result.has("input_tokens");
        long calls = result.first(CALLS).isPresent()
                ? result.number(result.first(CALLS).orElseThrow())
                : TokenCount.UNKNOWN;
        long input = isAnthropics ? result.sum(ANTHROPIC_INPUT) : result.number("input_tokens");
        try {
            return new ProviderTotal(
                    from, to, result.text(MODEL), calls, new TokenCount(input, result.number("output_tokens")));
        } catch (IllegalArgumentException e) {
            throw new UnreadableExport("an interval does not end after it begins: " + from, e);
        }
    }

    /** A page of a usage API. */
    void page(JsonNode page) throws UnreadableExport {
        if (page.has("has_more")) {
            export.page(page.path("has_more").asBoolean());
        }
        for (JsonNode each : page.path("data")) {
            pageOrBucket(each);
        }
    }

    /** A page, an interval of one, or a call. */
    void pageOrBucket(JsonNode each) throws UnreadableExport {
        if (each.path("data").isArray()) {
            page(each);
            return;
        }
        ExportRow bucket = ExportRow.of(1, each);
        if (!each.path("results").isArray()) {
            row(bucket);
            return;
        }
        boolean isOpenAi = bucket.has("start_time");
        Instant from = bucket.time(isOpenAi ? "start_time" : "starting_at");
        Instant to = bucket.time(isOpenAi ? "end_time" : "ending_at");
        export.covers(from, to);
        for (JsonNode result : each.path("results")) {
            ExportRow row = ExportRow.of(1, result);
            if (row.first(CALLS).isEmpty() && row.number("output_tokens") == TokenCount.UNKNOWN) {
                throw costs();
            }
            export.add(total(from, to, row));
        }
    }

    /** A file has been read to its end. */
    void endOfFile() throws UnreadableExport {
        if (console.isEmpty()) {
            return;
        }
        ChronoUnit step = ChronoUnit.DAYS;
        for (Dated row : console) {
            if (!row.from.truncatedTo(ChronoUnit.HOURS).equals(row.from)) {
                step = ChronoUnit.MINUTES;
                break;
            }
            step = row.from.truncatedTo(ChronoUnit.DAYS).equals(row.from) ? step : ChronoUnit.HOURS;
        }
        for (Dated row : console) {
            Instant from = row.from.truncatedTo(step);
            export.add(
                    new ProviderTotal(from, from.plus(step.getDuration()), row.model, TokenCount.UNKNOWN, row.tokens));
        }
        console.clear();
    }
}
