package openledger.provider.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import openledger.inference.record.TokenUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SaidUsageTest {
    private static final long NOT = TokenUsage.UNKNOWN;

    private static TokenUsage usage(long input, long cached, long written, long output, long reasoning) {
        return new TokenUsage(input, cached, written, output, reasoning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":34,\"total_tokens\":46}}",
                "data: {\"usage\": {\"prompt_tokens\": 12, \"completion_tokens\": 34}}\n\n",
                "{\"usage\":{\"input_tokens\":12,\"output_tokens\":34},\"x\":1}",
                "{\"usage\":null}\n{\"usage\":{\"completion_tokens\":34,\"prompt_tokens\":12}}"
            })
    void isReadInTheWordsOfEveryDialect(String end) {
        assertThat(SaidUsage.in(Buffer.buffer(end))).contains(usage(12, NOT, NOT, 34, NOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"usage\":{\"prompt_tokens\":12,\"prompt_tokens_details\":{\"cached_tokens\":5},\"completion_tokens\":34,"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":7}}}",
                "{\"usage\":{\"input_tokens\":12,\"input_tokens_details\":{\"cached_tokens\":5},\"output_tokens\":34,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":7}}}",
            })
    void saysWhatIsOfTheWhole(String end) {
        assertThat(SaidUsage.in(Buffer.buffer(end))).contains(usage(12, 5, NOT, 34, 7));
    }

    /** Its input does not count what is read from the cache or written into it. */
    @Test
    void ofTheMessagesApiTheInputIsAddedUp() {
        assertThat(SaidUsage.in(Buffer.buffer("{\"usage\":{\"input_tokens\":2,\"cache_creation_input_tokens\":3,"
                        + "\"cache_read_input_tokens\":5,\"output_tokens\":34}}")))
                .contains(usage(10, 5, 3, 34, NOT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "data: {\"usage\":null}\n\n", "\"usage\"", "{\"usage\":{\"prompt_tokens\":\"a\"}}"})
    void isNotMadeUp(String end) {
        assertThat(SaidUsage.in(Buffer.buffer(end))).isEmpty();
    }

    @Test
    void isReadAtTheVeryEndOnly() {
        String early = "{\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}," + " ".repeat(3_000) + "}";

        assertThat(SaidUsage.in(Buffer.buffer(early))).isEmpty();
    }

    @Test
    void ofEmbeddingsThereIsOnlyAnInput() {
        assertThat(SaidUsage.in(Buffer.buffer("{\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}")))
                .contains(usage(8, NOT, NOT, NOT, NOT));
    }

    @Test
    void aNumberWithoutAnEndDoesNotOverflow() {
        assertThat(SaidUsage.in(Buffer.buffer("{\"usage\":{\"prompt_tokens\":" + "9".repeat(100) + "}}")))
                .hasValueSatisfying(usage -> assertThat(usage.input()).isPositive());
    }

    @Test
    void readsNoNumbersOutOfTexts() {
        String end = "{\"usage\":{\"note\":\"as \\\"prompt_tokens\\\":5\",\"input_tokens\":3,\"output_tokens\":1}}";

        assertThat(SaidUsage.in(Buffer.buffer(end))).contains(usage(3, NOT, NOT, 1, NOT));
    }

    @Test
    void takesTheOneThatIsSaidOfTwoWordsForTheSame() {
        String end = "{\"usage\":{\"prompt_tokens\":null,\"input_tokens\":3,\"output_tokens\":1,\"cut";

        assertThat(SaidUsage.in(Buffer.buffer(end))).contains(usage(3, NOT, NOT, 1, NOT));
    }
}
