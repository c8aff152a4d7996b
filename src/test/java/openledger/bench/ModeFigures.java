package openledger.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a mode did with the same arrivals. Shares are of all requests but for {@code selective}, which is of those that fell back
 * or exhausted their budget, and {@code twinDifference}, which is of pairs.
 *
 * @param unannounced served, or tried last, by a target other than its place in the plan; in fast mode every change
 * @param changed served, or tried last, by a target other than the one selected first
 * @param stale plans of which a place was not called, because its target had no slot then
 * @param fellBack FELL_BACK or EXHAUSTED
 * @param unconfirmed nothing was given, because the plan was not confirmed in time
 * @param totalMillis of each request, sorted
 */
record ModeFigures(
        String name,
        int requests,
        double unannounced,
        double changed,
        double stale,
        double fellBack,
        double selective,
        double twinDifference,
        double unconfirmed,
        List<Double> totalMillis) {

    static ModeFigures of(String name, List<JsonNode> decisions) {
        int unannounced = 0;
        int changed = 0;
        int stale = 0;
        int fellBack = 0;
        int selective = 0;
        int unconfirmed = 0;
        List<Double> millis = new ArrayList<>();
        Map<String, List<String>> twins = new HashMap<>();
        for (JsonNode decision : decisions) {
            boolean denied = List.of("FELL_BACK", "EXHAUSTED")
                    .contains(decision.path("status").asText());
            fellBack += denied ? 1 : 0;
            selective +=
                    denied && "SELECTIVE".equals(decision.path("attribution").asText()) ? 1 : 0;
            unconfirmed += "UNCONFIRMED".equals(decision.path("status").asText()) ? 1 : 0;
            List<JsonNode> tried = tried(decision);
            boolean change = !tried.isEmpty() && !target(tried.getFirst()).equals(target(tried.getLast()));
            changed += change ? 1 : 0;
            boolean planned = decision.has("plan");
            unannounced += planned ? isUnannounced(decision, tried) ? 1 : 0 : change ? 1 : 0;
            stale += planned && tried.stream().anyMatch(ModeFigures::isRefused) ? 1 : 0;
            millis.add(decision.path("time_ms").path("total").asDouble());
            twins.computeIfAbsent(decision.path("client_request_id").asText(), pair -> new ArrayList<>())
                    .add(decision.path("tier").asText("none"));
        }
        millis.sort(null);
        List<List<String>> pairs =
                twins.values().stream().filter(pair -> pair.size() == 2).toList();
        double differing = pairs.stream()
                .filter(pair -> !pair.getFirst().equals(pair.getLast()))
                .count();
        double all = decisions.size();
        return new ModeFigures(
                name,
                decisions.size(),
                unannounced / all,
                changed / all,
                stale / all,
                fellBack / all,
                fellBack == 0 ? 0 : selective / (double) fellBack,
                differing / Math.max(1, pairs.size()),
                unconfirmed / all,
                List.copyOf(millis));
    }

    /** Attempts that had a target: all but those spent while the request was held. */
    private static List<JsonNode> tried(JsonNode decision) {
        List<JsonNode> tried = new ArrayList<>();
        decision.path("attempt_list").forEach(attempt -> {
            if (attempt.has("target")) {
                tried.add(attempt);
            }
        });
        return tried;
    }

    private static boolean isUnannounced(JsonNode decision, List<JsonNode> tried) {
        return tried.stream()
                .anyMatch(attempt -> !target(attempt)
                        .equals(decision.path("plan")
                                .path(attempt.path("number").asInt() - 1)
                                .asText()));
    }

    private static boolean isRefused(JsonNode attempt) {
        return "NO_CAPACITY".equals(attempt.path("trigger").asText());
    }

    private static String target(JsonNode attempt) {
        return attempt.path("target").asText();
    }

    double percentile(double share) {
        return totalMillis.isEmpty()
                ? 0
                : totalMillis.get((int) Math.min(totalMillis.size() - 1, share * totalMillis.size()));
    }

    double meanMillis() {
        return totalMillis.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    void addTo(ObjectNode report) {
        report.putObject(name)
                .put("requests", requests)
                .put("unannounced_changes", unannounced)
                .put("target_changes", changed)
                .put("pins_gone_stale", stale)
                .put("fall_back", fellBack)
                .put("selective_share", selective)
                .put("twin_difference", twinDifference)
                .put("unconfirmed", unconfirmed)
                .put("mean_ms", meanMillis())
                .put("p50_ms", percentile(0.5))
                .put("p95_ms", percentile(0.95));
    }
}
