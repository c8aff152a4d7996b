package openledger.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import openledger.commitment.BatchHeader;
import openledger.commitment.ConfirmationLevel;
import openledger.http.receipt.DecisionJson;
import openledger.inference.Catalog.LaneNumber;
import openledger.inference.Catalog.Names;
import openledger.inference.Catalog.NumberKind;
import openledger.inference.Catalog.RouteEntry;
import openledger.inference.record.AttemptDetail;
import openledger.inference.record.Decision;
import openledger.inference.record.Intent;
import openledger.inference.record.TokenUsage;
import openledger.inference.upstream.ConnectionFault;
import openledger.settlement.TestDecisions;
import openledger.settlement.TestPlans;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Address;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the stream says of a decision, held against its receipt and against the schemas. Long because decisions with everything that is
 * seldom there have to be made.
 */
final class DecisionFormTest {
    private static final Path SCHEMAS = Path.of("docs/schemas");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> BESIDE_THE_RECEIPT = List.of("record", "lane", "counter", "tenant", "arrival_ms");

    private final DecisionForm form = new DecisionForm(tenant -> tenant);

    @Test
    void itSaysWhatTheReceiptSays() throws IOException {
        for (Decision decision : decisions()) {
            Names names = names(decision.id().lane());
            ObjectNode streamed = (ObjectNode) JSON.readTree(form.encode(decision, names));
            ObjectNode receipt = JSON.valueToTree(DecisionJson.of(decision, names));
            assertThat(streamed.get("tenant").textValue())
                    .isEqualTo(decision.intent().tenant());
            assertThat(streamed.get("counter").longValue())
                    .isEqualTo(decision.id().counter());

            streamed.remove(BESIDE_THE_RECEIPT);
            receipt.remove("level");
            // As texts: a long of one tree is an int of the other.
            assertThat(JSON.readTree(streamed.toString())).isEqualTo(JSON.readTree(receipt.toString()));
        }
    }

    @Test
    void everyRecordIsOfItsSchemaAndEveryMemberIsInIt() throws IOException {
        JsonSchema decisionSchema = schema("decision.v1");
        Set<String> fields =
                fields(JSON.readTree(SCHEMAS.resolve("decision.v1.json").toFile()));
        Set<String> seen = new TreeSet<>();
        for (Decision decision : decisions()) {
            JsonNode record =
                    JSON.readTree(form.encode(decision, names(decision.id().lane())));
            assertThat(decisionSchema.validate(record)).isEmpty();
            members(record, "", seen);
        }
        StreamRecord gap = new StreamGap(new LaneId(7), 3, 9, Instant.EPOCH).record();
        JsonNode said = JSON.readTree(gap.value());
        assertThat(decisionSchema.validate(said)).isEmpty();
        members(said, "", seen);
        assertThat(fields.stream().map(field -> field.split(" ", -1)[0]))
                .containsAll(seen)
                .as("a member that no record has is not tested")
                .allSatisfy(field -> assertThat(seen).contains(field));
        assertThat(decisionSchema.validate(((ObjectNode) said).without(List.of("from_chunk"))))
                .isNotEmpty();
    }

    @Test
    void everyLevelIsOfItsSchema() throws IOException {
        BatchHeader header = new BatchHeader(
                1,
                Address.parse("0x" + "ab".repeat(20)),
                new LaneId(7),
                3,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                0,
                Hash32.ZERO,
                4,
                9,
                9,
                6,
                6,
                20,
                Hash32.ZERO,
                Hash32.ZERO,
                1,
                2);
        JsonSchema schema = schema("level.v1");
        Set<String> seen = new TreeSet<>();
        for (Optional<BlockRef> block :
                List.of(Optional.<BlockRef>empty(), Optional.of(new BlockRef(7, Hash32.ZERO)))) {
            StreamRecord record = new BatchLevel(5, header, ConfirmationLevel.SEQUENCED, Instant.EPOCH, block).record();
            assertThat(record.key()).isEqualTo("7-3");
            JsonNode value = JSON.readTree(record.value());
            assertThat(schema.validate(value)).isEmpty();
            assertThat(value.get("first_index").longValue()).isEqualTo(14);
            members(value, "", seen);
        }
        assertThat(fields(JSON.readTree(SCHEMAS.resolve("level.v1.json").toFile())).stream()
                        .map(field -> field.split(" ", -1)[0]))
                .containsExactlyInAnyOrderElementsOf(seen);
    }

