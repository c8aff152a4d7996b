package openledger.provider.target;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a target is called, from the results of its last calls. The rule is the same for all tenants, and keeps what one of them
 * provokes from closing the target for the others ({@code docs/explanation/0004-attempts.md}):
 *
 * <ul>
 *   <li>Of a tenant's calls no more than half of the request volume are looked at, so that many do not hide those of others.
 *   <li>Its failures count for no more than those of all others together and one more.
 *   <li>If nobody else has called the target of late, all of its calls are looked at and count. A circuit that opened this way
 *       closes at once when another tenant asks.
 * </ul>
 *
 * <p>An open circuit lets one call through after the delay, and after each further delay, by turns if several tenants ask; the
 * first that is answered closes it. Safe for several threads.
 */
public final class Circuit {
    /** Calls before that are forgotten. */
    static final Duration MEMORY = Duration.ofMinutes(5);

    private final CircuitSettings settings;
    private final LongSupplier nanoTime;
    private final Deque<Ended> window = new ArrayDeque<>();
    private final Map<String, Integer> entries = new HashMap<>();
    private int seen;
    private @Nullable String latestCaller;
    private long latestAt;
    private @Nullable String otherCaller;
    private long otherAt;

    private volatile boolean open;
    private volatile long openedAt;
    private volatile long nextTry;
    /** The tenant whose failures alone have opened it. */
    private volatile @Nullable String blamed;

    private @Nullable String triedLast;

    Circuit(CircuitSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    /** True if a call would be let through now. */
    boolean isPassable() {
        return !open || nanoTime.getAsLong() - nextTry >= 0;
    }

    /** How long no call will be let through, ns; 0 or less if one would be now. */
    long passableInNanos() {
        return open ? nextTry - nanoTime.getAsLong() : 0;
    }

    /** A tenant's call is about to be made; false if it is not to be. */
    synchronized boolean enter(String tenant) {
        long now = nanoTime.getAsLong();
        noteCaller(tenant, now);
        if (!open) {
            return true;
        }
        if (now - nextTry < 0 || isForOthers(tenant, now)) {
            return false;
        }
        triedLast = tenant;
        nextTry = now + settings.delay().toNanos();
        return true;
    }

    /** A tenant whose call was the last try lets others go first, for one more delay: its calls might be all that fails. */
    private boolean isForOthers(String tenant, long now) {
        return tenant.equals(triedLast)
                && !isSole(tenant, now)
                && now - nextTry < settings.delay().toNanos();
    }

    /** A tenant asks for a route of the target: it is not to find closed what another alone has closed. */
    public void asked(String tenant) {
        String by = blamed;
        if (by != null && !by.equals(tenant)) {
            reopenFor(tenant);
        }
    }

    private synchronized void reopenFor(String tenant) {
        if (open && blamed != null && !blamed.equals(tenant)) {
            noteCaller(tenant, nanoTime.getAsLong());
            close();
        }
    }

    /** Opens for a while, whatever the calls say: the provider has asked for it. */
    synchronized void openFor(Duration wait) {
        open(nanoTime.getAsLong(), wait, null);
    }

    /** Closes, and forgets all calls so far. */
    synchronized void reset() {
        close();
    }

    /** A call that {@link #enter entered} at {@code beganNanos} was answered. */
    synchronized void answered(String tenant, long beganNanos) {
        if (!open) {
            add(new Ended(tenant, Verdict.ANSWERED, nanoTime.getAsLong()));
        } else if (beganNanos - openedAt >= 0) {
            close();
        }
    }

    /** A call has failed for a reason that is the target's. */
    synchronized void failed(String tenant) {
        if (open) {
            return;
        }
        long now = nanoTime.getAsLong();
        add(new Ended(tenant, Verdict.FAILED, now));
        if (seen >= settings.requestVolume() && countedFailures(tenant, now) >= leastFailures()) {
            open(now, settings.delay(), isSole(tenant, now) ? tenant : null);
        }
    }

    private double leastFailures() {
        return settings.failureRatio() * settings.requestVolume();
    }

    private void open(long now, Duration wait, @Nullable String by) {
        openedAt = now;
        nextTry = now + wait.toNanos();
        blamed = by;
        triedLast = null;
        open = true;
    }

    private void close() {
        open = false;
        blamed = null;
        window.clear();
        entries.clear();
        seen = 0;
    }

    private void add(Ended ended) {
        seen = Math.min(seen + 1, settings.requestVolume());
        while (!window.isEmpty() && ended.atNanos() - window.getFirst().atNanos() > MEMORY.toNanos()) {
            leave(window.removeFirst());
        }
        int own = entries.getOrDefault(ended.tenant(), 0);
        int most = isSole(ended.tenant(), ended.atNanos())
                ? settings.requestVolume()
                : Math.ceilDiv(settings.requestVolume(), 2);
        for (Iterator<Ended> each = window.iterator(); own >= most && each.hasNext(); ) {
            Ended oldest = each.next();
            if (oldest.tenant().equals(ended.tenant())) {
                each.remove();
                leave(oldest);
                own--;
            }
        }
        if (window.size() >= settings.requestVolume()) {
            leave(window.removeFirst());
        }
        window.addLast(ended);
        entries.merge(ended.tenant(), 1, Integer::sum);
    }

    private void leave(Ended gone) {
        entries.computeIfPresent(gone.tenant(), (tenant, count) -> count == 1 ? null : count - 1);
    }

    private int countedFailures(String tenant, long now) {
        Map<String, Integer> failures = new HashMap<>();
        int all = 0;
        for (Ended ended : window) {
            if (ended.verdict() == Verdict.FAILED) {
                failures.merge(ended.tenant(), 1, Integer::sum);
                all++;
            }
        }
        if (isSole(tenant, now)) {
            return all;
        }
        if (failures.size() < 2) {
            return 0;
        }
        int counted = 0;
        for (int own : failures.values()) {
            counted += Math.min(own, all - own + 1);
        }
        return counted;
    }

    /** True if nobody but the tenant has called the target of late. */
    private boolean isSole(String tenant, long now) {
        if (!tenant.equals(latestCaller)) {
            return false;
        }
        return otherCaller == null || now - otherAt > MEMORY.toNanos();
    }

    private void noteCaller(String tenant, long now) {
        if (!tenant.equals(latestCaller)) {
            otherCaller = latestCaller;
            otherAt = latestAt;
            latestCaller = tenant;
        }
        latestAt = now;
    }

    private enum Verdict {
        ANSWERED,
        FAILED
    }

    /** How a call of a tenant ended, and when. */
    private record Ended(String tenant, Verdict verdict, long atNanos) {}
}
