package openledger.commitment.leaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import openledger.commitment.leaf.Leaf.Stage;
import openledger.fairness.Attribution;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.Hash32;
import openledger.unit.RouteId;
import org.junit.jupiter.api.Test;

final class LeafEncodingTest {
    private static final List<String> FIELDS = List.of(
            "version",
            "kind",
            "mode",
            "cohort",
            "budget",
            "selected tier",
            "served tier",
            "served target",
            "trigger",
            "status",
            "attribution",
            "resends",
            "total time",
            "plan");

    @Test
    void readsBackWhatWasWritten() {
        for (int seed = 0; seed < 2_000; seed++) {
            Leaf leaf = leaf(new Random(seed));

            assertThat(LeafEncoding.decode(LeafEncoding.encode(leaf))).isEqualTo(leaf);
            assertThat(LeafEncoding.isPlan(LeafEncoding.encode(leaf), 0))
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
        assertThatThrownBy(() -> new Stage.Planned(0, 1L << 32, 0, 0)).hasMessageStartingWith("deficit: ");
    }

    private static Leaf leaf(Random random) {
        LeafMode mode = any(random, LeafMode.values());
        boolean fast = mode == LeafMode.FAST;
        List<Integer> plan = IntStream.range(0, fast ? 0 : random.nextInt(9))
                .mapToObj(i -> random.nextInt(0xffff))
                .toList();
        return new Leaf(
                Hash32.of(hash(random)),
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
                plan,
                fast || random.nextBoolean()
                        ? ended(random)
                        : new Stage.Planned(u32(random), u32(random), u32(random), u32(random)));
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
                AnswerCommitment.of(salt, hash(random), List.of("a")));
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
