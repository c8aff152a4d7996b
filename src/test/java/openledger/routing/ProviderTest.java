package openledger.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses of providers as people write them. */
final class ProviderTest {
    @ParameterizedTest
    @CsvSource({
        "http://vllm_0:8000/v1, vllm_0, 8000",
        "http://my_host/v1, my_host, 80",
        "http://_a.b_c.d/v1, _a.b_c.d, 80",
        "https://api.openai.com/v1, api.openai.com, 443",
        "http://10.0.0.1:81, 10.0.0.1, 81",
        "http://[::1]:82/v1, [::1], 82",
        "http://host/messages-proxy/v1, host, 80",
    })
    void areUsable(URI url, String host, int port) {
        assertThat(provider(url)).returns(host, Provider::host).returns(port, Provider::port);
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1/chat/completions, leave '/chat/completions' out",
        "https://api.openai.com/v1/chat/completions/, leave '/chat/completions' out",
        "https://api.openai.com/v1/embeddings, leave '/embeddings' out",
        "https://api.openai.com/v1/responses//, leave '/responses' out",
        "https://api.anthropic.com/v1/messages, leave '/messages' out",
        "https://my_host/v1, underscore",
        "http://user@my_host/v1, http(s)://host",
        "http://my_host:x/v1, http(s)://host",
        "file:///etc/passwd, http(s)://host",
    })
    void orAreRefusedWithTheReason(URI url, String reason) {
        assertThatThrownBy(() -> provider(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    private static Provider provider(URI url) {
        return new Provider("p", Dialect.OPENAI, Dialect.OPENAI.operations(), url, TestRoutes.TIMEOUTS);
    }
}
