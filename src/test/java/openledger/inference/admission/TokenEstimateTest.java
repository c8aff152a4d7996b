package openledger.inference.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.routing.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TokenEstimateTest {
    private static final int DEPTH = 16;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'max_tokens\":200';200",
                "'max_completion_tokens\":300,\"max_tokens\":200';300",
                "'max_output_tokens\":400';400",
                "'max_tokens\":200,\"max_tokens\":500';500",
                "'max_tokens\":0';0",
                "'max_tokens\":-5';1024",
                "'max_tokens\":2.5';1024",
                "'max_tokens\":99999999999999999999';1024",
                "'max_tokens\":null';1024",
                "'max_tokens\":\"7\"';1024",
                "'x\":{\"max_tokens\":9}';1024",
                "'n\":4,\"max_tokens\":200';800",
                "'N\":4,\"Max_Tokens\":200';800",
                "'n\":3';3072",
                "'n\":-3,\"max_tokens\":200';200",
                "'n\":999999999,\"max_tokens\":999999999';999999999000"
            })
    void anAnswerTakesWhatTheClientAllowsOrWhatIsUsual(String members, long output) throws MalformedBody {
        byte[] bytes = ("{\"model\":\"m\",\"" + members + "}").getBytes(StandardCharsets.UTF_8);

        assertThat(TokenEstimate.of(Operation.CHAT, RequestBody.of(bytes, DEPTH)))
                .isEqualTo(Math.ceilDiv(bytes.length, 4) + output);
    }

    @Test
    void whatHasNoAnswerTakesItsInputAndACountNothing() throws MalformedBody {
        byte[] bytes = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);
        RequestBody body = RequestBody.of(bytes, DEPTH);

        assertThat(TokenEstimate.of(Operation.EMBEDDINGS, body)).isEqualTo(4);
        assertThat(TokenEstimate.of(Operation.COUNT_TOKENS, body)).isZero();
    }
}
