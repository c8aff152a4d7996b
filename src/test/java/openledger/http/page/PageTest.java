package openledger.http.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.http.ChainUnderTest;
import openledger.http.ChatApi;
import openledger.http.RouterUnderTest;
import openledger.http.header.ReceiptHeader;
import openledger.http.sdk.NodeScripts;
import openledger.verifier.UnreadableReceipt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser, with a real chain: runs {@code src/test/js/page} with Node.js. Pictures of it are in {@code target/page}
 * afterwards.
 */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs = {
            @ResourceArg(name = "openledger.routes[0].modes", value = "fast,confirmed"),
            @ResourceArg(name = "openledger.telemetry.enabled", value = "true"),
            @ResourceArg(name = "openledger.telemetry.scrape.enabled", value = "false")
        },
        restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ChainUnderTest.class, restrictToAnnotatedClass = true)
final class PageTest {
    private static final String NO_BROWSER =
            "No Chromium was found: install it (for example: sudo apt-get install chromium), or name one in OPENLEDGER_BROWSER.";

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @TempDir
    Path folder = Path.of("");

    /** So that Node.js tests what browsers get. */
    @BeforeEach
    void keepTheServedFiles() throws IOException {
        Path served = Files.createDirectories(Path.of("target/served-page"));
        Files.copy(
                Path.of("src/main/resources/page/package.json"),
                served.resolve("package.json"),
                StandardCopyOption.REPLACE_EXISTING);
        for (String name : PageResource.FILES) {
            Files.write(served.resolve(name), given().get("/page/" + name).asByteArray());
        }
    }

    @Test
    void computesTheHashesOfTheVectors() throws IOException, InterruptedException {
        NodeScripts.test(Map.of(), "page/vectors.check.js", "page/json.check.js");
    }

    @Test
    void worksInABrowserAndJudgesReceiptsAsTheCommandDoes()
            throws IOException, InterruptedException, UnreadableReceipt {
        Optional<Path> browser = browser();
        assertThat(browser).as(NO_BROWSER).isPresent();
        ChatApi.await(() -> confirmed("response").statusCode() == 200);
        PageReceipts receipts = new PageReceipts(folder, ChainUnderTest.chain().rpc());
        String own = fill(receipts);
        NodeScripts.test(
                Map.of(
                        "OPENLEDGER_NODE",
                        ChainUnderTest.chain().rpc().toString(),
                        "OPENLEDGER_OWN_LANE",
                        Long.toString(ChainUnderTest.LANE.value()),
                        "OPENLEDGER_KEYS",
                        folder.resolve("keys.jsonl").toString(),
                        "OPENLEDGER_MEMBERS",
                        folder.resolve("members.jsonl").toString()),
                "page/members.check.js");
        if (Boolean.getBoolean("recording.write")) {
            record();
        }
        Path pictures = Files.createDirectories(Path.of("target/page")).toAbsolutePath();

        NodeScripts.test(
                Map.of(
                        "OPENLEDGER_URL",
                        "http://" + router.getAuthority(),
                        "OPENLEDGER_KEY",
                        RouterUnderTest.KEY,
                        "OPENLEDGER_OTHER_KEY",
                        RouterUnderTest.OTHER_KEY,
                        "OPENLEDGER_BROWSER",
                        browser.get().toString(),
                        "OPENLEDGER_NODE",
                        ChainUnderTest.chain().rpc().toString(),
                        "OPENLEDGER_OWN_LANE",
                        Long.toString(ChainUnderTest.LANE.value()),
                        "OPENLEDGER_RECEIPTS",
                        folder.resolve("receipts.jsonl").toString(),
                        "OPENLEDGER_REQUEST",
                        own,
                        "OPENLEDGER_PICTURES",
                        pictures.toString()),
                "page/browser.check.js",
                "page/stake.check.js");
        assertThat(receipts.silent()).isEmpty();
    }

    /** Writes {@code clients/vectors/receipts.json} anew, from which the verifiers of clients are tested without router and chain. */
    private void record() throws IOException, InterruptedException {
        NodeScripts.test(
                Map.of(
                        "OPENLEDGER_NODE",
                        ChainUnderTest.chain().rpc().toString(),
                        "OPENLEDGER_OWN_LANE",
                        Long.toString(ChainUnderTest.LANE.value()),
                        "OPENLEDGER_RECEIPTS",
                        folder.resolve("receipts.jsonl").toString(),
                        "OPENLEDGER_PROMISES",
                        folder.resolve("promises.jsonl").toString()),
                "page/record.check.js");
    }

