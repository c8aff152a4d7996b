package openledger.settlement.confirm;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import openledger.commitment.ConfirmationLevel;
import openledger.inference.Confirmations;
import openledger.inference.Timekeeper;
import openledger.settlement.LaneListener;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** The state of our lane on the chain, kept as its listener; waiters for plans are in the registry. Thread-safe. */
public final class LaneStanding implements Confirmations, LaneListener {
    private final ConfirmationRegistry registry;
    private final Timekeeper time;
    private final Duration quiet;

    private volatile Standing newest = new Standing(Hash32.ZERO, 0, Optional.empty());
    private volatile boolean wasHeard;
    private volatile long heardMillis;
    private volatile Optional<Instant> oldest = Optional.empty();

    /**
     * Nothing was heard of the chain.
     *
     * @param quiet how long the chain may say nothing before that counts; some poll intervals
     */
    public LaneStanding(ConfirmationRegistry registry, Timekeeper time, Duration quiet) {
        this.registry = registry;
        this.time = time;
        this.quiet = quiet;
        this.heardMillis = time.epochMillis();
    }

    @Override
    public Standing standing() {
        Standing seen = newest;
        return new Standing(seen.newest(), seen.newestNumber(), lag());
    }

    private Optional<Duration> lag() {
        long now = time.epochMillis();
        Duration silence = Duration.ofMillis(Math.max(0, now - heardMillis));
        Optional<Duration> silent = Optional.of(silence).filter(length -> !wasHeard || length.compareTo(quiet) > 0);
        Optional<Duration> waiting = oldest.map(since -> Duration.ofMillis(Math.max(0, now - since.toEpochMilli())));
        return waiting.filter(length -> silent.isEmpty() || length.compareTo(silent.get()) >= 0)
                .or(() -> silent);
    }

    @Override
    public Uni<Void> reached(RequestId id, ConfirmationLevel level) {
        return registry.plan(id, level);
    }

    @Override
    public void looked(BlockRef block) {
        newest = new Standing(block.hash(), block.number(), Optional.empty());
        heardMillis = time.epochMillis();
        wasHeard = true;
    }

    @Override
    public void waits(Optional<Instant> since) {
        oldest = since;
    }
}