    /** Whoever reads version 1 relies on every member that it ever had. The list is only added to. */
    @ParameterizedTest
    @ValueSource(strings = {"decision.v1", "level.v1"})
    void noMemberOfASchemaEverVanishesOrChanges(String name) throws IOException {
        List<String> ever = Files.readAllLines(Path.of("src/test/resources/stream/" + name + ".fields"));

        assertThat(fields(JSON.readTree(SCHEMAS.resolve(name + ".json").toFile())))
                .containsAll(ever)
                .as("a new member is to be added to the list")
                .containsExactlyInAnyOrderElementsOf(ever);
    }

    @Test
    void cursorsAreReadBack() {
        StreamCursor cursor = new StreamCursor(7, 3, 9, new UUID(1, 2));
        assertThat(StreamCursor.decode(cursor.encode())).isEqualTo(cursor);
        assertThat(StreamCursor.decode("{\"chunk\":1,\"source\":\"00000000-0000-0001-0000-000000000002\",\"new\":[]}"
                        .getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(new StreamCursor(1, 0, 0, new UUID(1, 2)));
        for (String none :
                List.of("", "[]", "{\"chunk\":\"1\"}", "{\"chunk\":-1,\"source\":\"" + new UUID(1, 2) + "\"}")) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(
                            () -> StreamCursor.decode(none.getBytes(StandardCharsets.UTF_8))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<Decision> decisions() {
        Random random = new Random(12);
        List<Decision> decisions = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            Decision decision = i % 2 == 0 ? TestDecisions.decision(random, i) : TestPlans.decision(random, i);
            decisions.add(i % 3 == 0 ? detailed(decision) : decision);
        }
        return decisions;
    }

    /** With everything that is seldom there. */
    private static Decision detailed(Decision of) {
        AttemptDetail detail = new AttemptDetail(
                ConnectionFault.RESET,
                true,
                "model-1",
                Optional.of(new TokenUsage(5, 4, 3, 2, 1)),
                List.of("logit_bias"));
        byte[] answer = new byte[Decision.DIGEST_BYTES];
        answer[0] = 1;
        return new Decision(
                of.id(),
                new Intent(
                        of.intent().arrivalMillis(),
                        of.intent().tenant(),
                        of.intent().route(),
                        of.intent().operation(),
                        of.intent().mode(),
                        of.intent().budget(),
                        of.intent().form(),
                        of.intent().bodyDigest(),
                        "request-1",
                        "nonce-1"),
                of.status(),
                of.attempts().stream().map(attempt -> attempt.with(detail)).toList(),
                2,
                of.selectedTarget(),
                of.servedTier(),
                of.servedTarget(),
                of.trigger(),
                of.attribution(),
                3,
                of.timeSplit(),
                answer,
                of.mode(),
                of.plan());
    }

    private static Names names(long lane) {
        Map<LaneNumber, RouteEntry> entries = new HashMap<>();
        for (int id = 0; id < 6; id++) {
            entries.put(
                    new LaneNumber(new LaneId(lane), NumberKind.ROUTE, id),
                    new RouteEntry("route-" + id, List.of("best", "rest")));
            entries.put(
                    new LaneNumber(new LaneId(lane), NumberKind.TARGET, id), new RouteEntry("north/m" + id, List.of()));
        }
        return new Names(entries);
    }

    private static JsonSchema schema(String name) throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(Files.readString(SCHEMAS.resolve(name + ".json")));
    }

    private static void members(JsonNode value, String path, Set<String> to) {
        value.properties().forEach(member -> {
            String name = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            to.add(name);
            members(member.getValue(), name, to);
            if (member.getValue().isArray()) {
                member.getValue().forEach(each -> members(each, name + "[]", to));
            }
        });
    }

    private static Set<String> fields(JsonNode root) {
        Set<String> fields = new TreeSet<>();
        fields(root, "", root, fields);
        return fields;
    }

    private static void fields(JsonNode node, String path, JsonNode root, Set<String> to) {
        JsonNode here = node.has("$ref") ? root.at(node.get("$ref").textValue().substring(1)) : node;
        here.path("oneOf").forEach(either -> fields(either, path, root, to));
        here.path("properties").properties().forEach(member -> {
            String name = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
            JsonNode value = member.getValue();
            boolean required = false;
            for (JsonNode each : here.path("required")) {
                required |= each.textValue().equals(member.getKey());
            }
            String type = value.has("type")
                    ? value.get("type").textValue()
                    : "const:" + value.get("const").textValue();
            to.add(name + " " + type + (required ? " required" : " optional"));
            fields(value, name, root, to);
        });
        if (here.has("items")) {
            fields(here.get("items"), path + "[]", root, to);
        }
    }
}
