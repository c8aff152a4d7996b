package openledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code openledger what-if} against an address that answers as a router does. */
final class WhatIfCommandTest {
    private static final String POLICY = """
            {"version":1,"routes":[{"name":"assistant","budget":3,"modes":["fast","confirmed"],"operations":["chat"],
            "tiers":[{"name":"best","attempts":2,"up_to":2,"targets":[
              {"provider":"north","model":"m","weight":1,"slots":[1,4,8]},
              {"provider":"east","model":"m","weight":1,"slots":[1,4,8]}]},
             {"name":"next","attempts":1,"up_to":3,"targets":[{"provider":"reserve","model":"s","weight":1,"slots":[1,100,100]}]}],
            "backoff":{"base_ms":100,"cap_ms":800},"hedge_after_ms":null,
            "storm_guard":{"ratio_bp":2000,"reserve_per_second":10,"window_ms":10000},
            "retry_grid":{"epoch_ms":100,"epochs":4}}]}
            """;
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final int PAGE = 40;
    private static final int REQUESTS = 90;

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/policy", exchange -> answer(exchange, POLICY));
        server.createContext("/v1/decisions", exchange -> {
            String query = exchange.getRequestURI().getQuery();
            String who = exchange.getRequestHeaders().getFirst("authorization");
            asked.add(who + " " + query);
            int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
            answer(exchange, page(who, from).toString());
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(com.sun.net.httpserver.HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Every third request is refused twice by the best tier and falls back; one has not ended. */
    private static ObjectNode page(String who, int from) {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ArrayNode data = page.putArray("data");
        for (int i = from; i < Math.min(from + PAGE, REQUESTS); i++) {
            boolean fellBack = i % 3 == 0;
            ObjectNode decision = data.addObject()
                    .put("request", who + i)
                    .put("status", i == 1 ? "OPEN" : fellBack ? "FELL_BACK" : "SERVED")
                    .put("arrival", NOON.plusMillis(50L * i).toString())
                    .put("mode", "fast")
                    .put("tier", fellBack ? "next" : "best");
            decision.putObject("time_ms").put("total", 900.0);
            ArrayNode attempts = decision.putArray("attempt_list");
            if (fellBack) {
                attempt(attempts, "best", "north/m", "RATE_LIMITED", 0);
                attempt(attempts, "best", "east/m", "RATE_LIMITED", 30);
                attempt(attempts, "next", "reserve/s", "NONE", 60);
            } else {
                attempt(attempts, "best", i % 2 == 0 ? "north/m" : "east/m", "NONE", 0);
            }
        }
        if (from + PAGE < REQUESTS) {
            page.put("next_cursor", String.valueOf(from + PAGE));
        }
        return page;
    }

    private static void attempt(ArrayNode to, String tier, String target, String trigger, double start) {
        to.addObject()
                .put("number", to.size() + 1)
                .put("tier", tier)
                .put("target", target)
                .put("trigger", trigger)
                .put("start_ms", start)
                .put("duration_ms", "NONE".equals(trigger) ? 300.0 : 30.0);
    }

    private record Ran(int code, String out, String err) {}

    private Ran run(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment = Map.of("KEY_A", "sk-a", "KEY_B", "sk-b");
        List<String> arguments = new ArrayList<>(
                List.of("http://127.0.0.1:" + server.getAddress().getPort(), "--draws", "4"));
        arguments.addAll(List.of(options));
        int code = new CommandLine(new WhatIfCommand(environment::get))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void takesAllPagesOfEachKeyAndSaysWhatIsModelled() {
        Ran ran = run(
                "--key-env", "KEY_A,KEY_B", "--budget", "5", "--from", NOON.toString(), "--to", "2026-11-01T13:00:00Z");

        assertThat(ran.err).isEmpty();
        assertThat(ran.code).isZero();
        assertThat(asked).hasSize(6).allMatch(query -> query.contains("route=assistant") && query.contains("from="));
        assertThat(ran.out)
                .contains("2 attempts for the best tier, mode fast; what if it were 5 attempts")
                .contains("Decisions are exact, outcomes are modelled")
                .contains("2 decisions are left out")
                .containsPattern("all +178 ")
                .containsPattern("KEY_A +89 ")
                .containsPattern("KEY_B +89 ");
    }

    @Test
    void printsJsonWithIntervals() throws IOException {
        Ran ran = run(
                "--key-env",
                "KEY_A",
                "--mode",
                "confirmed",
                "--gate",
                "dispatch",
                "--block-time",
                "1s",
                "--from",
                NOON.toString(),
                "--to",
                "2026-11-01T13:00:00Z",
                "--json");

        JsonNode json = new ObjectMapper().readTree(ran.out);
        assertThat(json.path("outcomes").asText()).isEqualTo("modelled");
        assertThat(json.path("what_if").path("gate").asText()).isEqualTo("dispatch");
        JsonNode all = json.path("all");
        assertThat(all.path("requests").asInt()).isEqualTo(89);
        assertThat(all.path("fall_back_logged").asDouble()).isEqualTo(30 / 89.0);
        JsonNode added = all.path("latency_added_ms");
        assertThat(added.path("low").asDouble())
                .isLessThanOrEqualTo(added.path("value").asDouble());
        assertThat(added.path("value").asDouble()).isGreaterThan(300);
        assertThat(json.path("cohorts").path(0).path("cohort").asText()).isEqualTo("KEY_A");
    }

    @Test
    void refusesWhatCannotBeAsked() {
        String to = "2026-11-01T13:00:00Z";
        assertThat(run("--key-env", "NOBODY", "--from", NOON.toString(), "--to", to))
                .satisfies(ran -> {
                    assertThat(ran.code).isEqualTo(2);
                    assertThat(ran.err).contains("NOBODY does not");
                });
        assertThat(run("--key-env", "KEY_A", "--from", to, "--to", NOON.toString()).err)
                .contains("--from must be before");
        assertThat(run(
                                "--key-env",
                                "KEY_A",
                                "--mode",
                                "confirmed",
                                "--budget",
                                "9",
                                "--from",
                                NOON.toString(),
                                "--to",
                                to)
                        .err)
                .contains("at most 8 attempts");
        assertThat(run("--key-env", "KEY_A", "--route", "other", "--from", NOON.toString(), "--to", to).err)
                .contains("no route 'other'");
    }
}
