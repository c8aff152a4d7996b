package openledger.provider.target;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import openledger.cluster.slot.AimdLimit;
import openledger.cluster.slot.SlotLimit;
import openledger.routing.SlotBounds;
import openledger.routing.allocation.SlotLine;
import openledger.routing.choice.Latency;
import openledger.routing.choice.TargetLoad;
import org.jspecify.annotations.Nullable;

/**
 * The live state of one target, shared by all event loops: slots in use, the line for one, the adaptive limit, the time until which {@code
 * Retry-After} closes it, latency.
 */
public final class TargetState implements TargetLoad {
    private final LongSupplier nanoTime;
    private final Circuit circuit;
    private final Duration longestClosure;
    private final long origin;
    private final SlotLimit limit;
    private final SlotLine line = new SlotLine(this::takeFree, this::release);
    private final AtomicLong closedUntil = new AtomicLong();
    private final AtomicReference<Latency> latency = new AtomicReference<>(Latency.UNKNOWN);
    private final TargetLimits limits;
    private final Consumer<Duration> closures;
    private volatile boolean accountAtFault;

    /**
     * Open, and with no call in flight.
     *
     * @param longestClosure a {@code Retry-After} beyond this is taken for this
     */
    TargetState(SlotBounds bounds, Circuit circuit, Duration longestClosure, LongSupplier nanoTime) {
        this(new AimdLimit(bounds), circuit, longestClosure, nanoTime, left -> {});
    }

    /**
     * The same.
     *
     * @param limit of calls in flight
     * @param closures told of each closure that the provider asks for, and for how long that is
     */
    TargetState(
            SlotLimit limit,
            Circuit circuit,
            Duration longestClosure,
            LongSupplier nanoTime,
            Consumer<Duration> closures) {
        this.closures = closures;
        this.nanoTime = nanoTime;
        this.circuit = circuit;
        this.longestClosure = longestClosure;
        this.origin = nanoTime.getAsLong();
        this.limit = limit;
        this.limits = new TargetLimits(nanoTime);
    }

    /**
     * Takes a slot if there is one that nobody is in line for; each success is to be followed by exactly one {@link
     * #release}.
     */
    public boolean reserve() {
        return line.serve() && takeFree();
    }

    /** Lines up for a slot. */
    public SlotLine.Place lineUp(long turn) {
        return line.join(turn);
    }

    private boolean takeFree() {
        return isOpen() && limit.take();
    }

    /** So many slots more could have been used than there were. */
    public void missed(int slots) {
        if (slots > 0 && isOpen()) {
            limit.missed(slots);
        }
    }

    public void release() {
        limit.giveBack();
        line.serve();
    }

    /** An answer has begun after {@code nanos}. */
    public void answered(long nanos) {
        long now = elapsed();
        latency.updateAndGet(known -> known.answered(now, nanos));
        limit.answered();
    }

    /** The provider said that it is full, or did not even take the connection. */
    public void overloaded() {
        limit.refused();
    }

    /**
     * Closes the target for {@code wait}, or as long as it can be closed; a shorter wait never reopens it before a longer one is
     * over. Of a provider that asks for longer one call is tried then. Returns how long it is closed.
     */
    Duration closeFor(Duration wait) {
        closures.accept(wait);
        return heardClosed(wait);
    }

    /** The same, as another router has heard it. */
    public Duration heardClosed(Duration wait) {
        if (wait.compareTo(longestClosure) > 0) {
            circuit.openFor(longestClosure);
            return longestClosure;
        }
        closedUntil.accumulateAndGet(elapsed() + wait.toNanos(), Math::max);
        return wait;
    }

    /** Reads what an answer's head says of the provider's limits; the target is closed while nothing is left of one. */
    public void readLimits(MultiMap headers, long nowMillis) {
        Duration empty = limits.read(headers, nowMillis);
        if (!empty.isZero()) {
            closeFor(empty);
        }
    }

    public TargetLimits limits() {
        return limits;
    }

    /** Closes the target for as long as an answer asks for; returns for how long, null if it does not ask. */
    public @Nullable Duration askedToWait(Optional<Duration> wait) {
        return wait.map(this::closeFor).orElse(null);
    }

    /** Closes the target for as long as it can be closed: all calls would end alike until the operator has mended it. */
    public void closeForAccount() {
        accountAtFault = true;
        circuit.openFor(longestClosure);
    }

    /** The target is reached with another key, or in another way: what closed it for its account holds no more. */
    void accountMayBeSound() {
        if (accountAtFault) {
            accountAtFault = false;
            circuit.reset();
        }
    }

    public Circuit circuit() {
        return circuit;
    }

    private long elapsed() {
        return nanoTime.getAsLong() - origin;
    }

    @Override
    public boolean isOpen() {
        return circuit.isPassable() && (closedUntil.get() == 0 || elapsed() >= closedUntil.get());
    }

    @Override
    public long opensInNanos() {
        return Math.max(
                0, Math.max(circuit.passableInNanos(), closedUntil.get() == 0 ? 0 : closedUntil.get() - elapsed()));
    }

    @Override
    public int inFlight() {
        return limit.inFlight();
    }

    @Override
    public int limit() {
        return limit.limit();
    }

    @Override
    public long latencyNanos() {
        return (long) latency.get().nanos();
    }

    @Override
    public double latencyEvidence() {
        return latency.get().evidence(elapsed(), inFlight());
    }
}
