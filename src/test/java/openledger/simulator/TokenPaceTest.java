package openledger.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import openledger.lab.world.CongestionParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated providers that send tokens at an even pace. */
final class TokenPaceTest {
    private static final Pattern STAMP = Pattern.compile("\"content\":\"@(\\d+) \"");

    @Test
    void tokensSayInOrderWhenTheyWereSent() throws IOException, InterruptedException {
        TokenPace pace = new TokenPace(500, TokenPace.Text.SEND_TIME);
        ProviderSpec spec = new ProviderSpec("p0", 0, 10, Optional.empty(), 20, Optional.of(pace), Optional.empty());
        long before = System.nanoTime();

        String stream = streamOf(spec);

        List<Long> sent = STAMP.matcher(stream)
                .results()
                .map(stamp -> Long.valueOf(stamp.group(1)))
                .toList();
        assertThat(sent).hasSize(20).isSorted().allMatch(at -> at >= before && at <= System.nanoTime());
        assertThat(stream).endsWith("data: [DONE]\n\n");
    }

    @Test
    void dueTimesKeepThePaceFromTheFirstToken() {
        TokenPace pace = new TokenPace(20, TokenPace.Text.NUMBER);

        assertThat(pace.dueMillis(0)).isZero();
        assertThat(pace.dueMillis(399)).isEqualTo(19_950);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1_001, Double.NaN})
    void refusesAPaceThatNobodyKeeps(double perSecond) {
        assertThatThrownBy(() -> new TokenPace(perSecond, TokenPace.Text.NUMBER))
                .hasMessageContaining("chunks-per-second");
    }

    @Test
    void theBenchmarksFleetHasStreamsOfTwentySeconds() throws IOException {
        assertThat(FleetFile.read(Path.of("deploy/bench-fleet.yaml")).specs())
                .filteredOn(spec -> spec.pace().isPresent())
                .hasSize(2)
                .allMatch(
                        spec -> spec.tokens() == 20 * spec.pace().orElseThrow().perSecond());
    }

    private static String streamOf(ProviderSpec spec) throws IOException, InterruptedException {
        try (SimulatedFleet fleet = SimulatedFleet.start(List.of(spec), CongestionParameters.REFERENCE, 1);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(fleet.provider("p0").baseUrl() + "/chat/completions"))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"))
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        }
    }
}
