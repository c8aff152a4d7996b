package openledger.cli.reconcile;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.audit.usage.ProviderCall;
import openledger.audit.usage.ProviderCall.Result;
import openledger.audit.usage.TokenCount;

/** Which columns of an export of single calls mean what: usual names, or those that the user has given. Immutable. */
final class CallColumns {
    /** What a column can mean, in the words of {@code --column}. */
    static final Set<String> MEANINGS = Set.of("id", "time", "model", "input", "output", "status");

    private static final Map<String, List<String>> USUAL = Map.of(
            "id",
            List.of(
                    "request_id",
                    "x_request_id",
                    "x-request-id",
                    "upstream_request_id",
                    "provider_request_id",
                    "requestid",
                    "request-id",
                    "id"),
            "time",
            List.of("time", "timestamp", "created_at", "started_at", "start_time", "starttime", "created", "date"),
            "model",
            List.of("model", "model_name", "model_version", "modelid", "model_id"),
            "input",
            List.of(
                    "input_tokens",
                    "prompt_tokens",
                    "usage.input_tokens",
                    "usage.prompt_tokens",
                    "input.inputtokencount",
                    "inputtokens"),
            "output",
            List.of(
                    "output_tokens",
                    "completion_tokens",
                    "usage.output_tokens",
                    "usage.completion_tokens",
                    "output.outputtokencount",
                    "outputtokens"),
            "status",
            List.of("status", "status_code", "http_status", "statuscode", "result", "outcome"));
    /** Not within the input where these names are used (Anthropic's, and Bedrock's). */
    private static final List<String> BESIDE_INPUT = List.of(
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
            "usage.cache_read_input_tokens",
            "usage.cache_creation_input_tokens",
            "input.cachereadinputtokencount",
            "input.cachewriteinputtokencount");

    private static final Set<String> GOOD =
            Set.of("success", "succeeded", "successful", "ok", "completed", "complete", "served", "true");
    private static final Set<String> BAD = Set.of(
            "error", "errored", "failed", "failure", "refused", "rejected", "rate_limited", "throttled", "false");
    private static final int LEAST_ERROR = 400;
    private static final int MOST_ERROR = 599;
    /** The client has closed: the provider may have answered. */
    private static final int LEFT = 499;

    private final Map<String, List<String>> names = new HashMap<>(USUAL);

    /** @param given columns by what they mean, in place of the usual ones */
    CallColumns(Map<String, String> given) {
        given.forEach((meaning, column) -> names.put(meaning, List.of(column.toLowerCase(Locale.ROOT))));
    }

    /** True if rows like this are single calls with a time. */
    boolean fit(ExportRow row) {
        return column(row, "time").isPresent()
                && (column(row, "id").isPresent() || column(row, "output").isPresent());
    }

    boolean hasId(ExportRow row) {
        return column(row, "id").isPresent();
    }

    /** One call; without an id, {@code otherwise} is its name. */
    ProviderCall read(ExportRow row, String otherwise) throws UnreadableExport {
        String time = column(row, "time").orElseThrow(() -> UnreadableExport.at(row.line(), "a call has no time"));
        TokenCount tokens = new TokenCount(input(row), count(row, "output"));
        return new ProviderCall(
                column(row, "id").map(row::text).orElse(otherwise),
                row.time(time),
                column(row, "model").map(row::text).orElse(""),
                result(row),
                tokens);
    }

    private Optional<String> column(ExportRow row, String meaning) {
        return row.first(names.getOrDefault(meaning, List.of()));
    }

    private long count(ExportRow row, String meaning) throws UnreadableExport {
        Optional<String> column = column(row, meaning);
        return column.isPresent() ? row.number(column.get()) : TokenCount.UNKNOWN;
    }

    private long input(ExportRow row) throws UnreadableExport {
        long input = count(row, "input");
        return input == TokenCount.UNKNOWN ? input : input + Math.max(0, row.sum(BESIDE_INPUT));
    }

    private Result result(ExportRow row) {
        String text = column(row, "status").map(row::text).orElse("").toLowerCase(Locale.ROOT);
        if (text.matches("[1-9][0-9]{2}")) {
            int status = Integer.parseInt(text);
            boolean refused = status >= LEAST_ERROR && status <= MOST_ERROR && status != LEFT;
            return refused ? Result.REFUSED : status < LEAST_ERROR ? Result.SUCCEEDED : Result.UNSAID;
        }
        return GOOD.contains(text) ? Result.SUCCEEDED : BAD.contains(text) ? Result.REFUSED : Result.UNSAID;
    }
}
