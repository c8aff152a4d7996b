package openledger.inference.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.Attribution;
import openledger.fairness.FairnessPart;
import openledger.fairness.FairnessWindow;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.inference.fairness.FairnessSeries.CohortCount;
import openledger.inference.fairness.PartsEncoding.Counted;
import openledger.routing.DecisionStatus;
import org.junit.jupiter.api.Test;

/** What routers tell each other of what they have counted, and what else may stand in its place. */
final class PartsEncodingTest {
    private static final long NOW = 1_700_000_000_000L;

    @Test
    void whatIsWrittenIsRead() {
        Counted counted = new Counted(
                -7,
                42,
                0,
                List.of(series("assistant", LeafMode.FAST, 3), series("äöü", LeafMode.CONFIRMED_DISPATCH, 0)));

        Counted read = PartsEncoding.read(PartsEncoding.write(counted));

        assertThat(read.cohorts()).isEqualTo(-7);
        assertThat(read.first()).isEqualTo(42);
        assertThat(read.leftOut()).isZero();
        assertThat(read.series().stream().map(SeriesPart::totals))
                .containsExactlyElementsOf(
                        counted.series().stream().map(SeriesPart::totals).toList());
        assertThat(read.series().stream().map(of -> of.part().isPresent())).containsExactly(true, false);
        assertThat(PartsEncoding.write(read)).isEqualTo(PartsEncoding.write(counted));
    }

    @Test
    void seriesForWhichThereIsNoRoomAreLeftOutAndCounted() {
        List<SeriesPart> many = new ArrayList<>();
        for (int route = 0; route < 5_000; route++) {
            many.add(series("route-" + route, LeafMode.FAST, route < 4_000 ? 0 : 1));
        }

        Counted read = PartsEncoding.read(PartsEncoding.write(new Counted(1, 1, 0, many)));

        assertThat(read.leftOut()).isPositive().isEqualTo(5_000 - read.series().size());
        // Those with the most requests stay.
        assertThat(read.series().stream().filter(of -> of.part().isPresent())).hasSize(1_000);
    }

    @Test
    void anythingElseIsRefused() {
        byte[] bytes = PartsEncoding.write(new Counted(1, 1, 0, List.of(series("assistant", LeafMode.FAST, 3))));
        byte[] other = bytes.clone();
        other[0] = 2;
        refused(other);
        refused(new byte[0]);
        refused(new byte[] {1});
        refused(new byte[PartsEncoding.MOST_BYTES + 1]);
        for (int length = 0; length < bytes.length; length++) {
            refused(Arrays.copyOf(bytes, length));
        }
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            byte[] changed = bytes.clone();
            changed[1 + random.nextInt(changed.length - 1)] = (byte) random.nextInt();
            try {
                PartsEncoding.read(changed);
            } catch (IllegalArgumentException refused) {
                assertThat(refused).isNotNull();
            }
        }
    }

    @Test
    void whatBecomesTooLargeIsRefusedBeforeItIsKept() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(1);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
            for (int i = 0; i < 64; i++) {
                out.write(new byte[1024 * 1024]);
            }
        }
        assertThat(bomb.size()).isLessThan(PartsEncoding.MOST_BYTES);

        assertThatThrownBy(() -> PartsEncoding.read(bomb.toByteArray())).hasMessage("too much");
    }

    private static void refused(byte[] bytes) {
        assertThatThrownBy(() -> PartsEncoding.read(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SeriesPart series(String route, LeafMode mode, int requests) {
        FairnessWindow window = new FairnessWindow(Duration.ofSeconds(10), 3);
        for (int i = 0; i < requests; i++) {
            window.add(NOW, NOW, i, 1, DecisionStatus.SERVED, Attribution.NONE, 0, 10);
        }
        Optional<FairnessPart> part = window.part(NOW / 10_000, NOW + 10_000);
        List<CohortCount> cohorts = new ArrayList<>(Collections.nCopies(64, new CohortCount(0, 0, 0, 0)));
        cohorts.set(3, new CohortCount(requests, 0, 5, 4));
        Map<Slo, Proportion> slos = new java.util.EnumMap<>(Slo.class);
        for (Slo slo : Slo.values()) {
            slos.put(slo, new Proportion(requests, requests + 1));
        }
        return new SeriesPart(
                new FairnessSeries(new FairnessSeries.Key(route, mode), Optional.empty(), slos, slos, cohorts), part);
    }
}
