package openledger.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import openledger.routing.DecisionStatus;
import org.junit.jupiter.api.Test;

/** What three routers have counted, put together, beside what one router would have counted of the same requests. */
final class MergedPartsTest {
    private static final long START = 1_700_000_000_000L;
    private static final int SECONDS = 300;
    private static final int PARTS = 30;
    private static final int TENANTS = 8;
    /** Of each tenant; 1,200 in five minutes, and 400 at each of three routers. */
    private static final int EACH_A_SECOND = 4;

    private static final int VICTIM = 5;

    private final FairnessWindow one = window();
    private final List<FairnessWindow> three = List.of(window(), window(), window());

    @Test
    void aTenantThatIsHarmedAtThreeRoutersShowsAsAtOneAndAtNoneOfThemAlone() {
        serve(3, 0.4);

        FairnessFigures together = merged(three, 0, 1, 2);
        FairnessFigures alone = one.figures(end(), new SplittableRandom(1));

        assertThat(together.requests()).isEqualTo(alone.requests());
        assertThat(together.compared()).isEqualTo(TENANTS);
        assertThat(together.fellBack()).isEqualTo(alone.fellBack());
        assertThat(value(together)).isEqualTo(value(alone));
        assertThat(together.disparity().orElseThrow().excess()).isPositive();
        assertThat(alone.disparity().orElseThrow().excess()).isPositive();
        assertThat(together.congestionParity().orElseThrow().excess()).isPositive();
        for (FairnessWindow router : three) {
            FairnessFigures said = router.figures(end(), new SplittableRandom(1));
            assertThat(said.compared()).isZero();
            assertThat(said.disparity()).isEmpty();
        }
    }

    @Test
    void aFairLotteryAtThreeRoutersIsBelowItsFloor() {
        int above = 0;
        for (int seed = 0; seed < 20; seed++) {
            MergedPartsTest lottery = new MergedPartsTest();
            lottery.serve(seed, 0.2);
            above += merged(lottery.three, 0, 1, 2).disparity().orElseThrow().excess() > 0 ? 1 : 0;
        }
        assertThat(above).isLessThanOrEqualTo(1);
    }

    @Test
    void theOrderInWhichPartsComeChangesNothing() {
        serve(7, 0.3);

        assertThat(merged(three, 2, 0, 1)).isEqualTo(merged(three, 0, 1, 2)).isEqualTo(merged(three, 1, 2, 0));
    }

    @Test
    void aPartIsThereOnceItIsOverAndAsLongAsItIsKept() {
        one.add(START, START, 1, 1, DecisionStatus.SERVED, Attribution.NONE, 0, 0);
        long part = START / 10_000;

        assertThat(one.part(part, START + 9_999)).isEmpty();
        assertThat(one.part(part, START + 10_000)).isPresent();
        assertThat(one.part(part + 1, START + 20_000)).isEmpty();
        assertThat(one.part(part, START + 309_999)).isPresent();
        assertThat(one.part(part, START + 310_000)).isEmpty();
    }

    @Test
    void aPartIsReadAsItWasWritten() {
        serve(4, 0.3);
        byte[] bytes = bytes(one.part(START / 10_000, end()).orElseThrow());

        assertThat(bytes(FairnessPart.read(ByteBuffer.wrap(bytes)))).isEqualTo(bytes);
        assertThat(bytes).hasSizeLessThan(FairnessPart.MOST_BYTES);
    }

    @Test
    void whatNoRouterCountsIsRefused() {
        serve(4, 0.3);
        byte[] bytes = bytes(one.part(START / 10_000, end()).orElseThrow());
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> FairnessPart.read(ByteBuffer.wrap(cut)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = bytes.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            try {
                MergedWindow window = new MergedWindow();
                window.add(1, FairnessPart.read(ByteBuffer.wrap(changed)));
                assertThat(window.figures(new SplittableRandom(1)).requests()).isNotNegative();
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageMatching("a number .*|cohort .*");
            }
        }
    }

    @Test
    void moreDeniedThanAdmittedIsRefused() {
        one.add(START, START, 1, 1, DecisionStatus.FELL_BACK, Attribution.SLOW, 0, 0);
        byte[] bytes = bytes(one.part(START / 10_000, START + 10_000).orElseThrow());
        // The one that was denied, among the counters of cohort 1.
        int denied = Tally.COHORTS * (Tally.ATTEMPTS + Tally.STEPS) + Tally.STEPS;
        assertThat(bytes[denied]).isEqualTo((byte) 1);
        bytes[denied] = 2;

        assertThatThrownBy(() -> FairnessPart.read(ByteBuffer.wrap(bytes))).hasMessageContaining("cohort 1");
    }

    @Test
    void numbersHaveOneForm() {
        for (long number : new long[] {0, 1, 127, 128, 16_383, 16_384, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            ByteBuffer to = ByteBuffer.allocate(9);
            PartBytes.write(to, number);
            assertThat(PartBytes.read(to.flip(), number)).isEqualTo(number);
        }
        for (byte[] wrong : new byte[][] {
            {},
            {(byte) 0x80},
            {(byte) 0x80, 0},
            {
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                (byte) 0xff,
                1
            }
        }) {
            assertThatThrownBy(() -> PartBytes.read(ByteBuffer.wrap(wrong), Long.MAX_VALUE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> PartBytes.read(ByteBuffer.wrap(new byte[] {6}), 5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static FairnessWindow window() {
        return new FairnessWindow(Duration.ofSeconds(10), PARTS + 1);
    }

    private static long end() {
        return START + SECONDS * 1_000L;
    }

    private static double value(FairnessFigures of) {
        return of.disparity().orElseThrow().value();
    }

    private static byte[] bytes(FairnessPart part) {
        ByteBuffer to = ByteBuffer.allocate(FairnessPart.MOST_BYTES);
        part.write(to);
        return Arrays.copyOf(to.array(), to.position());
    }

    /** As routers read it of each other. */
    private static FairnessFigures merged(List<FairnessWindow> windows, int... order) {
        MergedWindow merged = new MergedWindow();
        for (int router : order) {
            for (long part = START / 10_000; part < end() / 10_000; part++) {
                long number = part;
                windows.get(router)
                        .part(part, end())
                        .ifPresent(counts -> merged.add(number, FairnessPart.read(ByteBuffer.wrap(bytes(counts)))));
            }
        }
        return merged.figures(new SplittableRandom(1));
    }

    /** Five minutes in which a fifth falls back, of the victim's as many as are said; each request goes to one of three routers in turn. */
    private void serve(int seed, double ofVictim) {
        Random random = new Random(seed);
        int turn = 0;
        for (int second = 0; second < SECONDS; second++) {
            List<Integer> order = new ArrayList<>(
                    IntStream.range(0, TENANTS * EACH_A_SECOND).boxed().toList());
            java.util.Collections.shuffle(order, random);
            for (int place : order) {
                int cohort = place % TENANTS;
                long now = START + second * 1_000L;
                boolean isDenied = random.nextDouble() < (cohort == VICTIM ? ofVictim : 0.2);
                DecisionStatus status = isDenied ? DecisionStatus.FELL_BACK : DecisionStatus.SERVED;
                Attribution why = isDenied ? Attribution.SLOW : Attribution.NONE;
                one.add(now, now, cohort, isDenied ? 2 : 1, status, why, 0, 50);
                three.get(turn++ % 3).add(now, now, cohort, isDenied ? 2 : 1, status, why, 0, 50);
            }
        }
    }
}
