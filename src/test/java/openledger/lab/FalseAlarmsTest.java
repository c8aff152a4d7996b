package openledger.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import openledger.lab.engine.Arrivals;
import openledger.lab.engine.FastRun;
import openledger.lab.engine.FastSetting;
import openledger.lab.engine.Resending;
import openledger.lab.engine.RouterVariant;
import openledger.lab.world.Market;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows of five minutes of a router that treats all alike, and of one that grants somebody one attempt more. */
final class FalseAlarmsTest {
    private static final double MILLIS = 300_000;
    private static final int WINDOWS = 100;
    private static final int PLANTED = 40;
    /** Of the windows; the floor is to let one of a hundred pass. */
    private static final double MOST_ALARMS = 0.05;

    private static final FastSetting FAIR =
            FastSetting.REFERENCE.by(RouterVariant.ROUNDS).with(Resending.NEVER);

    /** Who comes when. */
    enum Load {
        EVEN {
            @Override
            void come(SplittableRandom random, Sink to) {
                for (int tenant = 0; tenant < 12; tenant++) {
                    poisson(random, 6, 0, MILLIS, tenant, to);
                }
            }
        },
        BURSTY {
            @Override
            void come(SplittableRandom random, Sink to) {
                for (int tenant = 0; tenant < 8; tenant++) {
                    bursts(random, 40, 6_000, 500 + 500 * tenant, tenant, to);
                }
                poisson(random, 8, 0, MILLIS, 9, to);
            }
        },
        DAY_AND_NIGHT {
            @Override
            void come(SplittableRandom random, Sink to) {
                for (double from = 0; from < MILLIS; from += 60_000) {
                    for (int tenant = 0; tenant < 4; tenant++) {
                        poisson(random, 24, from, from + 30_000, tenant, to);
                        poisson(random, 1, from + 30_000, from + 60_000, tenant, to);
                        poisson(random, 1, from, from + 30_000, tenant + 4, to);
                        poisson(random, 10, from + 30_000, from + 60_000, tenant + 4, to);
                    }
                }
            }
        },
        ONE_IS_THE_LOAD {
            @Override
            void come(SplittableRandom random, Sink to) {
                poisson(random, 95, 200_000, MILLIS, 0, to);
                bursts(random, 120, 10_000, 1_000, 0, to);
                for (int tenant = 1; tenant < 4; tenant++) {
                    poisson(random, 5, 0, MILLIS, tenant, to);
                }
            }
        };

        abstract void come(SplittableRandom random, Sink to);

        Arrivals arrivals(long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            List<double[]> all = new ArrayList<>();
            come(random, (millis, tenant) -> all.add(new double[] {millis, tenant}));
            all.sort(Comparator.comparingDouble(one -> one[0]));
            Arrivals arrivals = new Arrivals(
                    new double[all.size()], new int[all.size()], new long[all.size()], new double[all.size()]);
            for (int i = 0; i < all.size(); i++) {
                arrivals.millis()[i] = all.get(i)[0];
                arrivals.tenants()[i] = (int) all.get(i)[1];
                arrivals.luck()[i] = random.nextLong();
                arrivals.stretch()[i] = 1;
            }
            return arrivals;
        }
    }

    interface Sink {
        void comes(double millis, int tenant);
    }

    private static void poisson(
            SplittableRandom random, double perSecond, double from, double to, int tenant, Sink sink) {
        double at = from;
        while (true) {
            at += -Math.log(1 - random.nextDouble()) * 1_000 / perSecond;
            if (at >= to) {
                return;
            }
            sink.comes(at, tenant);
        }
    }

    private static void bursts(
            SplittableRandom random, int size, double gapMillis, double lengthMillis, int tenant, Sink sink) {
        double at = random.nextDouble() * gapMillis;
        while (at < MILLIS) {
            for (int i = 0; i < size; i++) {
                sink.comes(at + random.nextDouble() * lengthMillis, tenant);
            }
            at += -Math.log(1 - random.nextDouble()) * gapMillis;
        }
    }

    /** In how many windows a figure is above its floor. */
    private static Map<String, Integer> alarms(Load load, FastSetting setting, int windows) {
        Map<String, Integer> alarms = new TreeMap<>();
        LongStream.rangeClosed(1, windows)
                .parallel()
                .mapToObj(seed -> {
                    Arrivals arrivals = load.arrivals(seed);
                    RunWindow window = new RunWindow(Duration.ofSeconds(10), 60);
                    window.add(new FastRun(setting).of(arrivals, seed), arrivals, 1_700_000_000_000L);
                    return window.excess();
                })
                .toList()
                .forEach(excess ->
                        excess.forEach((figure, value) -> alarms.merge(figure, value > 0 ? 1 : 0, Integer::sum)));
        return alarms;
    }

    @ParameterizedTest
    @EnumSource
    void whereAllAreTreatedAlikeHardlyAnyFigureIsAboveItsFloor(Load load) {
        Map<String, Integer> alarms = alarms(load, FAIR, WINDOWS);

        assertThat(alarms).hasSize(5);
        assertThat(alarms.values()).as(alarms.toString()).allMatch(count -> count <= MOST_ALARMS * WINDOWS);
    }

    /**
     * With 95 % floors over the whole window, as if time and load meant nothing, it was seen in 100, 39, 32, 63 and 70 of 100: what is asked
     * for is nine tenths of that, and of congestion parity 24 of 28.
     */
    @Test
    void oneAttemptMoreForOneTenantOfTwelveIsSeen() {
        Map<String, Integer> seen =
                alarms(Load.EVEN, FAIR.with(new FastSetting.Privilege(12, Market.BEST_ATTEMPTS + 1)), PLANTED);

        assertThat(seen.get("attempts")).as(seen.toString()).isGreaterThanOrEqualTo(36);
        assertThat(seen.get("disparity")).as(seen.toString()).isGreaterThanOrEqualTo(14);
        assertThat(seen.get("jain")).as(seen.toString()).isGreaterThanOrEqualTo(12);
        assertThat(seen.get("variance")).as(seen.toString()).isGreaterThanOrEqualTo(23);
        assertThat(seen.get("parity")).as(seen.toString()).isGreaterThanOrEqualTo(24);
    }
}
