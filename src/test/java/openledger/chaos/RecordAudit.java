package openledger.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import openledger.demo.LocalStack;

/** All decisions of a router, as its own API tells them, to be held against what its clients saw. Immutable. */
final class RecordAudit {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer than the router takes to derive decisions from its journal. */
    private static final Duration BETWEEN_READINGS = Duration.ofSeconds(3);

    private final Map<String, String> statusOf;

    private RecordAudit(Map<String, String> statusOf) {
        this.statusOf = statusOf;
    }

    /** Decisions derived so far that are interrupted, 1,000 at most. */
    static int interruptedSoFar(HttpClient http, String router) throws IOException, InterruptedException {
        return page(http, router, "&status=interrupted").path("data").size();
    }

    /** Reads all decisions, once the last ones have been derived: two readings that agree. */
    static RecordAudit of(HttpClient http, String router) throws IOException, InterruptedException {
        Map<String, String> before = read(http, router);
        while (true) {
            Thread.sleep(BETWEEN_READINGS);
            Map<String, String> now = read(http, router);
            if (now.equals(before)) {
                return new RecordAudit(now);
            }
            before = now;
        }
    }

    private static Map<String, String> read(HttpClient http, String router) throws IOException, InterruptedException {
        Map<String, String> statusOf = new HashMap<>();
        String cursor = "";
        do {
            JsonNode page = page(http, router, cursor);
            for (JsonNode decision : page.path("data")) {
                statusOf.put(
                        decision.path("request").asText(),
                        decision.path("status").asText());
            }
            cursor = page.hasNonNull("next_cursor")
                    ? "&cursor=" + page.path("next_cursor").asText()
                    : "";
        } while (!cursor.isEmpty());
        return statusOf;
    }

    private static JsonNode page(HttpClient http, String router, String more) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router + "/v1/decisions?limit=1000" + more))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + LocalStack.KEY)
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the decisions cannot be read: " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    int size() {
        return statusOf.size();
    }

    /** How many decisions have which status. */
    Map<String, Integer> statuses() {
        Map<String, Integer> counts = new TreeMap<>();
        statusOf.values().forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }

    int withStatus(String status) {
        return statuses().getOrDefault(status, 0);
    }

    /** How many of these requests have no record. */
    long missing(Collection<String> requests) {
        return requests.stream().filter(id -> !statusOf.containsKey(id)).count();
    }

    /** How many numbers below the last request's are nobody's. */
    long holes() {
        long last = statusOf.keySet().stream()
                .mapToLong(id -> Long.parseLong(id.substring(16), 16))
                .max()
                .orElse(0);
        return last - statusOf.size();
    }
}
