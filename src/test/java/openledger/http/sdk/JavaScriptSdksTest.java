package openledger.http.sdk;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;
import openledger.http.RouterUnderTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JavaScript SDKs, unmodified: runs the tests in {@code src/test/js} with Node.js against the router. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class JavaScriptSdksTest {
    @TestHTTPResource
    URI router = URI.create("http://127.0.0.1");

    @BeforeEach
    void forget() {
        RouterUnderTest.reset();
    }

    @Test
    void theSdksOfOpenAiAnthropicAndVercelWorkUnmodified() throws IOException, InterruptedException {
        NodeScripts.test(Map.of(
                "OPENLEDGER_URL",
                "http://" + router.getAuthority(),
                "OPENLEDGER_KEY",
                RouterUnderTest.KEY,
                "OPENLEDGER_SIMULATORS",
                simulators()));
    }

    private static String simulators() {
        return RouterUnderTest.providers().stream()
                .map(provider -> provider.baseUrl().replace("/v1", ""))
                .collect(Collectors.joining(","));
    }
}
