package openledger.settlement.cut;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.LongStream;
import openledger.commitment.BatchCut.Beat;
import openledger.settlement.ledger.BlockRef;

/**
 * Estimates when the chain's blocks come, and how long before a block a batch must be cut to get into it. Outlives a change of the lane's
 * holder. Confined to one thread: the sequencer's event loop, or that of a run of the lab.
 */
public final class BlockRhythm {
    private static final int RESERVE_SHARE = 20;
    private static final int GUESSED_SHARE = 10;
    /** Gains of mean and deviation as in RFC 6298. */
    private static final double MEAN_GAIN = 0.125;

    private static final double DEVIATION_GAIN = 0.25;
    private static final double DEVIATIONS = 2;
    /** Of the last so many questions the fastest answer is the way there and back; what others took longer was not the way. */
    private static final int REMEMBERED = 32;

    private final Duration interval;
    private final InstantSource clock;
    private Optional<Instant> announced = Optional.empty();
    private Optional<Instant> heard = Optional.empty();
    private long newest = -1;
    private long cutSequence;
    private Instant cutAt = Instant.MIN;
    private double mean = -1;
    private double deviation;
    private final long[] roundTrips = new long[REMEMBERED];
    private int asked;

    /**
     * Nothing was heard yet.
     *
     * @param interval from one block to the next
     */
    public BlockRhythm(Duration interval, InstantSource clock) {
        this.interval = interval;
        this.clock = clock;
    }

    /** There may be a new block. */
    public void announced() {
        if (announced.isEmpty()) {
            announced = Optional.of(clock.instant());
        }
    }

    /**
     * This was the newest block when the chain was looked at. Only a new one says when blocks come.
     *
     * @param roundTrip how long a node took to answer
     */
    public void seen(BlockRef block, Duration roundTrip) {
        roundTrips[asked++ % REMEMBERED] = roundTrip.toNanos();
        if (newest >= 0 && block.number() > newest) {
            heard = announced.or(() -> Optional.of(clock.instant()));
        }
        newest = block.number();
        announced = Optional.empty();
    }

    /** A batch is being cut for its plans since then. */
    public void cut(long sequence, Instant since) {
        cutSequence = sequence;
        cutAt = since;
    }

    /** A batch was handed to a node for the first time. */
    public void handed(long sequence) {
        if (sequence != cutSequence || cutAt.equals(Instant.MIN)) {
            return;
        }
        double took = Math.clamp(Duration.between(cutAt, clock.instant()).toMillis(), 0, interval.toMillis());
        cutAt = Instant.MIN;
        if (mean < 0) {
            mean = took;
            deviation = took / 2;
        } else {
            deviation += DEVIATION_GAIN * (Math.abs(took - mean) - deviation);
            mean += MEAN_GAIN * (took - mean);
        }
    }

    /** When blocks come; empty if that is not known. */
    public Optional<Beat> beat(Instant now) {
        return heard.filter(last -> !last.isAfter(now)).map(last -> new Beat(Duration.between(last, now), lead()));
    }

    /**
     * What making a batch took lately, and what it takes to the node, with a reserve. A block is heard of as long after it was made as the
     * way back takes, so the whole way there and back is between the one that is expected and the last moment for it.
     */
    private Duration lead() {
        Duration making = mean < 0
                ? interval.dividedBy(GUESSED_SHARE)
                : Duration.ofMillis(Math.round(mean + DEVIATIONS * deviation)).plus(interval.dividedBy(RESERVE_SHARE));
        return making.plus(way());
    }

    private Duration way() {
        return Duration.ofNanos(LongStream.of(roundTrips)
                .limit(Math.min(asked, REMEMBERED))
                .min()
                .orElse(0));
    }
}
