package openledger.cli.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import openledger.archive.PublicDownload;
import openledger.audit.usage.ClaimedEnd;
import openledger.audit.usage.LoggedCall;
import openledger.audit.usage.TokenCount;
import openledger.cli.ForeignJson;
import openledger.routing.Trigger;

/**
 * The calls to one provider in the decisions of some tenants, from {@code GET /v1/decisions} or from receipts. Confined to one thread.
 */
final class LoggedDecisions {
    /** A request may be held, and call a provider long after it came: so long before the time in question arrivals are looked at. */
    static final Duration MARGIN = Duration.ofHours(1);

    private static final int MOST = 1_000_000;
    private static final int PAGE = 1_000;
    private static final int LARGEST_PAGE = 64 << 20;
    private static final int LONGEST = 512;
    private static final int MOST_ATTEMPTS = 255;
    private static final long LARGEST_COUNT = 1_000_000_000_000_000L;
    private static final double LONGEST_MILLIS = 7 * 86_400_000.0;
    private static final long MICROS_A_MILLI = 1_000;

    private final String prefix;
    private final List<LoggedCall> calls = new ArrayList<>();
    /** The key that shows a request, by its name: it is the way to the request's receipt. */
    private final Map<String, Integer> owners = new HashMap<>();

    /** @param provider as the router's policy calls it */
    LoggedDecisions(String provider) {
        this.prefix = provider + "/";
    }

    List<LoggedCall> calls() {
        return calls;
    }

    /** Decisions that were read, whomever they called. */
    int decisions() {
        return owners.size();
    }

    /** Which key shows a request. */
    int owner(String request) {
        return owners.getOrDefault(request, 0);
    }

    /**
     * Takes all decisions of a tenant that may have called the provider in a time.
     *
     * @param key a number for the tenant's key
     * @throws IOException if they cannot be had or read, or are too many
     */
    void download(PublicDownload router, int key, Instant from, Instant to) throws IOException, InterruptedException {
        String query = "/v1/decisions?limit=" + PAGE + "&from=" + encoded(from.minus(MARGIN)) + "&to=" + encoded(to);
        String cursor = "";
        long rows = 0;
        do {
            JsonNode page = ForeignJson.read(router.get(query + cursor, LARGEST_PAGE));
            JsonNode data = page.path("data");
            String next = text(page, "next_cursor");
            if (data.size() > PAGE || (data.isEmpty() && !next.isEmpty())) {
                throw new IOException("a page of decisions has more than " + PAGE + ", or none and a next page");
            }
            rows += data.size();
            for (JsonNode decision : data) {
                take(decision, key);
            }
            // Each of them comes once, so there are no more rows than decisions; who shows the same again and again has
            // no end.
            if (rows > (long) owners.size() + PAGE) {
                throw new IOException("the pages of decisions have no end");
            }
            cursor = next.isEmpty() ? "" : "&cursor=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        } while (!cursor.isEmpty());
    }

    private static String encoded(Instant time) {
        return URLEncoder.encode(time.toString(), StandardCharsets.UTF_8);
    }

    /** Takes one decision, or the receipt of one; a request that is there already is left out. */
    void take(JsonNode decision, int key) throws IOException {
        String request = text(decision, "request");
        if (owners.size() == MOST) {
            throw new IOException("there are more than " + MOST + " decisions; choose a shorter time");
        }
        if (owners.putIfAbsent(request, key) != null) {
            return;
        }
        try {
            Instant arrival = Instant.parse(text(decision, "arrival"));
            Instant whole = after(arrival, decision.path("time_ms").path("total"));
            JsonNode attempts = decision.path("attempt_list");
            if (attempts.size() > MOST_ATTEMPTS) {
                throw new IOException("a decision has more than " + MOST_ATTEMPTS + " attempts");
            }
            for (JsonNode attempt : attempts) {
                attempt(request, arrival, whole, attempt);
            }
            int budget = decision.path("budget").asInt();
            if ("INTERRUPTED".equals(text(decision, "status")) && budget > attempts.size()) {
                int most = Math.min(MOST_ATTEMPTS, budget - attempts.size());
                Instant latest = arrival.plus(MARGIN);
                calls.add(new LoggedCall(
                        request, 0, "", arrival, latest, "", "", ClaimedEnd.UNCERTAIN, TokenCount.NONE, most));
            }
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("a decision cannot be read: " + e.getMessage(), e);
        }
    }

    private void attempt(String request, Instant arrival, Instant whole, JsonNode attempt) throws IOException {
        String target = text(attempt, "target");
        Trigger trigger = Trigger.valueOf(text(attempt, "trigger"));
        if (!target.startsWith(prefix) || trigger.isRefusal()) {
            return;
        }
        int number = attempt.path("number").asInt();
        ClaimedEnd claim = ClaimedEnd.of(trigger, attempt.path("http_status").asInt());
        Instant start = after(arrival, attempt.path("start_ms"));
        Instant end = after(start, attempt.path("duration_ms"));
        JsonNode tokens = attempt.path("tokens");
        calls.add(new LoggedCall(
                request,
                number,
                text(attempt, "upstream_request_id"),
                start,
                // What flowed was whole when the request was over.
                claim == ClaimedEnd.SERVED && whole.isAfter(end) ? whole : end,
                target.substring(prefix.length()),
                text(attempt, "model"),
                claim,
                new TokenCount(count(tokens, "input"), count(tokens, "output")),
                attempt.path("sent_again").asBoolean() ? 2 : 1));
    }

    private static Instant after(Instant time, JsonNode millis) throws IOException {
        double length = millis.asDouble();
        if (!(length >= 0 && length <= LONGEST_MILLIS)) {
            throw new IOException("a time of a decision is no valid duration");
        }
        return time.plusNanos(Math.round(length * MICROS_A_MILLI) * MICROS_A_MILLI);
    }

    private static long count(JsonNode tokens, String name) throws IOException {
        JsonNode count = tokens.path(name);
        if (count.isMissingNode() || count.isNull()) {
            return TokenCount.UNKNOWN;
        }
        if (!count.canConvertToLong() || count.longValue() < 0 || count.longValue() > LARGEST_COUNT) {
            throw new IOException("a number of tokens of a decision is invalid");
        }
        return count.longValue();
    }

    private static String text(JsonNode of, String name) throws IOException {
        JsonNode value = of.path(name);
        String text = value.isNull() ? "" : value.asText("");
        if (text.length() > LONGEST) {
            throw new IOException(name + " of a decision has more than " + LONGEST + " characters");
        }
        return text;
    }
}
