package openledger.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code make prove-fairness}: one tenant falls back more often than the others, and its requests are spread over three routers. The
 * figures of the cluster say so, at each of them; the figures of each router alone do not. Then a router is killed, and said to be missing;
 * and the policy of all is changed at one of them.
 *
 * <p>Long because it is one run, told from its start to its end.
 */
public final class ProveFairness {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int TENANTS = 4;
    /** Of each tenant, over all routers: 1,200 in a window of five minutes, and 400 at a router, which compares from 1,000 on. */
    private static final int EACH_A_SECOND = 4;

    private static final int SECONDS = 310;
    private static final double USUAL = 0.1;
    private static final double VICTIM = 0.4;
    private static final int OK = 200;
    private static final int UNUSABLE = 422;
    private static final String ADMIN_KEY = "sk-administrator-of-the-cluster";
    private static final Map<String, String> ADMIN =
            Map.of("OPENLEDGER_ADMIN_KEY_ENV", "ADMIN_KEY", "ADMIN_KEY", ADMIN_KEY);

    private final ClusterStack stack;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(16);
    private final ProofReport report = new ProofReport();
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();

    private ProveFairness(ClusterStack stack) {
        this.stack = stack;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        ProofReport.say("Starting PostgreSQL, a chain, a provider and three routers ...");
        int exit = 1;
        try (ClusterStack stack = ClusterStack.start(Path.of("target/prove-fairness"), ADMIN)) {
            exit = new ProveFairness(stack).run();
        } catch (IOException | SQLException broken) {
            ProofReport.say("FAILED: " + broken.getMessage());
        }
        System.exit(exit);
    }

    private int run() throws IOException, SQLException, InterruptedException {
        List<String> tenants = tenants();
        ProofReport.say("T16: " + TENANTS + " tenants, " + EACH_A_SECOND
                + " requests/s each in turns to three routers, for "
                + SECONDS + " s; one of them falls back in " + VICTIM + " of its requests, the others in " + USUAL
                + " ...");
        load(tenants);
        harmed();
        policyOfAll();
        killed();
        return report.end();
    }

    /** Tenants of different cohorts; each tenant is of the same one at every router. */
    private List<String> tenants() throws IOException, InterruptedException {
        Map<Integer, String> byCohort = new TreeMap<>();
        for (String key : ClusterStack.KEYS) {
            Set<Integer> said = new HashSet<>();
            for (ClusterRouter router : stack.routers()) {
                said.add(fairness(router, key, "cluster").path("your_cohort").asInt());
            }
            report.demand(said.size() == 1, "a tenant is in several cohorts: " + said);
            byCohort.putIfAbsent(said.iterator().next(), key);
        }
        List<String> tenants = new ArrayList<>(byCohort.values());
        return tenants.subList(0, Math.min(TENANTS, tenants.size()));
    }

    private void load(List<String> tenants) throws InterruptedException {
        long begun = System.nanoTime();
        int turn = 0;
        for (int tick = 0; tick < SECONDS * EACH_A_SECOND; tick++) {
            for (int tenant = 0; tenant < tenants.size(); tenant++) {
                boolean fails = random.nextDouble() < (tenant == 0 ? VICTIM : USUAL);
                ClusterRouter router =
                        stack.routers().get(turn++ % stack.routers().size());
                send(router, tenants.get(tenant), (fails ? "marker-fail3-" : "marker-") + tick + "-" + tenant);
            }
            long due = begun + (tick + 1) * 1_000_000_000L / EACH_A_SECOND;
            long left = due - System.nanoTime();
            if (left > 0) {
                Thread.sleep(Duration.ofNanos(left));
            }
        }
        // Until the last part is over, due and read.
        Thread.sleep(22_000);
    }

