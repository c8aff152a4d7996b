package openledger.commitment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import openledger.commitment.leaf.Breach;
import openledger.commitment.leaf.Leaf;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.commitment.leaf.LeafEncoding;
import openledger.commitment.leaf.LeafFaults;
import openledger.commitment.leaf.LeafField;
import openledger.commitment.leaf.LeafMode;
import openledger.commitment.leaf.PlacedLeaf;
import openledger.commitment.leaf.ProvableFault;
import openledger.commitment.verify.NodeTestimony.Said;
import openledger.commitment.verify.NodeTestimony.Silent;
import openledger.routing.DecisionStatus;
import openledger.unit.Hash32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule by examples that a person has judged, and the vectors for contracts by the rule book. Long because there are many rules. */
final class LeafFaultsTest {
    private static final BatchHeader HEADER = FaultLeaves.header(1, 0, 1, 1);
    private static final Leaf FAST = FaultLeaves.end(LeafMode.FAST, 4, 4, DecisionStatus.FELL_BACK, 1, 9);

    private static Optional<ProvableFault> fault(Leaf leaf) {
        return fault(LeafEncoding.encode(leaf), List.of(3, 4));
    }

    private static Optional<ProvableFault> fault(byte[] leaf, List<Integer> upTo) {
        return LeafFaults.of(leaf, HEADER, any -> new Said<>(upTo)).fault();
    }

