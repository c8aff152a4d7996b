package openledger.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.inference.admission.Permit;
import openledger.inference.admission.RequestBody;
import openledger.inference.admission.RequestBody.MalformedBody;
import openledger.inference.upstream.AnswerForm;
import openledger.inference.upstream.ProviderView;
import openledger.inference.upstream.UpstreamRequest;
import openledger.lab.world.CongestionParameters;
import openledger.provider.answer.ResponseDecoder;
import openledger.provider.dialect.CallContext;
import openledger.provider.dialect.DialectAdapter;
import openledger.provider.dialect.EncodedRequest;
import openledger.routing.Dialect;
import openledger.routing.Operation;
import openledger.routing.Provider;
import openledger.simulator.ProviderSpec;
import openledger.simulator.SimulatedFleet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every dialect that the configuration can name. */
final class DialectsTest {
    private static final String TURNS = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static SimulatedFleet fleet;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        fleet = SimulatedFleet.start(List.of(ProviderSpec.quick("p0")), CongestionParameters.REFERENCE, 1);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        fleet.close();
    }

    @ParameterizedTest
    @EnumSource
    void offersAPathForItsOperationsAndForNoOthers(Dialect dialect) {
        DialectAdapter adapter = Dialects.of(dialect);

        assertThat(adapter.dialect()).isEqualTo(dialect);
        for (AnswerForm form : AnswerForm.values()) {
            assertThat(dialect.operations())
                    .allSatisfy(operation ->
                            assertThat(adapter.path(operation, form, "m")).startsWith("/"));
            assertThat(EnumSet.complementOf(EnumSet.copyOf(dialect.operations())))
                    .allSatisfy(operation -> assertThatThrownBy(() -> adapter.path(operation, form, "m"))
                            .isInstanceOf(IllegalArgumentException.class));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsTheSecretInOneHeaderAndNoneWithoutASecret(Dialect dialect) {
        DialectAdapter adapter = Dialects.of(dialect);

        assertThat(adapter.headers("top-secret").values())
                .filteredOn(value -> value.contains("top-secret"))
                .hasSize(1);
        assertThat(adapter.headers("")).hasSize(adapter.headers("top-secret").size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void translatesNothingThatItDoesNotOffer(Dialect dialect) {
        for (Operation operation : Operation.values()) {
            assertThat(Dialects.of(dialect).translator(operation).isEmpty()
                            || dialect.operations().contains(operation))
                    .as("%s", operation)
                    .isTrue();
        }
    }

    /** Each request as a provider is sent it, to one that is simulated: the simulator has to know every dialect. */
    @ParameterizedTest
    @EnumSource
    void isUnderstoodBothWaysWhatItOffers(Dialect dialect) throws Exception {
        DialectAdapter adapter = Dialects.of(dialect);
        for (Operation operation : dialect.operations()) {
            for (AnswerForm form : forms(operation)) {
                EncodedRequest encoded = adapter.encode(request(operation, form), context());
                HttpResponse<byte[]> answer =
                        http.send(post(adapter, operation, form, encoded), BodyHandlers.ofByteArray());
                ResponseDecoder decoder = encoded.answer().get();
                String read = AnswerPieces.drained(answer.body(), decoder, 0);

                assertThat(answer.statusCode()).as("%s, %s", operation, form).isEqualTo(200);
                assertThat(answer.headers().firstValue("content-type"))
                        .hasValueSatisfying(type -> assertThat(ResponseDecoder.announces(type, form))
                                .isTrue());
                assertThat(read).as("%s, %s", operation, form).isNotEmpty();
                assertThat(decoder.hasError()).as(read).isFalse();
            }
        }
    }

    private static Set<AnswerForm> forms(Operation operation) {
        return switch (operation) {
            case CHAT, RESPONSES, MESSAGES -> EnumSet.allOf(AnswerForm.class);
            case EMBEDDINGS, COUNT_TOKENS -> EnumSet.of(AnswerForm.PLAIN);
        };
    }

    private static UpstreamRequest request(Operation operation, AnswerForm form) throws MalformedBody {
        String asked = switch (operation) {
            case CHAT -> TURNS;
            case EMBEDDINGS -> "\"input\":[\"hi\"]";
            case RESPONSES -> "\"input\":\"hi\"";
            case MESSAGES -> "\"max_tokens\":9," + TURNS;
            case COUNT_TOKENS -> TURNS;
        };
        String text = "{\"model\":\"assistant\"," + asked + (form == AnswerForm.STREAM ? ",\"stream\":true}" : "}");
        return new UpstreamRequest(
                operation,
                RequestBody.of(text.getBytes(StandardCharsets.UTF_8), 8),
                form,
                Map.of(),
                "request",
                ProviderView.NONE,
                Optional.empty(),
                "tenant",
                Permit.UNCOUNTED);
    }

    private static CallContext context() {
        return new CallContext(
                "\"m\"".getBytes(StandardCharsets.UTF_8), Provider.Usage.ALWAYS, Instant.EPOCH, name -> {});
    }

    private static HttpRequest post(
            DialectAdapter adapter, Operation operation, AnswerForm form, EncodedRequest encoded) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(fleet.provider("p0").baseUrl() + adapter.path(operation, form, "m")))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(encoded.body().getBytes()));
        adapter.headers("secret").forEach(request::header);
        return request.build();
    }
}
