package openledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import openledger.archive.PublicDownload;
import openledger.lab.LoggedRequest;
import openledger.lab.LoggedRequest.LoggedAttempt;
import openledger.routing.RoutingMode;
import openledger.routing.Trigger;

/** Gets a tenant's decisions of one route from {@code GET /v1/decisions}, page by page. Confined to one thread. */
final class DecisionDownload {
    /** Most decisions that are taken together: a replay holds them all. */
    static final int MOST = 200_000;

    private static final int LARGEST_PAGE = 64 << 20;
    private static final int PAGE = 1_000;
    /** What ended otherwise says nothing of what the best tier would have done. */
    private static final Set<String> JUDGED = Set.of("SERVED", "FELL_BACK", "EXHAUSTED");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String route;
    private final Instant from;
    private final Instant to;
    private final List<LoggedRequest> requests = new ArrayList<>();
    private int leftOut;

    DecisionDownload(String route, Instant from, Instant to) {
        this.route = route;
        this.from = from;
        this.to = to;
    }

    /** All that was got, newest first within each cohort. */
    List<LoggedRequest> requests() {
        return List.copyOf(requests);
    }

    /** Decisions that ended neither served, fallen back nor exhausted. */
    int leftOut() {
        return leftOut;
    }

    /**
     * Gets those of the tenant whose key the download has.
     *
     * @throws IOException if they cannot be had, or are more than {@link #MOST}
     */
    void get(PublicDownload router, int cohort, List<String> tiers) throws IOException, InterruptedException {
        String query = "/v1/decisions?limit=" + PAGE + "&route=" + encoded(route) + "&from=" + encoded(from.toString())
                + "&to=" + encoded(to.toString());
        String cursor = "";
        do {
            JsonNode page = JSON.readTree(router.get(query + cursor, LARGEST_PAGE));
            for (JsonNode decision : page.path("data")) {
                Optional<LoggedRequest> request = read(decision, cohort, tiers);
                request.ifPresent(requests::add);
                leftOut += request.isPresent() ? 0 : 1;
            }
            if (requests.size() > MOST) {
                throw new IOException("there are more than " + MOST + " decisions; choose a shorter time");
            }
            String next = page.path("next_cursor").asText("");
            cursor = next.isEmpty() ? "" : "&cursor=" + encoded(next);
        } while (!cursor.isEmpty());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Optional<LoggedRequest> read(JsonNode decision, int cohort, List<String> tiers) throws IOException {
        if (!JUDGED.contains(decision.path("status").asText())) {
            return Optional.empty();
        }
        try {
            List<LoggedAttempt> attempts = new ArrayList<>();
            for (JsonNode attempt : decision.path("attempt_list")) {
                attempts.add(new LoggedAttempt(
                        Math.max(0, tiers.indexOf(attempt.path("tier").asText())),
                        attempt.path("target").asText(""),
                        Trigger.valueOf(attempt.path("trigger").asText()),
                        attempt.path("start_ms").asDouble(),
                        attempt.path("duration_ms").asDouble()));
            }
            return Optional.of(new LoggedRequest(
                    decision.path("request").asText(),
                    cohort,
                    Instant.parse(decision.path("arrival").asText()).toEpochMilli(),
                    RoutingMode.ofWord(decision.path("mode").asText()).orElse(RoutingMode.FAST),
                    tier(decision, tiers),
                    decision.path("time_ms").path("total").asDouble(),
                    attempts));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("a decision cannot be read: " + e.getMessage(), e);
        }
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
