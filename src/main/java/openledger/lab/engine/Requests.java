package openledger.lab.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import openledger.budget.FastRetries;
import openledger.lab.world.Market;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a run in fast mode, field by field: those that arrive have the first places, in order, and those sent again
 * follow. Used again by the next run. Confined to one thread.
 */
public final class Requests {
    public static final byte BEST = 0;
    static final byte LOWER = 1;
    static final byte NONE = 2;
    /** Place of who holds no slot. */
    static final int NOWHERE = -1;

    int count;
    /** The request that its client sent first. */
    int[] root = {};
    /** By first request: the one whose answer its client waits for. */
    int[] current = {};
    /** By first request: times it was sent again. */
    byte[] resends = {};

    int[] tenant = {};
    long[] luck = {};
    double[] stretch = {};
    double[] arrived = {};
    /** When the call that serves it began, or it was given up. */
    double[] decided = {};
    /** When its client has it whole; infinite while nobody knows. */
    public double[] ended = {};

    /** {@link #BEST}, {@link #LOWER} or {@link #NONE}. */
    public byte[] tier = {};

    int[] holds = {};
    boolean[] gone = {};
    /** Of the best tier when it came, as its router sees it: 0 to 100. */
    public byte[] utilisation = {};

    long[] place = {};

    @Nullable FastRetries[] retries = {};

    /** Begins anew with room for so many. */
    void clear(int expected) {
        room(expected);
        count = 0;
    }

    private void room(int needed) {
        if (needed <= root.length) {
            return;
        }
        int size = Math.max(needed, root.length * 2);
        root = Arrays.copyOf(root, size);
        current = Arrays.copyOf(current, size);
        resends = Arrays.copyOf(resends, size);
        tenant = Arrays.copyOf(tenant, size);
        luck = Arrays.copyOf(luck, size);
        stretch = Arrays.copyOf(stretch, size);
        arrived = Arrays.copyOf(arrived, size);
        decided = Arrays.copyOf(decided, size);
        ended = Arrays.copyOf(ended, size);
        tier = Arrays.copyOf(tier, size);
        holds = Arrays.copyOf(holds, size);
        gone = Arrays.copyOf(gone, size);
        utilisation = Arrays.copyOf(utilisation, size);
        place = Arrays.copyOf(place, size);
        retries = Arrays.copyOf(retries, size);
    }

    /** Takes the next place; {@code first} is the request it is sent again for, or negative if it is none. */
    int add(int first, int of, long seed, double longer, double millis) {
        room(count + 1);
        int at = count++;
        root[at] = first < 0 ? at : first;
        current[at] = at;
        resends[at] = 0;
        tenant[at] = of;
        luck[at] = seed;
        stretch[at] = longer;
        arrived[at] = millis;
        ended[at] = Double.POSITIVE_INFINITY;
        tier[at] = NONE;
        holds[at] = NOWHERE;
        gone[at] = false;
        return at;
    }

    public FastRetries retries(int request) {
        FastRetries of = retries[request];
        if (of == null) {
            throw new IllegalStateException("not begun: " + request);
        }
        return of;
    }

    /** Attempts it has spent. */
    public int attempts(int request) {
        return retries(request).spent();
    }

    /** The same as objects, without those sent again. */
    public List<RequestResult> fates(List<Arrival> arrivals) {
        List<RequestResult> fates = new ArrayList<>(arrivals.size());
        for (Arrival arrival : arrivals) {
            int at = arrival.number();
            long epoch = (long) (arrival.millis() / Market.GRID.epoch().toMillis());
            fates.add(new RequestResult(
                    arrival,
                    epoch,
                    epoch,
                    decided[at],
                    decided[at],
                    tier[at],
                    ended[at],
                    attempts(at),
                    retries(at).overtakes(),
                    retries(at).bestTier()));
        }
        return fates;
    }
}
