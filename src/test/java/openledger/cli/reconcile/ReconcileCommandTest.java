package openledger.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import openledger.verifier.GenuineReceipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code openledger reconcile} with a router that has one genuine receipt, and with a folder of it. */
final class ReconcileCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The receipt's call to provider "b" has the id req-2 and is 400 ms long; the request arrived at this time. */
    private static final String HEADER = "id,time,model,input_tokens,output_tokens,status\n";

    private static final String BEFORE = "first,2026-11-25T09:00:00Z,two,1,1,200\n";
    private static final String AFTER = "last,2026-11-25T23:00:00Z,two,1,1,200\n";

    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private boolean isEndless;
    private ObjectNode receipt = new GenuineReceipt().json();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/decisions", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            ObjectNode page = JSON.createObjectNode();
            page.putArray("data").add(decision());
            if (isEndless) {
                page.put("next_cursor", "again");
            }
            answer(exchange, page);
        });
        server.createContext("/v1/receipts/", exchange -> answer(exchange, receipt));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** As the list has it: without what a receipt has beside. */
    private ObjectNode decision() {
        ObjectNode decision = new GenuineReceipt().json();
        decision.remove(List.of("commitment", "leaf", "proof", "batch", "transaction", "history", "urls"));
        return decision;
    }

    private static void answer(HttpExchange exchange, JsonNode json) throws IOException {
        byte[] bytes = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String arrival() {
        return receipt.path("arrival").asText();
    }

    private record Ran(int code, String out, String err) {}

    private Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new ReconcileCommand(Map.of("KEY", "sk-a")::get))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    private Ran ofRouter(String csv, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "--key-env",
                "KEY",
                "--provider",
                "b",
                "--usage",
                export(csv).toString()));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Path export(String csv) throws IOException {
        return Files.writeString(folder.resolve("export.csv"), csv);
    }

    private String own(String id, String status) {
        return id + "," + arrival() + ",two,10,5," + status + "\n";
    }

    @Test
    void endsWithZeroIfBothSayTheSameAndOpensTheReceipt() throws IOException {
        Ran ran = ofRouter(HEADER + BEFORE + own("req-2", "200") + AFTER, "--shared");

        assertThat(ran.err).isEmpty();
        assertThat(ran.code).as(ran.out).isZero();
        assertThat(ran.out)
                .contains("1 calls of the log compared, 1 agree")
                .contains("1 receipts opened")
                .containsPattern("calls the provider never saw +0")
                .containsPattern("calls that the log does not have +cannot be seen here");
        assertThat(asked).singleElement().asString().contains("from=2026-11-25T07%3A58%3A00Z");
    }

    @Test
    void aRouterThatListsTheSameForEverIsGivenUp() throws IOException {
        isEndless = true;
        Ran ran = ofRouter(HEADER + BEFORE + own("req-2", "200") + AFTER, "--shared");

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("have no end");
        assertThat(asked.size()).isLessThan(1_100);
    }

    @Test
    void endsWithOneAndSaysWhichCallWasARefusalOrNeverSeen() throws IOException {
        Ran refused = ofRouter(HEADER + BEFORE + own("req-2", "429") + AFTER, "--shared");
        assertThat(refused.code).isEqualTo(1);
        assertThat(refused.out).contains("SUCCESS_WAS_REFUSAL").contains("req-2");

        Ran more = ofRouter(HEADER + BEFORE + own("req-2", "200") + AFTER);
        assertThat(more.code).isEqualTo(1);
        assertThat(more.out)
                .containsPattern("calls that the log does not have +2")
                .contains("NOT_IN_LOG");
    }

    @Test
    void saysThatNothingIsComparedIfIdsAreOfAnotherKind() throws IOException {
        Ran ran = ofRouter(HEADER + BEFORE + own("chatcmpl-9", "200") + AFTER);

        assertThat(ran.code).isEqualTo(2);
        assertThat(ran.err).contains("none of the log's 1 upstream request ids").contains("--totals");
    }

    @Test
    void comparesTotals() throws IOException {
        String day = "start_time,end_time,model,num_model_requests,input_tokens,output_tokens\n"
                + "2026-11-25T00:00:00Z,2026-11-26T00:00:00Z,two,%d,10,5\n";

        Ran one = ofRouter(String.format(day, 1));
        assertThat(one.code).as(one.out + one.err).isZero();
        assertThat(one.out).containsPattern("refusals that the provider has as answers +cannot be seen here");
        Ran none = ofRouter(String.format(day, 0), "--json");
        assertThat(none.code).isEqualTo(1);
        JsonNode json = JSON.readTree(none.out);
        assertThat(json.path("differences").path("never_seen").asInt()).isEqualTo(1);
        assertThat(json.path("basis").asText()).isEqualTo("counts");
    }

    @Test
    void findsARouterThatListsOtherThanItCommitted() throws IOException {
        receipt = new GenuineReceipt().json();
        ((ObjectNode) receipt.path("attempt_list").get(1)).put("upstream_request_id", "req-3");
        receipt.withObject("/commitment")
                .putArray("upstream_request_ids")
                .add("")
                .add("req-3");

        Ran ran = ofRouter(HEADER + BEFORE + own("req-2", "200") + AFTER, "--shared");

        assertThat(ran.code).isEqualTo(1);
        assertThat(ran.out).contains("NOT_COMMITTED").contains("The leaf is about this answer: no.");
        assertThat(ofRouter(HEADER + BEFORE + own("req-2", "200") + AFTER, "--shared", "--open", "0").code)
                .isZero();
    }

    @Test
    void takesReceiptsThatWereKeptInPlaceOfARouter() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("one.json"), receipt.toString());
        String file = export(HEADER + BEFORE + own("req-2", "200") + AFTER).toString();

        Ran ran = run("--receipts", kept.toString(), "--provider", "b", "--usage", file);

        assertThat(ran.code).as(ran.out + ran.err).isZero();
        assertThat(ran.out).contains("1 receipts opened");
        assertThat(asked).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithExportProviderAndOptions() throws IOException {
        assertThat(ofRouter("what,ever\n1,2\n").err).contains("export.csv").contains("--column");
        assertThat(ofRouter("").code).isEqualTo(2);
        assertThat(run("--provider", "b", "--usage", "x").err).contains("either ROUTER or --receipts");
        String file = export(HEADER + BEFORE + AFTER).toString();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        assertThat(run(url, "--key-env", "KEY", "--provider", "nobody", "--usage", file).err)
                .contains("no call to a provider of this name");
        assertThat(run(url, "--key-env", "GONE", "--provider", "b", "--usage", file).err)
                .contains("GONE does not");
        assertThat(run(url, "--provider", "b", "--usage", file).err).contains("--key-env is missing");
        assertThat(run(url, "--key-env", "KEY", "--provider", "b", "--usage", file, "--column", "colour=red").err)
                .contains("--column");
        assertThat(run(url, "--key-env", "KEY", "--provider", "b", "--usage", file, "--skew", "13h").err)
                .contains("--skew");
        assertThat(run(
                                url,
                                "--key-env",
                                "KEY",
                                "--provider",
                                "b",
                                "--usage",
                                folder.resolve("none").toString())
                        .err)
                .contains("cannot be read");
    }
}
