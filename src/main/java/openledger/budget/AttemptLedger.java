package openledger.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import openledger.routing.Route;

/**
 * Counts the attempts of one request against its retry budget, and is the only place where an attempt may be taken: a call of a provider
 * needs an {@link AttemptPermit}, and only a ledger makes one. The entitlement is the route's, so it is the same for every request; nothing
 * a client sends reaches this class.
 *
 * <p>Attempts are taken from the best tier that has some left, so no request falls back before its share of the better
 * tier is spent. Conservation: {@code spent() + left() == budget()} while the ledger is open. Confined to one thread.
 */
public final class AttemptLedger {
    private final Route route;
    private final int budget;
    private int spent;
    private int tier;
    private int tierEnd;
    private boolean closed;

    public AttemptLedger(Route route) {
        this.route = route;
        this.budget = route.budget();
        this.tierEnd = route.upTo(0);
    }

    /** Takes the next attempt; empty once the budget is spent or the ledger is closed. */
    public Optional<AttemptPermit> take() {
        if (closed || spent == budget) {
            return Optional.empty();
        }
        if (spent == tierEnd) {
            tier++;
            tierEnd = route.upTo(tier);
        }
        spent++;
        return Optional.of(new AttemptPermit(spent, tier));
    }

    /** Takes so many at once, which were spent before the ledger was here; none if it is closed, and no more than there are. */
    public List<AttemptPermit> takeAll(int attempts) {
        if (attempts == 0) {
            return List.of();
        }
        List<AttemptPermit> taken = new ArrayList<>(attempts);
        for (int i = 0; i < attempts; i++) {
            take().ifPresent(taken::add);
        }
        return taken;
    }

    /** Ends all retries for good: the first byte has reached the client, or the client has left. */
    public void close() {
        closed = true;
    }

    /** True if {@link #take()} would give an attempt. */
    public boolean isOpen() {
        return !closed && spent < budget;
    }

    /** The tier the next attempt is taken from; the last tier once everything is spent. */
    public int nextTier() {
        return spent == tierEnd && spent < budget ? tier + 1 : tier;
    }

    /** Attempts taken so far. */
    public int spent() {
        return spent;
    }

    /** Attempts of the route not taken. */
    public int left() {
        return budget - spent;
    }

    /** The whole entitlement. */
    public int budget() {
        return budget;
    }
}
