package openledger.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import openledger.http.RawClient.Answer;
import openledger.routing.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the router itself stands behind the guard; what the guard does is in {@code edge.FramingTest}. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class FramingOnTheRouterTest {
    private static final String ADMIN = "authorization: Bearer " + RouterUnderTest.ADMIN_KEY + "\r\n";

    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    private final CapturedLog log = new CapturedLog();

    @AfterEach
    void nobodyHasNoticed() {
        log.close();
        assertThat(log.text()).doesNotContain("Exception", "at openledger", RouterUnderTest.KEY);
        assertThat(ChatApi.chat(ChatApi.body("assistant", false)).statusCode()).isEqualTo(200);
    }

    private Answer send(String request) throws IOException {
        return new RawClient(router).send(HostileRequests.bytes(request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/../admin/keys",
                "//admin/keys",
                "/%61dmin/keys",
                "/admin;x/keys",
                "/admin/keys;x=y",
                "/admin//keys",
                "/./admin/keys",
                "/admin/./keys",
                "/admin/keys/",
                "/admin%2fkeys",
                "/v1/%2e%2e/admin/keys",
                "/admin/ke%79s",
                "http://x/admin/keys",
                "admin/keys",
            })
    void theAdminApiIsAtItsPlainAddressOnly(String target) throws IOException {
        Answer answer = send("GET " + target + " HTTP/1.1\r\nhost: x\r\n" + ADMIN + "\r\n");

        assertThat(answer.statuses()).containsExactly(400);
        assertThat(answer.text())
                .contains("urn:openledger:problem:invalid-head")
                .contains("connection: close");
    }

    @Test
    void theAdminApiIsAtItsPlainAddress() throws IOException {
        assertThat(send("GET /admin/keys HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + ADMIN + "\r\n")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: y\r\n",
                "Authorization: Bearer other\r\n",
                "X-API-Key: a\r\nx-api-key: a\r\n",
                "content-type: application/json\r\ncontent-type: application/json\r\n",
                "Idempotency-Key: a\r\nidempotency-key: a\r\n",
                "openledger-mode: fast\r\nopenledger-mode: fast\r\n",
                "content-length: 2\r\n",
                "transfer-encoding: chunked\r\n",
                "transfer-encoding: xchunked\r\n",
                " folded\r\n",
                ": empty\r\n",
            })
    void aHeadThatCanBeReadInTwoWaysIsRefused(String headers) throws IOException {
        long before = ChatApi.upstreamCalls();
        byte[] body = HostileRequests.bytes(ChatApi.body("assistant", false));

        Answer answer = new RawClient(router).send(HostileRequests.request(Operation.CHAT, headers, body));

        assertThat(answer.statuses()).containsExactly(400);
        assertThat(ChatApi.upstreamCalls()).isEqualTo(before);
    }

    @Test
    void http2IsOff() throws IOException {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        String upgrade = "GET /v1/models HTTP/1.1\r\n"
                + "host: x\r\n"
                + "connection: close\r\n"
                + "connection: Upgrade, HTTP2-Settings\r\n"
                + "upgrade: h2c\r\n"
                + "http2-settings: AAMAAABkAAQAAP__\r\n"
                + "authorization: Bearer " + RouterUnderTest.KEY
                + "\r\n\r\n";

        assertThat(send(preface).statuses()).containsExactly(400);
        assertThat(send(upgrade).statuses()).containsExactly(200);
    }

    @Test
    void connectionsThatAreSilentKeepNobodyOut() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                silent.add(new Socket(router.getHost(), router.getPort()));
            }

            assertThat(ChatApi.chat(ChatApi.body("assistant", false)).statusCode())
                    .isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }
}
