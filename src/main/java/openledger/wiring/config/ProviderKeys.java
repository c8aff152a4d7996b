package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The services that run models. At least one is required. Changes take effect without a restart. */
public interface ProviderKeys {
    /** The name by which targets refer to the provider. It is unique. */
    String name();

    /** The API of the provider: {@code openai}, {@code anthropic} for the Messages API, or {@code gemini} for Gemini's {@code generateContent}. */
    @WithDefault("openai")
    String dialect();

    /**
     * The operations that the provider offers: {@code chat}, {@code embeddings} and {@code responses} for {@code
     * openai}; {@code chat}, {@code messages} and {@code count_tokens} for {@code anthropic}; {@code chat} for {@code gemini}. Left out: all operations
     * of its dialect. A route offers the operations that all its targets offer.
     */
    Optional<List<String>> speaks();

    /** The address of the API, without the path of an operation: for example {@code https://api.openai.com/v1}. */
    @WithName("base-url")
    String baseUrl();

    /**
     * The name of the environment variable that holds the provider's key. Left out, like {@code api-key-file}: calls
     * carry no key.
     */
    @WithName("api-key-env")
    Optional<String> apiKeyEnv();

    /**
     * The path of a file that holds the provider's key and nothing else. Calls that begin after a change of the file
     * use the new key.
     */
    @WithName("api-key-file")
    Optional<String> apiKeyFile();

    /** The HTTP proxy for connections to the provider, as {@code http://host:port}. Left out: no proxy. */
    Optional<String> proxy();

    /** The user for the proxy. Left out: the proxy requires none. */
    @WithName("proxy-user")
    Optional<String> proxyUser();

    /** The name of the environment variable that holds the password for the proxy. */
    @WithName("proxy-password-env")
    Optional<String> proxyPasswordEnv();

    /** The path of a file that holds the password for the proxy and nothing else. */
    @WithName("proxy-password-file")
    Optional<String> proxyPasswordFile();

    /**
     * The path of a PEM file with the only certificates that are trusted for the provider. Left out: the certificates
     * of the Java runtime.
     */
    Optional<String> ca();

    /**
     * Whether the router requests token usage ({@code stream_options}) for each stream of chat completions. If the
     * client did not request it, the router removes it from the answer. Set {@code false} for a provider that refuses
     * this member.
     */
    @WithName("ask-usage")
    @WithDefault("true")
    boolean askUsage();

    TimeoutKeys timeouts();

    /** The time-outs of a single call, each 1 ms to 1 h. */
    interface TimeoutKeys {
        /** The maximum time to connect. */
        @WithDefault("2s")
        Duration connect();

        /**
         * The maximum silence of a stream before its first content. Any byte ends a silence, even one of a comment or a
         * ping.
         */
        @WithName("first-token")
        @WithDefault("30s")
        Duration firstToken();

        /**
         * The maximum time from the request to the first content of a stream, whatever precedes it. Left out: no such
         * limit.
         */
        @WithName("first-content")
        Optional<Duration> firstContent();

        /** The maximum silence of a stream after its first content. */
        @WithDefault("30s")
        Duration idle();

        /** The maximum time of the whole call. It is the only limit for an answer that is not streamed. */
        @WithDefault("10m")
        Duration total();
    }
}
