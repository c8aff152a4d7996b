package openledger.http.header;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Random;
import openledger.http.Area;
import openledger.http.CapturedLog;
import openledger.http.HostileRequests;
import openledger.http.RawClient;
import openledger.http.RawClient.Answer;
import openledger.http.RouterUnderTest;
import openledger.http.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Odd methods, addresses, query strings and negotiating headers: they are answered by their name, and are no bug of ours. Long because
 * each kind has its table beside its test.
 */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class NegotiationTest {
    private static final int CASES = 400;
    private static final List<String> METHODS = List.of(
            "GET",
            "GET",
            "GET",
            "POST",
            "POST",
            "PUT",
            "DELETE",
            "HEAD",
            "OPTIONS",
            "PATCH",
            "TRACE",
            "PROPFIND",
            "get",
            "X");
    private static final List<String> ADDRESSES = List.of(
            "/",
            "/page/page.js",
            "/page/none",
            "/q/health",
            "/q/health/ready",
            "/q/openapi",
            "/no/such/address",
            "/v1",
            "/v1/",
            "/v1/models",
            "/v1/models/assistant",
            "/v1/policy",
            "/v1/policy/0x00",
            "/v1/decisions",
            "/v1/receipts/00000000000000010000000000000001",
            "/v1/batches",
            "/v1/batches/1",
            "/v1/batches/1/data",
            "/v1/snapshots/1",
            "/v1/fairness",
            "/v1/nothing",
            "/admin",
            "/admin/keys",
            "/admin/keys/1",
            "/admin/keys/1/rotate",
            "/admin/policy/reload",
            "/v1/chat/completions",
            "/v1/messages",
            "/v1/%zz",
            "/%",
            "/v1/models/%c3%28",
            "/v1/policy/%00",
            "/v1/receipts/%2e%2e%2f",
            "/page/%00",
            "//v1/models",
            "/v1/../admin/keys",
            "//admin/keys",
            "/%61dmin/keys",
            "/v1\\admin",
            "*");
    private static final List<String> HEADERS = List.of(
            "accept",
            "accept",
            "accept",
            "content-type",
            "content-type",
            "if-none-match",
            "if-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range",
            "range",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "content-encoding",
            "content-language",
            "cookie",
            "x-http-method-override",
            "x-forwarded-host",
            "forwarded",
            "origin",
            "access-control-request-method",
            "te",
            "prefer",
            "cache-control",
            "date",
            "from",
            "last-event-id");
    private static final List<String> VALUES = List.of(
            "text/html",
            "application/json",
            "*/*",
            "*",
            "application/*",
            "text/event-stream",
            "application/octet-stream",
            "nonsense",
            "",
            ";",
            ",",
            "/",
            ";;;,,;",
            "a/b;",
            "a/b;c",
            "a/b;c=\"",
            "a/b;q=abc",
            "*/*;q=-1",
            "*/*;q=9",
            "a/b;q=1.0000000000000000000000001",
            "application/json;charset=nonsense",
            "application/json; charset=utf-16",
            "application/json;charset=",
            "multipart/form-data",
            "multipart/form-data;boundary=",
            "multipart/mixed",
            "application/x-www-form-urlencoded",
            "text",
            "text/",
            "/html",
            "a/b/c",
            "é/ü",
            "\"",
            "\"a",
            "W/",
            "W/\"a\"",
            "*\"a\"",
            "bytes=0-",
            "bytes=-1",
            "websocket",
            "Wed, 99 Xyz 2026",
            "-1",
            "99999999999999999999",
            "%",
            "%00",
            "\t",
            "a/b,".repeat(400),
            "gzip",
            "x=\"\\",
            "$Version=1; =",
            "DELETE");
    private static final List<String> QUERIES = List.of(
            "",
            "?",
            "?%zz",
            "?%",
            "?a=%c3%28",
            "?a=%00",
            "?limit=%00",
            "?route=%00",
            "?tenant=%00",
            "?limit=%ef%bc%91",
            "?limit=1&limit=2",
            "?limit=+1",
            "?=",
            "?&&&",
            "?cursor=-1-00000000000000010000000000000001",
            "?a".repeat(90),
            "?" + "a&".repeat(2_000),
            "?format=%zz",
            "?format=nonsense",
            "?wait=%F0%9F%98",
            "?from=%EF%BC%91",
            "?part=x",
            "?lane=0",
            "?before=%EF%BC%91");
    private static final List<String> KEYS = List.of(
            "",
            "authorization: Bearer \r\n",
            "authorization: Bearer sk-wrong\r\n",
            "authorization: Basic x\r\n",
            "authorization: \r\n",
            "x-api-key: \r\n");

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void noBug() {
        log.close();
        assertThat(log.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStrangerIsNeverAnsweredWithABug(long seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < CASES; run++) {
            String address = pick(ADDRESSES, random);
            String request = request(address, pick(KEYS, random), random);
            Answer answer = send(request);

            assertProper(request, answer);
            if (address.contains("admin") && !address.startsWith("/admin")) {
                assertThat(answer.status()).as(request).isIn(0, 400, 404, 501);
            } else if (Area.of(address) == Area.API || Area.of(address) == Area.ADMIN) {
                assertThat(answer.status()).as(request).isIn(0, 400, 401, 429, 501);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6, 7})
    void whoHasAKeyIsNeverAnsweredWithABug(long seed) throws IOException {
        Random random = new Random(seed);
        for (int run = 0; run < CASES; run++) {
            String address = pick(ADDRESSES, random);
            String key = Area.of(address) == Area.ADMIN ? RouterUnderTest.ADMIN_KEY : RouterUnderTest.KEY;
            String request = request(address, "authorization: Bearer " + key + "\r\n", random);

            assertProper(request, send(request));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/models,accept: text/html,406,not-acceptable",
        "GET,/v1/models,accept: nonsense,400,invalid-parameter",
        "GET,/v1/policy,accept: image/png;q=0.5,406,not-acceptable",
        "GET,/v1/decisions,accept: text/html,406,not-acceptable",
        "GET,/v1/fairness/stream,accept: application/json,406,not-acceptable",
        "GET,/v1/../admin/keys,x: y,400,invalid-head",
        "GET,//admin/keys,x: y,400,invalid-head",
        "GET,/%61dmin/keys,x: y,400,invalid-head",
        "POST,/v1/models,x: y,405,method-not-allowed",
        "GET,/v1/nothing,accept: text/html,404,not-found",
        "GET,/no/such/address,accept: text/html,404,not-found",
        "GET,/v1/decisions?route=%00,x: y,400,invalid-parameter",
        "GET,/v1/decisions?limit=%ef%bc%91,x: y,400,invalid-parameter",
        "GET,/v1/decisions?limit=1&limit=2,x: y,400,invalid-parameter",
        "GET,/,if-none-match: nonsense,400,invalid-parameter",
    })
    void keepsItsStatusAndSpeaksOurFormat(String method, String address, String header, int status, String slug)
            throws IOException {
        Answer answer =
                send(method + " " + address + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                        + RouterUnderTest.KEY + "\r\n" + header + "\r\n\r\n");

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains(Problem.CONTENT_TYPE, "urn:openledger:problem:" + slug);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "content-type: nonsense|400",
                "content-type: a/b;c=\"|400",
                "content-type: */*|400",
                "content-type: application/json;charset=nonsense|415",
                "content-type: application/json;charset=utf-16|415",
                "accept: text/html|406",
                "accept: ;;;|400",
            },
            delimiter = '|')
    void theAdministratorIsToldWhatIsWrongAndAStrangerOnlyThatTheKeyIs(String header, int status) throws IOException {
        String rest = header + "\r\ncontent-length: 2\r\n\r\n{}";
        String head = "POST /admin/keys HTTP/1.1\r\nhost: x\r\nconnection: close\r\n";

        assertThat(send(head + rest).status()).isEqualTo(401);
        assertThat(send(head + "authorization: Bearer " + RouterUnderTest.ADMIN_KEY + "\r\n" + rest)
                        .status())
                .isEqualTo(status);
    }

    @Test
    void theListOfMediaRangesIsReadAsTheStandardSays() {
        for (String sound : List.of(
                "*/*",
                "text/html, image/gif, *; q=.2, */*; q=.2",
                "a/b;c=\"d\\\"e\";q=0.123 , c/*",
                "",
                ",a/b,",
                "a/b;")) {
            assertThat(MediaRanges.isList(sound)).as(sound).isTrue();
        }
        for (String none :
                List.of("a", "a/", "/b", "a/b c", "a/b;c", "a/b;q=2", "a/b;q=1.5", "a/b;q=", "a/b;c=\"d", "a/b/c")) {
            assertThat(MediaRanges.isList(none)).as(none).isFalse();
        }
    }

    private static String request(String address, String key, Random random) {
        StringBuilder headers = new StringBuilder(key);
        for (int i = random.nextInt(4); i > 0; i--) {
            String value = pick(VALUES, random) + (random.nextInt(4) == 0 ? pick(VALUES, random) : "");
            headers.append(pick(HEADERS, random)).append(": ").append(value).append("\r\n");
        }
        String body = random.nextInt(3) == 0 ? pick(List.of("{}", "x", "[", "{\"tenant\":\"a\"}", "a=b"), random) : "";
        return pick(METHODS, random) + " " + address + pick(QUERIES, random)
                + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + headers + "content-length: " + body.length()
                + "\r\n\r\n"
                + body;
    }

    private Answer send(String request) throws IOException {
        try {
            return new RawClient(router).send(HostileRequests.bytes(request));
        } catch (AssertionError hang) {
            throw new AssertionError(request, hang);
        }
    }

    private void assertProper(String request, Answer answer) {
        assertThat(answer.isHttp()).as("%s%n%s", request, answer.text()).isTrue();
        assertThat(answer.status())
                .as("%s%n%s%n%s", request, answer.text(), log.errors())
                .isNotEqualTo(500);
        boolean ofOurs = answer.status() >= 400
                && !request.startsWith("HEAD")
                && answer.text().contains("\r\n\r\n{");
        if (ofOurs && !request.contains(" /q/")) {
            assertThat(answer.text()).as(request).contains(Problem.CONTENT_TYPE);
        }
    }

    private static String pick(List<String> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }
}
