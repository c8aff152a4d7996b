package openledger.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.audit.court.StakeJson;
import openledger.budget.MinuteRate;
import openledger.commitment.ConfirmationLevel;
import openledger.commitment.PlanLevel;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.http.header.FactHeaders;
import openledger.http.header.RateHeaders;
import openledger.http.inference.ConfirmedFactsTest;
import openledger.http.inference.FactsJson;
import openledger.http.inference.InferenceRoutes;
import openledger.http.problem.MessagesProblem;
import openledger.http.problem.Problem;
import openledger.http.problem.ProblemType;
import openledger.inference.ConfirmedFacts;
import openledger.inference.RequestFacts;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.routing.CanonicalPolicy;
import openledger.routing.DecisionStatus;
import openledger.routing.Gate;
import openledger.routing.Operation;
import openledger.routing.Plan;
import openledger.routing.Policy;
import openledger.routing.Route;
import openledger.routing.RoutingMode;
import openledger.routing.TestRoutes;
import openledger.routing.Trigger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description at {@code /q/openapi} says what the code does: no less, and no more. Long because it lists what has words. */
@QuarkusTest
@QuarkusTestResource(RouterUnderTest.class)
final class OpenApiTest {
    private static final Set<ProblemType> NOT_OF_AN_ADDRESS = Set.of(
            ProblemType.REJECTED_BY_PROVIDER,
            ProblemType.STREAM_BROKEN,
            ProblemType.INVALID_HEAD,
            ProblemType.HEAD_TOO_LARGE,
            ProblemType.HEAD_TIMEOUT);

    private static final ObjectMapper JSON = new ObjectMapper();

    private ApiDescription description = new ApiDescription(JSON.nullNode());

    @BeforeEach
    void read() {
        description = ApiDescription.ofRouter();
    }

    @Test
    void everyAddressIsDescribedAndNoOther() {
        Set<String> there = new TreeSet<>(ApiDescription.addressesOfResources());
        Arrays.stream(Operation.values())
                .map(operation -> "POST " + InferenceRoutes.path(operation))
                .forEach(there::add);

        assertThat(description.addresses()).isEqualTo(there).hasSizeGreaterThan(10);
    }