    private void send(ClusterRouter router, String key, String marker) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(router.address() + "/v1/chat/completions"))
                .timeout(LONGEST)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"" + marker + "\"}]}"))
                .build();
        var _ = http.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .whenComplete((answer, failure) ->
                        answers.merge(failure == null ? answer.statusCode() : -1, 1, Integer::sum));
    }

    private void harmed() throws IOException, InterruptedException {
        Set<JsonNode> windows = new HashSet<>();
        for (ClusterRouter router : stack.routers()) {
            JsonNode all = fairness(router, ClusterStack.KEYS.getFirst(), "cluster");
            report.demand(
                    all.path("scope").asText().equals("cluster")
                            && all.path("replicas").asInt() == 3
                            && all.path("of").asInt() == 3,
                    router.name() + " does not count all: " + all.path("scope") + " " + all.path("replicas") + " of "
                            + all.path("of"));
            JsonNode window = window(all);
            windows.add(window);
            JsonNode alone = window(fairness(router, ClusterStack.KEYS.getFirst(), "router"));
            report.demand(
                    window.path("disparity").path("excess").asDouble() > 0,
                    router.name() + " does not see that a tenant is harmed: " + window);
            report.demand(
                    alone.path("disparity").path("excess").asDouble() <= 0,
                    router.name() + " alone sees it as well, so nothing is shown: " + alone);
            report.figure(String.format(
                    Locale.ROOT,
                    "%s: of the cluster %d requests, %d cohorts compared, disparity %.2f, floor %.2f; alone %d requests,"
                            + " %d compared",
                    router.name(),
                    window.path("requests").asInt(),
                    window.path("compared").asInt(),
                    window.path("disparity").path("value").asDouble(),
                    window.path("disparity").path("floor").asDouble(),
                    alone.path("requests").asInt(),
                    alone.path("compared").asInt()));
        }
        report.demand(windows.size() == 1 || agree(), "routers show different figures");
        report.figure("answers by status " + new TreeMap<>(answers));
    }

    /** A new window is worked out at each of them within two seconds or so. */
    private boolean agree() throws IOException, InterruptedException {
        for (int look = 0; look < 5; look++) {
            Thread.sleep(1_000);
            Set<JsonNode> windows = new HashSet<>();
            for (ClusterRouter router : stack.routers()) {
                windows.add(window(fairness(router, ClusterStack.KEYS.getFirst(), "cluster")));
            }
            if (windows.size() == 1) {
                return true;
            }
        }
        return false;
    }

    /** One router's file is changed, and it gives that to all; then one that nobody can use, which nobody follows. */
    private void policyOfAll() throws IOException, SQLException, InterruptedException {
        ProofReport.say("The policy of all is changed at one ...");
        ClusterRouter asked = stack.routers().getFirst();
        String before = Files.readString(asked.config());
        Files.writeString(asked.config(), before.replace("attempts: 3", "attempts: 2"));
        HttpResponse<byte[]> answer = reloadAll(asked);
        JsonNode said = JSON.readTree(answer.body());
        report.demand(
                answer.statusCode() == OK && said.path("routers").size() == 3,
                "not all follow the new policy: " + answer.statusCode() + " " + said);
        Thread.sleep(2_000);
        Set<String> followed = followed();
        report.demand(
                followed.equals(Set.of(said.path("policy_hash").asText().substring(2))),
                "leases say other policies: " + followed);
        Files.writeString(asked.config(), before.replace("attempts: 3", "attempts: 99"));
        HttpResponse<byte[]> refused = reloadAll(asked);
        Thread.sleep(2_000);
        report.demand(
                refused.statusCode() == UNUSABLE && followed().equals(followed),
                "a policy that nobody can use was taken: " + refused.statusCode() + " " + followed());
        report.figure("one policy at " + said.path("routers").size() + " routers; one that cannot be used at none");
        Files.writeString(asked.config(), before);
    }

    private HttpResponse<byte[]> reloadAll(ClusterRouter router) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(router.address() + "/admin/policy/reload?all=true"))
                        .timeout(LONGEST)
                        .header("authorization", "Bearer " + ADMIN_KEY)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    /** The policies that routers follow, by what their leases say. */
    private Set<String> followed() throws SQLException {
        Set<String> hashes = new HashSet<>();
        try (Connection connection = stack.database().first().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select encode(policy_hash, 'hex') from lane_lease" + " where state = 1 and expires > now()")) {
            while (rows.next()) {
                hashes.add(String.valueOf(rows.getString(1)));
            }
        }
        return hashes;
    }

    private void killed() throws IOException, InterruptedException {
        ProofReport.say("One is killed ...");
        stack.routers().getLast().kill();
        long since = System.nanoTime();
        ClusterRouter other = stack.routers().getFirst();
        JsonNode said = fairness(other, ClusterStack.KEYS.getFirst(), "cluster");
        while (said.path("replicas").asInt() != 2 && System.nanoTime() - since < 2 * LONGEST.toNanos()) {
            Thread.sleep(200);
            said = fairness(other, ClusterStack.KEYS.getFirst(), "cluster");
        }
        report.demand(
                said.path("replicas").asInt() == 2 && said.path("of").asInt() == 3,
                "the dead router is not missed: " + said.path("replicas") + " of " + said.path("of"));
        report.figure(String.format(
                Locale.ROOT, "a killed router is missed after %.1f s", (System.nanoTime() - since) / 1e9));
    }

    private static JsonNode window(JsonNode fairness) {
        for (JsonNode series : fairness.path("series")) {
            if (series.path("mode").asText().equals("fast")) {
                return series.path("window");
            }
        }
        return JSON.createObjectNode();
    }

    private JsonNode fairness(ClusterRouter router, String key, String scope) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(URI.create(router.address() + "/v1/fairness?scope=" + scope))
                        .timeout(LONGEST)
                        .header("authorization", "Bearer " + key)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != OK) {
            throw new IOException("/v1/fairness answers " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }
}
