package openledger.cli.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.archive.PublicDownload;
import openledger.cli.ForeignJson;
import openledger.lab.replay.LoggedRequest;
import openledger.lab.replay.LoggedRequest.LoggedAttempt;
import openledger.routing.RoutingMode;
import openledger.routing.Trigger;

/** Gets a tenant's decisions of one route from {@code GET /v1/decisions}, page by page. Confined to one thread. */
public final class DecisionDownload {
    /** Most decisions that are taken together: a replay holds them all. */
    static final int MOST = 200_000;

    private static final int LARGEST_PAGE = 64 << 20;
    private static final int PAGE = 1_000;
    private static final int LONGEST_CURSOR = 512;
    private static final int LONGEST_NAME = 256;
    private static final int MOST_ATTEMPTS = 255;
    /** A week. */
    private static final double LONGEST_MILLIS = 7 * 86_400_000.0;

    /** What ended otherwise says nothing of what the best tier would have done. */
    private static final Set<String> JUDGED = Set.of("SERVED", "FELL_BACK", "EXHAUSTED");

    private final String route;
    private final Instant from;
    private final Instant to;
    private final List<LoggedRequest> requests = new ArrayList<>();
    private int leftOut;

    public DecisionDownload(String route, Instant from, Instant to) {
        this.route = route;
        this.from = from;
        this.to = to;
    }

    /** All that was got, newest first within each cohort. */
    public List<LoggedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Decisions that ended neither served, fallen back nor exhausted. */
    public int leftOut() {
        return leftOut;
    }

    /**
     * Gets those of the tenant whose key the download has.
     *
     * @throws IOException if they cannot be had, or are more than {@link #MOST}
     */
    public void get(PublicDownload router, int cohort, List<String> tiers) throws IOException, InterruptedException {
        String query = "/v1/decisions?limit=" + PAGE + "&route=" + encoded(route) + "&from=" + encoded(from.toString())
                + "&to=" + encoded(to.toString());
        String cursor = "";
        do {
            JsonNode page = ForeignJson.read(router.get(query + cursor, LARGEST_PAGE));
            JsonNode data = page.path("data");
            String next = text(page, "next_cursor", LONGEST_CURSOR);
            // As many pages as there are decisions at most, so it ends.
            if (data.isEmpty() && !next.isEmpty()) {
                throw new IOException("a page without decisions names a next page");
            }
            if (data.size() > PAGE || requests.size() + leftOut + data.size() > MOST) {
                throw new IOException("there are more than " + MOST + " decisions, or more than " + PAGE
                        + " on a page; choose a shorter time");
            }
            for (JsonNode decision : data) {
                Optional<LoggedRequest> request = read(decision, cohort, tiers);
                request.ifPresent(requests::add);
                leftOut += request.isPresent() ? 0 : 1;
            }
            cursor = next.isEmpty() ? "" : "&cursor=" + encoded(next);
        } while (!cursor.isEmpty());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Optional<LoggedRequest> read(JsonNode decision, int cohort, List<String> tiers) throws IOException {
        if (!JUDGED.contains(decision.path("status").asText())) {
            return Optional.empty();
        }
        try {
            JsonNode list = decision.path("attempt_list");
            if (list.size() > MOST_ATTEMPTS) {
                throw new IOException("a decision has more than " + MOST_ATTEMPTS + " attempts");
            }
            List<LoggedAttempt> attempts = new ArrayList<>();
            for (JsonNode attempt : list) {
                attempts.add(new LoggedAttempt(
                        Math.max(0, tiers.indexOf(attempt.path("tier").asText())),
                        text(attempt, "target", LONGEST_NAME),
                        Trigger.valueOf(text(attempt, "trigger", LONGEST_NAME)),
                        millis(attempt, "start_ms"),
                        millis(attempt, "duration_ms")));
            }
            return Optional.of(new LoggedRequest(
                    text(decision, "request", LONGEST_NAME),
                    cohort,
                    arrival(decision),
                    RoutingMode.ofWord(decision.path("mode").asText()).orElse(RoutingMode.FAST),
                    tier(decision, tiers),
                    millis(decision.path("time_ms"), "total"),
                    attempts));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("a decision cannot be read: " + e.getMessage(), e);
        }
    }

    private double arrival(JsonNode decision) throws IOException {
        Instant arrival = Instant.parse(text(decision, "arrival", LONGEST_NAME));
        if (arrival.isBefore(from.truncatedTo(ChronoUnit.MILLIS)) || !arrival.isBefore(to)) {
            throw new IOException("a decision is outside the requested time");
        }
        return arrival.toEpochMilli();
    }

    private static double millis(JsonNode of, String name) throws IOException {
        double millis = of.path(name).asDouble();
        if (!(millis >= 0 && millis <= LONGEST_MILLIS)) {
            throw new IOException(name + " of a decision is not a valid duration");
        }
        return millis;
    }

    private static String text(JsonNode of, String name, int longest) throws IOException {
        String text = of.path(name).asText("");
        if (text.length() > longest) {
            throw new IOException(name + " has more than " + longest + " characters");
        }
        return text;
    }

    private static int tier(JsonNode decision, List<String> tiers) {
        // A tier that the route no longer has was none of the best.
        return switch (decision.path("status").asText()) {
            case "SERVED" -> 0;
            case "FELL_BACK" -> Math.max(1, tiers.indexOf(decision.path("tier").asText()));
            default -> LoggedRequest.NO_TIER;
        };
    }
}
