package openledger.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import openledger.lab.world.CongestionParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that a real API refuses is refused by the simulator, in the form of that API's errors, with the member named. */
final class RefusedRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TURNS = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
    private static final String CONTENTS = "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]";
    private static SimulatedFleet fleet;
    private static HttpClient http;

    @BeforeAll
    static void start() throws IOException {
        ProviderSpec instant =
                new ProviderSpec("instant", 0, 10, Optional.empty(), 5, Optional.empty(), Optional.empty());
        fleet = SimulatedFleet.start(List.of(ProviderSpec.quick("quick"), instant), CongestionParameters.REFERENCE, 1);
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        fleet.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "chat/completions | 'model':'m' | messages | missing_required_parameter",
                "chat/completions | 'model':'m','messages':[] | messages | invalid_value",
                "chat/completions | 'model':'m','messages':null | messages | missing_required_parameter",
                "chat/completions | 'model':'m','messages':'hi' | messages | invalid_type",
                "chat/completions | 'model':'m','messages':['hi'] | messages[0].role | missing_required_parameter",
                "chat/completions | TURNS | model | missing_required_parameter",
                "chat/completions | 'model':7,TURNS | model | invalid_type",
                "chat/completions | 'model':'',TURNS | model | invalid_value",
                "chat/completions | 'model':'m',TURNS,'temperature':'hot' | temperature | invalid_type",
                "chat/completions | 'model':'m',TURNS,'temperature':2.1 | temperature | invalid_value",
                "chat/completions | 'model':'m',TURNS,'temperature':-0.1 | temperature | invalid_value",
                "chat/completions | 'model':'m',TURNS,'top_p':1.5 | top_p | invalid_value",
                "chat/completions | 'model':'m',TURNS,'top_p':[] | top_p | invalid_type",
                "chat/completions | 'model':'m',TURNS,'max_tokens':0 | max_tokens | invalid_value",
                "chat/completions | 'model':'m',TURNS,'max_tokens':1.5 | max_tokens | invalid_type",
                "chat/completions | 'model':'m',TURNS,'max_completion_tokens':'9' | max_completion_tokens | invalid_type",
                "chat/completions | 'model':'m',TURNS,'max_tokens':99999999999999999999 | max_tokens | invalid_value",
                "chat/completions | 'model':'m',TURNS,'n':0 | n | invalid_value",
                "chat/completions | 'model':'m',TURNS,'n':129 | n | invalid_value",
                "chat/completions | 'model':'m',TURNS,'stream':'yes' | stream | invalid_type",
                "embeddings | 'model':'m' | input | missing_required_parameter",
                "embeddings | 'model':'m','input':'' | input | invalid_value",
                "embeddings | 'model':'m','input':[] | input | invalid_value",
                "embeddings | 'model':'m','input':7 | input | invalid_type",
                "embeddings | 'input':'hi' | model | missing_required_parameter",
                "embeddings | 'model':'m','input':'hi','dimensions':0 | dimensions | invalid_value",
                "responses | 'model':'m' | input | missing_required_parameter",
                "responses | 'model':'m','input':{} | input | invalid_type",
                "responses | 'input':'hi' | model | missing_required_parameter",
                "responses | 'model':'m','input':'hi','temperature':3 | temperature | invalid_value",
                "responses | 'model':'m','input':'hi','max_output_tokens':15 | max_output_tokens | invalid_value",
            })
    void openAisDialect(String path, String members, String param, String code) throws Exception {
        for (String provider : List.of("quick", "instant")) {
            HttpResponse<String> refusal = post(provider, path, body(members));
            JsonNode error = JSON.readTree(refusal.body()).path("error");

            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
            assertThat(error.path("param").asText()).isEqualTo(param);
            assertThat(error.path("code").asText()).isEqualTo(code);
            assertThat(error.path("message").asText()).contains("'" + param + "'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "messages | 'model':'m',TURNS | max_tokens",
                "messages | 'model':'m',TURNS,'max_tokens':0 | max_tokens",
                "messages | 'model':'m','max_tokens':9 | messages",
                "messages | 'model':'m','max_tokens':9,'messages':[] | messages",
                "messages | 'max_tokens':9,TURNS | model",
                "messages | 'model':'m','max_tokens':9,TURNS,'temperature':1.1 | temperature",
                "messages | 'model':'m','max_tokens':9,TURNS,'stream':1 | stream",
                "messages/count_tokens | 'model':'m' | messages",
                "messages/count_tokens | TURNS | model",
            })
    void anthropicsDialect(String path, String members, String named) throws Exception {
        HttpResponse<String> refusal = post("quick", path, body(members));
        JsonNode root = JSON.readTree(refusal.body());

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(root.path("type").asText()).isEqualTo("error");
        assertThat(root.at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(root.at("/error/message").asText()).contains("'" + named + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages", "messages/count_tokens"})
    void anthropicsDialectNeedsItsVersion(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(fleet.provider("quick").baseUrl() + "/" + path))
                .POST(HttpRequest.BodyPublishers.ofString(body("'model':'m','max_tokens':9,TURNS")))
                .build();

        HttpResponse<String> refusal = http.send(request, BodyHandlers.ofString());

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(refusal.body()).at("/error/message").asText()).contains("'anthropic-version'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'generationConfig':{} | contents",
                "'contents':[] | contents",
                "CONTENTS,'generationConfig':{'temperature':'hot'} | 'temperature'",
                "CONTENTS,'generationConfig':{'topP':2} | 'topP'",
                "CONTENTS,'generationConfig':{'maxOutputTokens':0} | 'maxOutputTokens'",
                "CONTENTS,'generationConfig':{'candidateCount':9} | 'candidateCount'",
            })
    void geminisDialect(String members, String named) throws Exception {
        HttpResponse<String> refusal = post("quick", "models/m:generateContent", body(members));
        JsonNode error = JSON.readTree(refusal.body()).path("error");

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(error.path("code").asInt()).isEqualTo(400);
        assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(error.path("message").asText()).contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "chat/completions | 'model':'m',TURNS",
                "chat/completions | 'model':'m',TURNS,'temperature':2,'top_p':0,'max_tokens':1,'n':128,'stream':false",
                "chat/completions | 'model':'m',TURNS,'temperature':null,'stream':null,'n':null",
                "embeddings | 'model':'m','input':[[1,2],[3]]",
                "responses | 'model':'m','conversation':'conv_PROVIDER_1'",
                "messages | 'model':'m','max_tokens':1,TURNS,'temperature':1",
                "messages/count_tokens | 'model':'m',TURNS",
                "models/m:generateContent | CONTENTS,'generationConfig':{'temperature':2}",
            })
    void nothingElse(String path, String members) throws Exception {
        for (String provider : List.of("quick", "instant")) {
            String body = body(members).replace("PROVIDER", provider);

            assertThat(post(provider, path, body).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat/completions", "embeddings", "responses", "messages", "models/m:generateContent"})
    void aBodyThatIsNoObject(String path) throws Exception {
        for (String body : List.of("", "not JSON", "[]", "7", "null")) {
            HttpResponse<String> refusal = post("instant", path, body);

            assertThat(refusal.statusCode()).isEqualTo(400);
            assertThat(JSON.readTree(refusal.body()).at("/error/message").asText())
                    .contains("no JSON object");
        }
    }

    @Test
    void anInstantProviderJudgesEachBodyThatDiffersFromTheOneBefore() throws Exception {
        String good = body("'model':'m',TURNS");
        String bad = body("'model':'m',TURNS,'n':'x'");
        for (String body : List.of(good, good, bad, bad, good, bad)) {
            assertThat(post("instant", "chat/completions", body).statusCode()).isEqualTo(body.equals(good) ? 200 : 400);
        }
    }

    @Test
    void aScriptedFaultComesBeforeAnyRefusal() throws Exception {
        fleet.provider("quick").script("status 503");

        assertThat(post("quick", "chat/completions", "{}").statusCode()).isEqualTo(503);
        assertThat(post("quick", "chat/completions", "{}").statusCode()).isEqualTo(400);
    }

    private static String body(String members) {
        return "{" + members.replace('\'', '"').replace("TURNS", TURNS).replace("CONTENTS", CONTENTS) + "}";
    }

    private static HttpResponse<String> post(String provider, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(fleet.provider(provider).baseUrl() + "/" + path))
                        .header("anthropic-version", "2023-06-01")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