    private static Optional<Path> browser() {
        Stream<String> places = Stream.of(
                "/usr/bin/chromium",
                "/usr/bin/chromium-browser",
                "/usr/bin/google-chrome",
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
        return Stream.concat(Stream.ofNullable(System.getenv("OPENLEDGER_BROWSER")), places)
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Requests of each kind, their receipts and changed ones; the id of one with a story to tell. */
    private static String fill(PageReceipts receipts) throws IOException, InterruptedException, UnreadableReceipt {
        RouterUnderTest.reset();
        RouterUnderTest.script("status 429");
        String retried = id(ChatApi.chat(ChatApi.body("assistant", false)));
        RouterUnderTest.reset();
        RouterUnderTest.script("status 429");
        String nonced = id(given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .header("openledger-nonce", "a nonce")
                .body(ChatApi.body("assistant", false))
                .post("/v1/chat/completions"));
        RouterUnderTest.reset();
        RouterUnderTest.script("status 500", "status 500", "status 500");
        String fellBack = id(ChatApi.chat(ChatApi.body("assistant", true)));
        RouterUnderTest.reset();
        RouterUnderTest.script("status 500", "status 500", "status 500", "status 500");
        String exhausted = id(ChatApi.chat(ChatApi.body("assistant", false)));
        RouterUnderTest.reset();
        RouterUnderTest.script("status 429", "status 500", "status 500");
        String confirmed = id(confirmed("response"));
        RouterUnderTest.reset();
        String dispatched = id(confirmed("dispatch"));
        promises(receipts);

        receipts.genuine("fast, retried", receipt(retried, Map.of()));
        receipts.genuine("fast, fell back", receipt(fellBack, Map.of()));
        receipts.genuine("fast, exhausted", receipt(exhausted, Map.of()));
        receipts.genuine("confirmed, gate response", receipt(confirmed, Map.of()));
        receipts.genuine("confirmed, gate dispatch", receipt(dispatched, Map.of()));
        String signed = receipt(retried, Map.of(ReceiptHeader.HEADER, "signed"));
        receipts.genuine("signed", signed);
        receipts.forged(signed);
        receipts.forgedPromise(signed);
        receipts.forgedHead(signed);
        receipts.keys(signed);
        receipts.forgedPlan(receipt(confirmed, Map.of()));
        receipts.eachMember(
                "fast, retried, with nonce, signed", receipt(nonced, Map.of(ReceiptHeader.HEADER, "signed")));
        receipts.eachMember("fast, fell back", receipt(fellBack, Map.of()));
        receipts.eachMember("fast, exhausted", receipt(exhausted, Map.of()));
        receipts.eachMember("confirmed, gate response", receipt(confirmed, Map.of()));
        receipts.eachMember("confirmed, gate dispatch", receipt(dispatched, Map.of()));
        receipts.eachMember("confirmed, only its plan", PageReceipts.ofPlan(receipt(dispatched, Map.of())));
        return confirmed;
    }

    /** One of an outcome with a nonce, one of a plan. */
    private static void promises(PageReceipts receipts) throws IOException {
        String fast = ChatApi.body("assistant", false);
        receipts.promised("fast, with nonce", fast, "a nonce", signed(fast, Map.of("openledger-nonce", "a nonce")));
        String confirmed = "{\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"response\",\"max_wait_ms\":9000},"
                + ChatApi.body("assistant", false).substring(1);
        receipts.promised("confirmed", confirmed, "", signed(confirmed, Map.of()));
    }

    private static Response signed(String body, Map<String, String> more) {
        return given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                .headers(more)
                .header(ReceiptHeader.HEADER, "signed")
                .body(body)
                .post("/v1/chat/completions");
    }

    private static String id(Response answer) {
        return answer.header("openledger-request");
    }

    private static Response confirmed(String gate) {
        return ChatApi.chat("{\"openledger\":{\"mode\":\"confirmed\",\"gate\":\"" + gate + "\",\"max_wait_ms\":9000},"
                + ChatApi.body("assistant", false).substring(1));
    }

    /** Once nothing about it changes any more, so that two who look one after the other see the same. */
    private static String receipt(String id, Map<String, String> wish) throws InterruptedException {
        String[] found = new String[1];
        ChatApi.await(() -> {
            Response answer = given().header("authorization", "Bearer " + RouterUnderTest.KEY)
                    .headers(wish)
                    .get("/v1/receipts/" + id + "?wait=FINALIZED&timeout=8s");
            found[0] = answer.asString();
            List<String> levels = Stream.of("level", "planned.level")
                    .map(path -> answer.jsonPath().getString(path))
                    .filter(Objects::nonNull)
                    .toList();
            return answer.path("leaf") != null
                    && List.of("FINALIZED", "SETTLED").containsAll(levels);
        });
        return found[0];
    }
}
