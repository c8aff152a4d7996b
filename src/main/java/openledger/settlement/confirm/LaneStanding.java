package openledger.settlement.confirm;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import openledger.commitment.PlanLevel;
import openledger.inference.Confirmations;
import openledger.inference.Timekeeper;
import openledger.settlement.LaneListener;
import openledger.settlement.ledger.BlockRef;
import openledger.unit.Hash32;
import openledger.unit.RequestId;

/** The state of our lane on the chain and with its witnesses, kept as its listener; waiters for plans are in the registry. Thread-safe. */
public final class LaneStanding implements Confirmations, LaneListener {
    private final ConfirmationRegistry registry;
    private final Timekeeper time;
    private final Duration quiet;
    private final Supplier<Optional<Instant>> unwitnessed;

    private volatile Standing newest = new Standing(Hash32.ZERO, 0, Optional.empty());
    private volatile boolean wasHeard;
    private volatile long heardMillis;
    private volatile Optional<Instant> oldest = Optional.empty();
    /** Since when nobody is asked, because the lane is not ours; empty while it is. */
    private volatile Optional<Instant> away;

    /**
     * Nothing was heard of the chain.
     *
     * @param quiet how long the chain may say nothing before that counts; some poll intervals
     * @param unwitnessed since when the log has leaves that no quorum of witnesses has seen; empty if it has none
     */
    public LaneStanding(
            ConfirmationRegistry registry, Timekeeper time, Duration quiet, Supplier<Optional<Instant>> unwitnessed) {
        this.registry = registry;
        this.time = time;
        this.quiet = quiet;
        this.unwitnessed = unwitnessed;
        this.heardMillis = time.epochMillis();
        this.away = Optional.of(Instant.ofEpochMilli(heardMillis));
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
        Optional<Duration> waiting = oldest.map(this::age);
        return waiting.filter(length -> silent.isEmpty() || length.compareTo(silent.get()) >= 0)
                .or(() -> silent);
    }

    private Duration age(Instant since) {
        return Duration.ofMillis(Math.max(0, time.epochMillis() - since.toEpochMilli()));
    }

    @Override
    public Optional<Duration> lag(PlanLevel level) {
        return level.onChain().isPresent()
                ? lag()
                : Stream.concat(unwitnessed.get().stream(), away.stream())
                        .min(Instant::compareTo)
                        .map(this::age);
    }

    @Override
    public void lease(LeaseChange change) {
        away = switch (change) {
            case TAKEN -> Optional.empty();
            case LOST -> Optional.of(Instant.ofEpochMilli(time.epochMillis()));
        };
    }

    @Override
    public Uni<Void> reached(RequestId id, PlanLevel level) {
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
