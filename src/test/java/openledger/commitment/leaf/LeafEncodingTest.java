package openledger.commitment.leaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RequestKey;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

final class LeafEncodingTest {
    private static final List<String> FIELDS =
            Arrays.stream(LeafField.values()).map(LeafField::title).toList();

    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 2_000; seed++) {
            Leaf leaf = leaf(new Random(seed));

            assertThat(LeafEncoding.decode(LeafEncoding.encode(leaf))).isEqualTo(leaf);
            assertThat(LeafKind.of(LeafEncoding.encode(leaf), 0) == LeafKind.PLAN)
                    .isEqualTo(leaf.stage() instanceof Leaf.Stage.Planned);
        }
    }

    @Test
    void everyFlippedBitIsAnotherLeafOrRefusedByName() {
        for (int seed = 0; seed < 60; seed++) {
            Leaf leaf = leaf(new Random(seed));
            byte[] bytes = LeafEncoding.encode(leaf);
            for (int bit = 0; bit < bytes.length * Byte.SIZE; bit++) {
                bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
                try {
                    Leaf other = LeafEncoding.decode(bytes);
                    assertThat(other).isNotEqualTo(leaf);
                    assertThat(LeafEncoding.encode(other)).isEqualTo(bytes);
                } catch (IllegalArgumentException refused) {
                    assertThat(FIELDS)
                            .as("bit %d: %s", bit, refused.getMessage())
                            .anyMatch(String.valueOf(refused.getMessage())::startsWith);
                }
                bytes[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            }
        }
    }

    @Test
    void whatDoesNotFitIsRefusedRatherThanCut() {
        Leaf leaf = LeafEncoding.decode(LeafEncoding.encode(leaf(new Random(1))));

        assertThatThrownBy(() -> new Leaf(
                        leaf.request(),
                        leaf.mode(),
                        leaf.cohort(),
                        leaf.route(),
                        leaf.budget(),
                        256,
                        leaf.timeMillis(),
                        leaf.snapshot(),
                        leaf.selectedTier(),
                        leaf.selectedTarget(),
                        leaf.trigger(),
                        leaf.plan(),
                        leaf.stage()))
                .hasMessage("attempts: 0..255, not 256");
        assertThatThrownBy(() -> new Stage.Planned(0, 1L << 32, 0, 0)).hasMessageStartingWith("arrival: ");
    }

    private static Leaf leaf(Random random) {
        return random.nextBoolean() ? planned(random) : outcome(random);
    }

    private static Leaf planned(Random random) {
        return new Leaf(
                key(random),
                random.nextBoolean() ? LeafMode.CONFIRMED_RESPONSE : LeafMode.CONFIRMED_DISPATCH,
                random.nextInt(64),
                new RouteId(random.nextInt(65_536)),
                random.nextInt(1, 65),
                random.nextInt(256),
                random.nextLong(1L << 48),
                random.nextLong(Leaf.NO_SNAPSHOT),
                random.nextInt(8),
                random.nextInt(Leaf.NO_TARGET),
                any(random, Trigger.values()),
                places(random, 1),
                new Stage.Planned(u32(random), u32(random), u32(random), u32(random)));
    }

    private static Leaf outcome(Random random) {
        LeafMode mode = any(random, LeafMode.values());
        boolean fast = mode == LeafMode.FAST;
        return new Leaf(
                key(random),
                mode,
                random.nextInt(64),
                new RouteId(random.nextInt(65_536)),
                random.nextInt(1, 65),
                random.nextInt(256),
                random.nextLong(1L << 48),
                fast ? Leaf.NO_SNAPSHOT : u32(random),
                tier(random),
                random.nextInt(65_536),
                any(random, Trigger.values()),
                fast ? List.of() : places(random, 0),
                ended(random));
    }

    private static RequestKey key(Random random) {
        return RequestKey.of(hash(random), random.nextLong(1, Long.MAX_VALUE));
    }

    private static List<Integer> places(Random random, int least) {
        return IntStream.range(0, random.nextInt(least, Leaf.LONGEST_PLAN + 1))
                .mapToObj(i -> random.nextInt(Leaf.NO_TARGET))
                .toList();
    }

    private static Stage ended(Random random) {
        byte[] salt = new byte[LaneSecret.SALT_BYTES];
        random.nextBytes(salt);
        return new Stage.Ended(
                any(random, DecisionStatus.values()),
                tier(random),
                random.nextInt(65_536),
                any(random, Attribution.values()),
                random.nextInt(256),
                u32(random),
                OutcomeCommitment.of(salt, hash(random), List.of("a"), UsageRecord.NONE));
    }

    private static byte[] hash(Random random) {
        byte[] bytes = new byte[Hash32.BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static int tier(Random random) {
        return random.nextBoolean() ? Leaf.NO_TIER : random.nextInt(8);
    }

    private static long u32(Random random) {
        return random.nextLong(1L << 32);
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }
}
