package openledger.http.page;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import openledger.http.RouterUnderTest;
import openledger.http.problem.Problem;
import openledger.routing.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page as it is served: to everybody, with rules for the browser, and as it was built. */
@QuarkusTest
@QuarkusTestResource(
        value = RouterUnderTest.class,
        initArgs =
                @ResourceArg(
                        name = "openledger.page.rpc-urls",
                        value = "https://Node.Example.com:8443/rpc?a=1&b='2',https://node.example.com:8443/other"),
        restrictToAnnotatedClass = true)
final class PageResourceTest {
    private static final Path SOURCES = Path.of("src/main/resources/page");

    @Test
    void asksForNoKeyAndTellsTheBrowserToTrustNothingElse() {
        Response page = given().get("/");

        page.then()
                .statusCode(200)
                .contentType("text/html;charset=UTF-8")
                .header("x-content-type-options", "nosniff")
                .header("referrer-policy", "no-referrer")
                .header("cache-control", "no-cache");
        assertThat(page.header("content-security-policy").split("; "))
                .contains(
                        "default-src 'none'",
                        "script-src 'self'",
                        "style-src 'self'",
                        "connect-src 'self' https://node.example.com:8443",
                        "base-uri 'none'",
                        "form-action 'none'",
                        "frame-ancestors 'none'")
                .noneMatch(rule -> rule.contains("unsafe"));
    }

    @Test
    void tellsThePageWhichNodesItMayAsk() {
        assertThat(given().get("/").asString())
                .contains(
                        "name=\"openledger-nodes\" content=\"https://Node.Example.com:8443/rpc?a=1&amp;b=&#39;2&#39; https://node.example.com:8443/other\"")
                .doesNotContain("{{");
    }

    @Test
    void tellsThePageTheTriggersOfTheCode() {
        assertThat(given().get("/page/leaf.js").asString())
                .contains("\"NONE, RATE_LIMITED, ", Trigger.NAMES)
                .doesNotContain("{{");
    }

    /** Or it would be refused by the browser. */
    @Test
    void hasNeitherScriptNorStyleInItsText() throws IOException {
        String text = Files.readString(SOURCES.resolve("index.html"));

        assertThat(text).doesNotContainPattern("<style|style=|<script(?![^>]*src=)|\\son\\w+=|javascript:");
        assertThat(Pattern.compile("(?:src|href)=\"([^\"#]*)\"").matcher(text).results())
                .isNotEmpty()
                .allSatisfy(
                        link -> assertThat(link.group(1)).doesNotContain("//").doesNotStartWith("/"));
    }

    @Test
    void everyFileIsServedAndNoOther() throws IOException {
        TreeSet<String> there = new TreeSet<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            files.map(file -> String.valueOf(file.getFileName())).forEach(there::add);
        }
        // The one is the page, the other tells Node.js what the files are.
        there.remove("index.html");
        there.remove("package.json");

        assertThat(PageResource.FILES).containsExactlyElementsOf(there);
        assertThat(PageResource.FILES)
                .allSatisfy(name -> given().get("/page/" + name).then().statusCode(200));
        given().get("/page/package.json").then().statusCode(404);
        given().get("/page/..%2fapplication.properties").then().statusCode(400);
    }

    @ParameterizedTest
    @CsvSource({
        "page.js, text/javascript;charset=UTF-8",
        "page.css, text/css;charset=UTF-8",
        "icon.svg, image/svg+xml",
    })
    void aFileHasItsTypeAndTheSameRules(String name, String type) {
        Response file = given().get("/page/" + name);

        assertThat(file.contentType()).isEqualTo(type);
        assertThat(file.header("content-security-policy")).startsWith("default-src 'none'");
        assertThat(file.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js"})
    void whoHasItAlreadyIsNotSentItAgain(String path) {
        String tag = given().get(path).header("etag");

        Response same = given().header("if-none-match", tag).get(path);
        Response other = given().header("if-none-match", "\"another\"").get(path);

        assertThat(same.statusCode()).isEqualTo(304);
        assertThat(same.asByteArray()).isEmpty();
        assertThat(same.header("etag")).isEqualTo(tag);
        assertThat(other.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/page.js"})
    void aHeadHasNoBody(String path) {
        Response head = given().head(path);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.header("etag")).isEqualTo(given().get(path).header("etag"));
        assertThat(head.asByteArray()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/page", "/page/nothing.js", "/page/a/b", "/index.html"})
    void elsewhereThereIsNothingAsBefore(String path) {
        given().get(path).then().statusCode(404).contentType(Problem.CONTENT_TYPE);
    }

    @Test
    void onlyReadingIsForEverybody() {
        given().post("/").then().statusCode(405).contentType(Problem.CONTENT_TYPE);
        given().get("/v1/models").then().statusCode(401);
    }
}
