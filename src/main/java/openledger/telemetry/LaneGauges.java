package openledger.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Gauges of lanes: of all of the database, the same from every router, of those that this router has adopted, and of its share of keys
 * and their limits. Thread-safe.
 */
public final class LaneGauges {
    private static final Metric LANES_UNATTENDED = Metric.gauge(
            "openledger.lanes.unattended.age",
            "s",
            "Time for which a lane of this database with unfinished records has had no router; 0 if there is none");
    private static final Metric RANGES_OWNED = Metric.gauge(
            "openledger.ranges.owned",
            "{range}",
            "Ranges of idempotency keys, of 1,024, that this router answers for; all of them if it is alone");

    private static final Metric LANES_FINISHING = Metric.gauge(
            "openledger.lanes.finishing", "{lane}", "Lanes of routers that have died, which this router is finishing");
    private static final Metric LANES_LACKING = Metric.gauge(
            "openledger.lanes.lacking",
            "{lane}",
            "Of the lanes that this router has adopted, those that it cannot settle for what they lack, such as coins or a key");

    private static final Metric DEGRADED = Metric.gauge(
            "openledger.cluster.degraded",
            "1",
            "1 while this router shares less with the others than it should: rates, if it cannot learn how the limits of keys"
                    + " stand and refuses what they count; slots, if it cannot renew its part of targets' slots;"
                    + " closures, if it neither tells nor hears which targets providers have closed, and whose clients have left",
            Dimensions.PART);
    private static final Metric NEWS = Metric.counter(
            "openledger.cluster.news",
            "{message}",
            "Messages of other routers about closed targets, by result: taken, or unknown if no router says such a thing",
            Dimensions.RESULT);
    private static final Metric ORPHANS = Metric.counter(
            "openledger.cluster.orphans",
            "{request}",
            "Requests without a key whose clients have left, by what routers tell each other of them: told, or untold because too"
                    + " many were to be told; heard of other routers, or passed_over because too many were kept",
            Dimensions.RESULT);
    private static final Attributes RATES = Attributes.of(Dimensions.PART, "rates");
    private static final Attributes SLOTS = Attributes.of(Dimensions.PART, "slots");
    private static final Attributes CLOSURES = Attributes.of(Dimensions.PART, "closures");
    private static final Attributes TAKEN = Attributes.of(Dimensions.RESULT, "taken");
    private static final Attributes TOLD = Attributes.of(Dimensions.RESULT, "told");
    private static final Attributes UNTOLD = Attributes.of(Dimensions.RESULT, "untold");
    private static final Attributes HEARD = Attributes.of(Dimensions.RESULT, "heard");
    private static final Attributes PASSED_OVER = Attributes.of(Dimensions.RESULT, "passed_over");
    private static final Attributes UNKNOWN = Attributes.of(Dimensions.RESULT, "unknown");

    /**
     * How a router shares limits, slots and closures with others.
     *
     * @param isWithoutShares whether the limits of keys cannot be shared
     * @param isWithoutSlots whether the slots of targets cannot be shared
     * @param isDeaf whether closures are neither told nor heard
     * @param heard messages that were taken
     * @param unknown messages that no router sends
     * @param orphans requests whose clients have left
     */
    public record Shared(
            BooleanSupplier isWithoutShares,
            BooleanSupplier isWithoutSlots,
            BooleanSupplier isDeaf,
            LongSupplier heard,
            LongSupplier unknown,
            SharedOrphans orphans) {}

    /**
     * Requests without a key whose clients have left.
     *
     * @param told of ours, those that the others were told of
     * @param untold those that they were not told of
     * @param heard of others, those that are kept for their time
     * @param passedOver those that found no place
     */
    public record SharedOrphans(LongSupplier told, LongSupplier untold, LongSupplier heard, LongSupplier passedOver) {}

    /**
     * Registers the gauges.
     *
     * @param unattendedSeconds for how long an unfinished lane has had no router
     * @param finishing how many lanes this router is finishing
     * @param lacking how many lanes it cannot settle
     * @param ranges how many ranges of keys are ours
     * @param shared how this router shares limits, slots and closures with others
     */
    public LaneGauges(
            Telemetry telemetry,
            DoubleSupplier unattendedSeconds,
            IntSupplier finishing,
            IntSupplier lacking,
            IntSupplier ranges,
            Shared shared) {
        var meter = telemetry.meter();
        var unattended = LANES_UNATTENDED.gauge(meter);
        var adopted = LANES_FINISHING.gauge(meter);
        var stuck = LANES_LACKING.gauge(meter);
        var owned = RANGES_OWNED.gauge(meter);
        var degraded = DEGRADED.gauge(meter);
        var news = NEWS.observedCounter(meter);
        var orphans = ORPHANS.observedCounter(meter);
        meter.batchCallback(
                () -> {
                    unattended.record(unattendedSeconds.getAsDouble());
                    adopted.record(finishing.getAsInt());
                    stuck.record(lacking.getAsInt());
                    owned.record(ranges.getAsInt());
                    degraded.record(shared.isWithoutShares().getAsBoolean() ? 1 : 0, RATES);
                    degraded.record(shared.isWithoutSlots().getAsBoolean() ? 1 : 0, SLOTS);
                    degraded.record(shared.isDeaf().getAsBoolean() ? 1 : 0, CLOSURES);
                    news.record(shared.heard().getAsLong(), TAKEN);
                    news.record(shared.unknown().getAsLong(), UNKNOWN);
                    orphans.record(shared.orphans().told().getAsLong(), TOLD);
                    orphans.record(shared.orphans().untold().getAsLong(), UNTOLD);
                    orphans.record(shared.orphans().heard().getAsLong(), HEARD);
                    orphans.record(shared.orphans().passedOver().getAsLong(), PASSED_OVER);
                },
                unattended,
                adopted,
                stuck,
                owned,
                degraded,
                news,
                orphans);
    }

    /** What is streamed, and what is not; only of a router that streams. Thread-safe. */
    public static final class StreamGauges {
        private static final Metric STREAM_BEHIND = Metric.gauge(
                "openledger.stream.behind",
                "s",
                "How long decisions, or levels of batches, of a lane of this router have waited for the stream; 0 if none waits");
        private static final Metric STREAM_DECISIONS =
                Metric.counter("openledger.stream.decisions", "{decision}", "Decisions that this router has streamed");
        private static final Metric STREAM_FAILURES = Metric.counter(
                "openledger.stream.failures", "{failure}", "Tries to stream that came to nothing and are made again");
        private static final Metric STREAM_LOST = Metric.counter(
                "openledger.stream.lost",
                "{chunk}",
                "Chunks of the journal that were deleted before they were streamed; the stream says which");

        /**
         * Registers the instruments.
         *
         * @param behindSeconds for how long something has waited
         * @param decisions streamed so far
         * @param failures so far
         * @param lost chunks so far
         */
        public StreamGauges(
                Telemetry telemetry,
                DoubleSupplier behindSeconds,
                LongSupplier decisions,
                LongSupplier failures,
                LongSupplier lost) {
            var meter = telemetry.meter();
            var behind = STREAM_BEHIND.gauge(meter);
            var streamed = STREAM_DECISIONS.observedCounter(meter);
            var failed = STREAM_FAILURES.observedCounter(meter);
            var gone = STREAM_LOST.observedCounter(meter);
            meter.batchCallback(
                    () -> {
                        behind.record(behindSeconds.getAsDouble());
                        streamed.record(decisions.getAsLong());
                        failed.record(failures.getAsLong());
                        gone.record(lost.getAsLong());
                    },
                    behind,
                    streamed,
                    failed,
                    gone);
        }
    }
}
