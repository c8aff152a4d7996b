package openledger.lab.sequencing;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import openledger.audit.ReplayReport;
import openledger.lab.sequencing.SequencingRun.Sequenced;
import openledger.lab.world.Exposure;
import openledger.lab.world.LogNormal;
import openledger.routing.Gate;

/**
 * The results of one seed of the sequencing experiment. Shares are 0 to 1, times ms.
 *
 * @param naive requests a naive router moved
 * @param unpinned requests moved though their batch was in order
 * @param pinned what came of the plans under the reference timing, called once they were confirmed
 * @param reference how long confirmations took under the reference timing
 * @param ours the same under ours, in the order of {@link #OURS}
 * @param exposures the routers at other exposures, in the order of {@link #EXPOSURES}
 * @param hard share changed along pinned plans where more of the calls fail hard, in the order of {@link #HARD}
 * @param audit what the product's auditor found in the batches
 */
public record SequencingResult(
        double naive,
        double unpinned,
        Followed pinned,
        Timed reference,
        List<Timed> ours,
        List<Exposed> exposures,
        List<Double> hard,
        ReplayReport audit) {
    /** Ours on chains of several block times, and once with a node that is far away. */
    static final List<SequencingTiming> OURS = Stream.concat(
                    Stream.of(200, 250, 1_000, 2_000).map(millis -> SequencingTiming.ours(Duration.ofMillis(millis))),
                    Stream.of(SequencingTiming.far(Duration.ofMillis(250))))
            .toList();

    /** Mean times to the first of an answer, ms. */
    static final List<Integer> EXPOSURES = List.of(500, 1_000, 1_500);

    static final List<Double> HARD = List.of(0.1, 0.17, 0.35, 0.5, 1.0);
    private static final double SPREAD = 0.8;
    private static final double OBSERVED_LOW = 300;
    private static final double OBSERVED_HIGH = 450;

    /**
     * What came of the plans. Shares of all requests.
     *
     * @param changed served by another target than the first of the plan, which the plan had announced
     * @param stale the first target, of the best tier, had become congested by the time it was called
     * @param staleByAnswer the same by the time its answer would have begun
     */
    public record Followed(double changed, double stale, double staleByAnswer) {}

    /**
     * The routers at one exposure.
     *
     * @param pinned share changed along pinned plans
     */
    record Exposed(double naive, double unpinned, double pinned) {}

    /**
     * How long confirmations took, from the arrival on.
     *
     * @param within share that took 300 to 450 ms
     */
    record Timed(double p5, double p50, double p95, double within, Gated dispatch, Gated response) {
        static Timed of(Sequenced sequenced) {
            double[] millis = sequenced.confirmations();
            long within = Arrays.stream(millis)
                    .filter(one -> one >= OBSERVED_LOW && one <= OBSERVED_HIGH)
                    .count();
            return new Timed(
                    at(millis, 0.05),
                    at(millis, 0.5),
                    at(millis, 0.95),
                    (double) within / millis.length,
                    Gated.of(sequenced, Gate.DISPATCH),
                    Gated.of(sequenced, Gate.RESPONSE));
        }
    }

    /**
     * What a gate added until the first of the answer.
     *
     * @param followed what came of the plans behind it
     */
    record Gated(double p50, double p95, Followed followed) {
        static Gated of(Sequenced sequenced, Gate gate) {
            double[] millis = sequenced.added(gate, Exposure.REFERENCE);
            return new Gated(at(millis, 0.5), at(millis, 0.95), sequenced.followed(gate, Exposure.REFERENCE));
        }
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    /** One seed. */
    public static SequencingResult of(SequencingRun run) {
        Exposure usual = Exposure.REFERENCE;
        Sequenced reference = run.sequenced(SequencingTiming.REFERENCE);
        return new SequencingResult(
                run.naive(usual),
                reference.unpinned(usual),
                reference.followed(Gate.DISPATCH, usual),
                Timed.of(reference),
                OURS.stream().map(timing -> Timed.of(run.sequenced(timing))).toList(),
                EXPOSURES.stream()
                        .map(mean -> new Exposure(new LogNormal(mean, SPREAD), usual.hard()))
                        .map(to -> new Exposed(
                                run.naive(to),
                                reference.unpinned(to),
                                reference.followed(Gate.DISPATCH, to).changed()))
                        .toList(),
                HARD.stream()
                        .map(hard -> reference
                                .followed(Gate.DISPATCH, new Exposure(usual.millis(), hard))
                                .changed())
                        .toList(),
                reference.audited());
    }
}