    @Test
    void theDescriptionComesInTheFormThatIsAskedFor() {
        String yaml = given().get(DescriptionRoute.PATH)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(yaml).contains("\nopenapi: 3.1", "\n  /v1/models:\n");
        given().accept("application/json").get(DescriptionRoute.PATH).then().body("openapi", startsWith("3.1"));
        given().accept("text/html").get(DescriptionRoute.PATH).then().statusCode(200);
        given().head(DescriptionRoute.PATH).then().statusCode(200).body(emptyString());
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(description.references())
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                description.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void everyProblemIsDescribedAsItIsAnswered(ProblemType type) {
        JsonNode example = description.component("examples", type.slug()).get("value");
        String param = example.at("/error/param").isNull()
                ? ""
                : example.at("/error/param").asText();
        Problem problem = Problem.of(type, example.get("detail").asText(), param);

        assertThat(example).isEqualTo(tree(problem.toJson()));
        assertThat(ApiDescription.texts(
                        description.component("schemas", "ProblemType").get("enum")))
                .contains(type.uri());
        // The one has the provider's status, the other comes in a stream; the others come before an address is known.
        if (!NOT_OF_AN_ADDRESS.contains(type)) {
            assertThat(description.statusesOf(type.slug())).containsOnly(type.status());
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyAnswerOfAnOperationHasItsHeaders(Operation operation) {
        JsonNode answers = description.answers(InferenceRoutes.path(operation));

        assertThat(description.headers(answers.get("200")))
                .containsAll(factHeaders())
                .containsAll(rateHeaders());
        assertThat(description.headers(answers.get("429")))
                .contains("retry-after")
                .containsAll(rateHeaders());
        assertThat(description.headers(answers.get("503")))
                .contains("retry-after", "x-should-retry")
                .containsAll(factHeaders());
    }

    @Test
    void theMessagesApiHasTheSameProblemsInItsOwnForm() {
        JsonNode chat = description.answers(InferenceRoutes.path(Operation.CHAT));
        JsonNode messages = description.answers(InferenceRoutes.path(Operation.MESSAGES));
        chat.properties().stream()
                .filter(answer -> !"200".equals(answer.getKey()))
                .forEach(answer -> assertThat(ApiDescription.texts(description
                                .resolved(messages.get(answer.getKey()))
                                .at("/content/application~1problem+json/x-problems")))
                        .as(answer.getKey())
                        .isEqualTo(ApiDescription.names(description
                                .resolved(answer.getValue())
                                .at("/content/application~1problem+json/examples"))));
        Problem problem = Problem.of(ProblemType.BUDGET_EXHAUSTED, "Spent.", facts());

        description.requireDescribed(MessagesProblem.of(problem), description.component("schemas", "MessagesProblem"));
        description.requireDescribed(tree(problem.toJson()), description.component("schemas", "Problem"));
    }

    /** A record's schema is named like it, without {@code Json}. */
    @Test
    void recordsHaveTheMembersThatAreDescribed() {
        assertThat(ApiDescription.records()).hasSizeGreaterThan(10).allSatisfy(type -> {
            String schema = type.getSimpleName().replaceAll("Json$", "");
            assertThat(ApiDescription.names(description.component("schemas", schema, "properties")))
                    .as("META-INF/openapi.yaml, components/schemas/%s", schema)
                    .isEqualTo(members(type));
            // Or the native executable would answer with an empty object.
            assertThat(type).hasAnnotation(RegisterForReflection.class);
        });
    }

    @Test
    void factsAndPolicyHaveTheMembersThatAreDescribed() {
        assertThat(ApiDescription.names(FactsJson.of(facts())))
                .isEqualTo(ApiDescription.names(description.component("schemas", "Facts", "properties")));
        Route fast = TestRoutes.of(3, 1);
        Route both = TestRoutes.both(3, 1);
        Policy policy = new Policy(List.of(), Map.of("fast", fast, "both", both));
        description.requireDescribed(
                tree(new String(CanonicalPolicy.of(policy), StandardCharsets.UTF_8)),
                description.component("schemas", "Policy"));
    }

    @Test
    void stakeHasTheMembersThatAreDescribed() {
        description.requireDescribed(
                tree(StakeJson.of(StakeJsonTest.view(), false).toString()), description.component("schemas", "Stake"));
    }

    @Test
    void wordsAreThoseOfTheCode() {
        requireWords("Trigger", Arrays.stream(Trigger.values()).map(Enum::name));
        requireWords("Attribution", Arrays.stream(Attribution.values()).map(Enum::name));
        requireWords("DecisionStatus", Arrays.stream(DecisionStatus.values()).map(Enum::name));
        requireWords("Mode", Arrays.stream(RoutingMode.values()).map(RoutingMode::word));
        requireWords("Gate", Arrays.stream(Gate.values()).map(Gate::word));
        requireWords("OnUnconfirmed", Arrays.stream(OnUnconfirmed.values()).map(OnUnconfirmed::word));
        requireWords(
                "AskedLevel",
                EnumSet.of(PlanLevel.WITNESSED, PlanLevel.PRECONFIRMED, PlanLevel.SEQUENCED).stream()
                        .map(Enum::name));
        requireWords(
                "ReachedLevel",
                Stream.concat(
                        Stream.of(ConfirmationLevel.RECORDED.name()),
                        EnumSet.of(PlanLevel.WITNESSED, PlanLevel.PRECONFIRMED, PlanLevel.SEQUENCED).stream()
                                .map(Enum::name)));
        requireWords("Level", Arrays.stream(ConfirmationLevel.values()).map(Enum::name));
        requireWords("Operation", Arrays.stream(Operation.values()).map(Operation::word));
        requireWords("ProblemType", Arrays.stream(ProblemType.values()).map(ProblemType::uri));
    }

    /** With all that facts can have. */
    private static RequestFacts facts() {
        Plan plan = new Plan(42, 40, 41, 3, 0, 2, 0, List.of(0, 2, 1, 3));
        return ConfirmedFactsTest.facts(
                LeafMode.RELEASED_RESPONSE, Optional.of(new ConfirmedFacts(plan, Optional.empty(), 98_004, 2_000_000)));
    }

    private static Set<String> factHeaders() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        new FactHeaders().set(headers, facts(), "");
        return headers.names();
    }

    private static Set<String> rateHeaders() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        RateHeaders.set(headers, new MinuteRate.Standing(2, 1, Duration.ofSeconds(1)));
        RateHeaders.setTokens(headers, new MinuteRate.Standing(2, 1, Duration.ofSeconds(1)));
        return headers.names();
    }

    private static Set<String> members(Class<?> type) {
        return JSON.getSerializationConfig().introspect(JSON.constructType(type)).findProperties().stream()
                .map(BeanPropertyDefinition::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void requireWords(String schema, Stream<String> words) {
        assertThat(ApiDescription.texts(description.component("schemas", schema, "enum")))
                .as("META-INF/openapi.yaml, components/schemas/%s", schema)
                .isEqualTo(new TreeSet<>(words.toList()));
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
