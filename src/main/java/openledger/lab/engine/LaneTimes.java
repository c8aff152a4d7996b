package openledger.lab.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import openledger.commitment.BatchCut;
import openledger.commitment.BatchCut.Beat;
import openledger.commitment.BatchCut.Waiting;
import openledger.lab.sequencing.SequencingTiming;
import openledger.lab.world.LogNormal;
import openledger.settlement.cut.BlockRhythm;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Hash32;

/**
 * Computes when plans are confirmed that were pinned at given moments: batches are cut by the product's rule in the product's rhythm, and
 * the next block takes what is there in time. Outcomes, which only fill the remaining room, are left out.
 */
public final class LaneTimes {
    private static final double NANOS_A_MILLI = 1e6;
    private static final double LONG_AGO = -1e6;
    /** Sums of the same durations differ in their last bits. */
    private static final double SLACK = 1e-9;

    private static final double SHORTEST_WAKE = 1e-3;

    private final SequencingTiming timing;
    private final BatchCut rule;
    private final BlockRhythm rhythm;
    private final TaskQueue agenda = new TaskQueue();
    private final SplittableRandom random;
    private final LogNormal making;
    private final double phase;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final double[] pinned;
    private final double[] confirmed;
    private double lastCut = LONG_AGO;
    private double wake = Double.NEGATIVE_INFINITY;
    private long sequence;
    private int left;

    private LaneTimes(SequencingTiming timing, double[] pinned, long seed) {
        this.timing = timing;
        this.rule = timing.cut();
        this.rhythm = new BlockRhythm(timing.block(), this::instant);
        this.random = new SplittableRandom(seed);
        this.making = new LogNormal(timing.making(), timing.spread());
        this.phase = switch (timing.cadence()) {
            case EACH_EPOCH -> timing.making() + timing.way();
            case LAST_MOMENT -> random.nextDouble() * timing.blockMillis();
        };
        this.pinned = pinned;
        this.confirmed = new double[pinned.length];
        this.left = pinned.length;
    }

    /**
     * When each is confirmed.
     *
     * @param pinned moments, ms from the beginning, in order
     * @param seed of the ways to the node and of when blocks come
     * @return as many moments as there are plans
     */
    public static double[] confirmed(SequencingTiming timing, double[] pinned, long seed) {
        LaneTimes times = new LaneTimes(timing, pinned, seed);
        // What was pinned at one moment is durable at one moment.
        for (int from = 0, to = 0; from < pinned.length; from = to) {
            while (to < pinned.length && pinned[to] == pinned[from]) {
                to++;
            }
            int first = from;
            int behind = to;
            times.agenda.at(pinned[from], () -> times.pin(first, behind));
        }
        times.agenda.at(times.phase + timing.hearing(), () -> times.hear(0));
        times.agenda.run();
        return times.confirmed;
    }

    private Instant instant() {
        return Instant.EPOCH.plusNanos((long) (agenda.now() * NANOS_A_MILLI));
    }

    private void pin(int first, int behind) {
        for (int plan = first; plan < behind; plan++) {
            waiting.add(plan);
        }
        consider();
    }

    private void hear(long block) {
        rhythm.announced();
        rhythm.seen(new BlockRef(block, Hash32.ZERO), Duration.ofNanos((long) (2 * timing.way() * NANOS_A_MILLI)));
        consider();
        if (left > 0) {
            agenda.at(phase + (block + 1) * timing.blockMillis() + timing.hearing(), () -> hear(block + 1));
        }
    }

    private void consider() {
        while (rule.decide(toBeCut()).isPresent()) {
            cut();
        }
        rule.untilPlans(toBeCut()).ifPresent(this::wakeIn);
    }

    private void wakeIn(Duration until) {
        double at = agenda.now() + Math.max(SHORTEST_WAKE, until.toNanos() / NANOS_A_MILLI);
        if (wake <= agenda.now() || at < wake) {
            wake = at;
            agenda.at(at, this::consider);
        }
    }

    private Waiting toBeCut() {
        Duration age = waiting.isEmpty() ? Duration.ZERO : since(pinned[waiting.getFirst()]);
        Optional<Beat> beat =
                timing.cadence() == SequencingTiming.Cadence.LAST_MOMENT ? rhythm.beat(instant()) : Optional.empty();
        return new Waiting(
                waiting.size(), age, waiting.isEmpty() ? Optional.empty() : Optional.of(age), since(lastCut), beat);
    }

    private Duration since(double millis) {
        return Duration.ofNanos((long) ((agenda.now() - millis) * NANOS_A_MILLI));
    }

    private void cut() {
        long number = ++sequence;
        lastCut = agenda.now();
        rhythm.cut(number, instant());
        double sent = agenda.now() + making.draw(random);
        agenda.at(sent, () -> rhythm.handed(number));
        double there = sent + timing.way();
        double blocks = Math.ceil((there + timing.sealing() - phase) / timing.blockMillis() - SLACK);
        double heard = phase + blocks * timing.blockMillis() + timing.hearing();
        for (int i = 0; i < rule.mostLeaves() && !waiting.isEmpty(); i++) {
            confirmed[waiting.remove()] = heard;
            left--;
        }
    }
}