    @ParameterizedTest
    @CsvSource({
        // attempts, status, tier, target, fault of a fast request on a route of 3 + 1 attempts
        "1, SERVED, 0, 5, ",
        "3, SERVED, 0, 5, ",
        // A hedge was asked too.
        "4, SERVED, 0, 5, ",
        "4, FELL_BACK, 1, 9, ",
        "4, EXHAUSTED, 255, 65535, ",
        "0, CANCELLED, 255, 65535, ",
        "2, CANCELLED, 0, 5, ",
        "0, INTERRUPTED, 255, 65535, ",
        "1, REJECTED, 255, 65535, ",
        "2, TIMED_OUT, 255, 65535, ",
        "0, SERVED, 0, 5, CONTRADICTS_ITSELF",
        "1, SERVED, 255, 65535, CONTRADICTS_ITSELF",
        "1, SERVED, 0, 65535, CONTRADICTS_ITSELF",
        "4, SERVED, 1, 9, CONTRADICTS_ITSELF",
        "4, FELL_BACK, 0, 5, CONTRADICTS_ITSELF",
        "2, TIMED_OUT, 0, 5, CONTRADICTS_ITSELF",
        "4, EXHAUSTED, 0, 5, CONTRADICTS_ITSELF",
        "5, SERVED, 0, 5, OVER_BUDGET",
        "3, FELL_BACK, 1, 9, FELL_BACK_EARLY",
        "4, FELL_BACK, 2, 9, FELL_BACK_EARLY",
        "2, CANCELLED, 1, 9, FELL_BACK_EARLY",
        "3, EXHAUSTED, 255, 65535, EXHAUSTED_EARLY",
    })
    void theEndOfAFastRequest(int attempts, DecisionStatus status, int tier, int target, ProvableFault expected) {
        assertThat(fault(FaultLeaves.end(LeafMode.FAST, 4, attempts, status, tier, target)))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // The plan is 5, 6, 5, 9.
        "1, SERVED, 0, 5, ",
        "2, SERVED, 0, 6, ",
        "4, FELL_BACK, 1, 9, ",
        "2, CANCELLED, 0, 6, ",
        "3, UNCONFIRMED, 255, 65535, ",
        "2, SERVED, 0, 5, NOT_AS_PLANNED",
        "4, FELL_BACK, 1, 5, NOT_AS_PLANNED",
        "1, FELL_BACK, 1, 9, FELL_BACK_EARLY",
    })
    void theEndOfAConfirmedRequest(int attempts, DecisionStatus status, int tier, int target, ProvableFault expected) {
        assertThat(fault(FaultLeaves.end(LeafMode.RELEASED_RESPONSE, 4, attempts, status, tier, target)))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @ParameterizedTest
    @CsvSource({
        // attempts, tier, first target, turn, arrival, rank, open
        "0, 0, 5, 17, 17, 0, 1, true",
        "3, 1, 9, 30, 14, 8, 9, true",
        // Turns that are further away than a leaf can say.
        "0, 0, 5, 4294967295, 17, 0, 1, true",
        "0, 1, 5, 17, 17, 0, 1, false",
        "3, 0, 9, 17, 17, 0, 1, false",
        "1, 0, 5, 17, 17, 0, 1, false",
        "4, 1, 9, 17, 17, 0, 1, false",
        "0, 0, 5, 17, 17, 1, 1, false",
        "0, 0, 5, 17, 18, 0, 1, false",
        "0, 0, 5, 16, 17, 0, 1, false",
    })
    void aPlan(int attempts, int tier, int target, long turn, long arrival, long rank, long open, boolean holds) {
        Leaf plan = FaultLeaves.plan(
                FaultLeaves.COUNTER,
                4,
                attempts,
                tier,
                target,
                FaultLeaves.places(),
                new Stage.Planned(turn, arrival, rank, open));

        assertThat(fault(plan)).isEqualTo(holds ? Optional.empty() : Optional.of(ProvableFault.PLAN_UNFOUNDED));
    }

    @Test
    void aLeafOutsideItsHeader() {
        for (long off : new long[] {-11, 11}) {
            assertThat(fault(FaultLeaves.with(FAST, LeafField.COUNTER, FaultLeaves.COUNTER + off), List.of(3, 4)))
                    .contains(ProvableFault.OUTSIDE_HEADER);
            assertThat(fault(FaultLeaves.with(FAST, LeafField.TIME, FaultLeaves.MILLIS + 100 * off), List.of(3, 4)))
                    .contains(ProvableFault.OUTSIDE_HEADER);
        }
        Leaf plan = FaultLeaves.honestPlan(0);
        assertThat(fault(FaultLeaves.with(plan, LeafField.SNAPSHOT, HEADER.lastSnapshot()), List.of(3, 4)))
                .isEmpty();
        assertThat(fault(FaultLeaves.with(plan, LeafField.SNAPSHOT, HEADER.lastSnapshot() + 1), List.of(3, 4)))
                .contains(ProvableFault.OUTSIDE_HEADER);
    }

    @Test
    void aRouteCountsFromWhenItIsPublished() {
        assertThat(LeafFaults.asOf(List.of(3, 4), 10, 10)).containsExactly(3, 4);
        assertThat(LeafFaults.asOf(List.of(3, 4), 11, 10)).isEmpty();
        assertThat(LeafFaults.asOf(List.of(3, 4), 0, 10)).isEmpty();
        assertThat(fault(LeafEncoding.encode(FAST), List.of())).contains(ProvableFault.ROUTE_UNPUBLISHED);
        assertThat(fault(LeafEncoding.encode(FAST), List.of(3, 5))).contains(ProvableFault.WRONG_BUDGET);
    }

    @Test
    void whatIsNotKnownConvictsNobody() {
        Leaf early = FaultLeaves.end(LeafMode.FAST, 4, 2, DecisionStatus.FELL_BACK, 1, 9);
        LeafFaults unknown = LeafFaults.of(early, HEADER, new Silent<>("nobody was asked."));

        assertThat(unknown.breaches()).isEmpty();
        assertThat(unknown.open()).isNotEmpty();
    }

    @Test
    void bytesOfAnyLengthHaveAResult() {
        for (int length = 0; length < 2 * LeafEncoding.BYTES; length++) {
            assertThat(fault(new byte[length], List.of(3, 4))).contains(ProvableFault.OUT_OF_RANGE);
        }
    }

    @Test
    void aPairIsOfOneNumberAndInTheOrderOfItsBatches() {
        Leaf plan = FaultLeaves.honestPlan(0);
        Leaf outcome = FaultLeaves.end(LeafMode.CONFIRMED_DISPATCH, 4, 2, DecisionStatus.SERVED, 0, 6);
        assertThat(LeafFaults.pair(new PlacedLeaf(plan, 4, 10), new PlacedLeaf(outcome, 4, 11)))
                .isEmpty();
        assertThat(LeafFaults.pair(new PlacedLeaf(plan, 5, 12), new PlacedLeaf(outcome, 4, 11)))
                .map(Breach::fault)
                .contains(ProvableFault.PLAN_AFTER_OUTCOME);
        PlacedLeaf other =
                PlacedLeaf.decode(FaultLeaves.with(outcome, LeafField.COUNTER, FaultLeaves.COUNTER + 1), 4, 11);
        assertThatThrownBy(() -> LeafFaults.pair(new PlacedLeaf(plan, 4, 10), other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void codesAreStableAndNoneIsUsedTwice() {
        assertThat(Arrays.stream(ProvableFault.values()).map(ProvableFault::code))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(ProvableFault.values()).map(fault -> fault.code() + " " + fault))
                .startsWith("1 OUT_OF_RANGE", "2 CONTRADICTS_ITSELF", "3 OUTSIDE_HEADER", "4 OVER_BUDGET")
                .contains("10 NOT_AS_PLANNED", "11 PLAN_AFTER_OUTCOME", "12 TWICE", "17 OVERTAKEN");
    }

    @Test
    void theVectorsAreJudgedAsTheySay() throws IOException {
        JsonNode all = new ObjectMapper().readTree(Files.readString(VectorsWriter.FOLDER.resolve("faults.json")));
        Map<Integer, Integer> found = new TreeMap<>();
        for (JsonNode group : all.get("singles")) {
            List<Integer> upTo = StreamSupport.stream(group.get("up_to").spliterator(), false)
                    .map(JsonNode::asInt)
                    .toList();
            List<Integer> route = LeafFaults.asOf(
                    upTo,
                    group.get("published_at").asLong(),
                    group.get("committed_at").asLong());
            List<byte[]> leaves = LeafBytes.split(bytes(group.get("leaves")));
            byte[] faults = bytes(group.get("faults"));
            assertThat(faults).hasSize(leaves.size());
            for (int i = 0; i < faults.length; i++) {
                assertThat(fault(leaves.get(i), route).map(ProvableFault::code).orElse(0))
                        .as("%s, leaf %d", group.get("name"), i)
                        .isEqualTo((int) faults[i]);
                found.merge((int) faults[i], 1, Integer::sum);
            }
        }
        // Each of the faults of a single leaf, and leaves without any.
        assertThat(found.keySet()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(found.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThan(2_500);
        assertThat(Files.size(VectorsWriter.FOLDER.resolve("faults.json"))).isLessThan(1_500_000);
    }

    @Test
    void twoHeadersProveWhatTheyContradict() {
        BatchHeader before = FaultLeaves.header(7, 100, 10, 5_000);
        assertThat(HeaderFaults.of(before, FaultLeaves.header(8, 100, 10, 5_010)))
                .isEmpty();
        assertThat(HeaderFaults.of(before, FaultLeaves.header(10, 300, 10, 5_010 + 2_400)))
                .isEmpty();
        assertThat(HeaderFaults.of(before, FaultLeaves.header(10, 300, 10, 5_010 + 2_401)))
                .extracting(Breach::fault)
                .containsExactly(ProvableFault.SIZE_GAP);
        assertThat(HeaderFaults.of(before, FaultLeaves.header(8, 99, 10, 5_009)))
                .extracting(Breach::fault)
                .containsExactly(ProvableFault.COMPLETE_THROUGH_FALLS, ProvableFault.SIZE_GAP);
        assertThat(HeaderFaults.beyond(before, 100)).isEmpty();
        assertThat(HeaderFaults.beyond(before, 99)).map(Breach::fault).contains(ProvableFault.COMPLETE_THROUGH_BEYOND);
        assertThat(HeaderFaults.forked(before, before)).isEmpty();
        assertThat(HeaderFaults.forked(before, FaultLeaves.rooted(before, Hash32.ZERO)))
                .map(Breach::fault)
                .contains(ProvableFault.LOG_FORKED);
        assertThatThrownBy(() -> HeaderFaults.of(before, before)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] bytes(JsonNode hex) {
        return HexFormat.of().parseHex(hex.asText().substring(2));
    }
}
