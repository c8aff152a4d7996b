package openledger.inference.fairness;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import openledger.inference.Timekeeper;
import openledger.inference.fairness.FairnessParts.Hold;
import openledger.inference.fairness.FairnessParts.Kept;
import openledger.inference.fairness.FairnessParts.Place;
import openledger.inference.fairness.FairnessParts.Standing;
import openledger.inference.fairness.FairnessView.Scope;
import openledger.inference.fairness.PartsEncoding.Counted;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This router's part in the figures of a cluster: it lets the others have what it has counted, a part of ten seconds at a time, and makes
 * figures of what all have counted. A part is written once, under the hold that has counted it; one that could not be written is written
 * later, as long as it is in the window. {@link #look}, {@link #join} and {@link #leave} are asked one after the other; all else is for any
 * thread.
 */
public final class ClusterFairness {
    private static final Logger LOG = Logger.getLogger(ClusterFairness.class);
    /** Figures that are older say nothing of the cluster any more. */
    private static final Duration LONGEST_AGE = Duration.ofSeconds(45);
    /** After the end of a part, until it is written: requests that are about to count in it have done so. */
    private static final long SETTLE_MILLIS = 200;

    private static final long READ_EVERY_MILLIS = 5_000;

    private final FairnessBoard board;
    private final FairnessParts store;
    private final DatabaseClock clock;
    private final LongSupplier cohorts;
    private final Supplier<Optional<Hold>> own;
    private final Timekeeper time;
    private final Executor worker;
    private final ClusterFigures figures = new ClusterFigures();
    private final Set<Hold> complained = new HashSet<>();
    private volatile @Nullable Hold joined;
    private volatile @Nullable Shown shown;
    private volatile long first;
    private volatile long next;
    private long lastRead = Long.MIN_VALUE;
    private boolean hasFailed;

    /** The last figures, and when they were made by our monotonic clock. */
    private record Shown(FairnessView view, Standing standing, long nanos) {}

    /**
     * Takes no part yet.
     *
     * @param board counts by {@code clock}
     * @param cohorts which secret our cohorts are of
     * @param own our hold on a lane; empty if we have none
     * @param worker where parts are read and figures are made, which takes some milliseconds
     */
    public ClusterFairness(
            FairnessBoard board,
            FairnessParts store,
            DatabaseClock clock,
            LongSupplier cohorts,
            Supplier<Optional<Hold>> own,
            Timekeeper time,
            Executor worker) {
        this.board = board;
        this.store = store;
        this.clock = clock;
        this.cohorts = cohorts;
        this.own = own;
        this.time = time;
        this.worker = worker;
    }

    /** Takes part from now on: to be called once the lane is ours, and before a request is taken. */
    public Uni<Void> join() {
        return standing().chain(standing -> {
            Hold hold = own.get().orElseThrow(() -> new IllegalStateException("the lane is not ours"));
            first = part(clock.getAsLong());
            next = first;
            // So that all know of us, and from when on, also if we die before our first part is over.
            Kept hello = new Kept(new Place(hold, first - 1), counts(List.of()));
            return store.write(hello, false).invoke(() -> joined = hold);
        });
    }

    private Uni<Standing> standing() {
        return Uni.createFrom().deferred(() -> {
            long sent = time.nanoTime();
            return store.standing()
                    .invoke(standing -> clock.said(standing.epochMillis(), sent))
                    .emitOn(worker);
        });
    }

    private static long part(long epochMillis) {
        return Math.floorDiv(epochMillis, ClusterFigures.PART_MILLIS);
    }

    private byte[] counts(List<SeriesPart> series) {
        return PartsEncoding.write(new Counted(cohorts.getAsLong(), first, 0, series));
    }

    /** Does what is to be done now: to be asked every second, when the time before has ended. Never fails. */
    public Uni<Void> look() {
        Hold hold = joined;
        if (hold == null) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .deferred(() -> {
                    long now = clock.getAsLong();
                    return writeTo(hold, part(now - SETTLE_MILLIS) - 1, now);
                })
                .chain(this::readIfDue)
                .invoke(() -> hasFailed = false)
                .onFailure()
                .invoke(this::failed)
                .onFailure()
                .recoverWithNull();
    }

    private void failed(Throwable why) {
        if (!hasFailed) {
            LOG.warnf("figures of the cluster are not made, reason=%s", why.getMessage());
        }
        hasFailed = true;
    }

    /** Writes the parts up to one, oldest first; what is older than a window is of no use any more. */
    private Uni<Void> writeTo(Hold hold, long last, long nowMillis) {
        next = Math.max(next, last - ClusterFigures.PARTS + 2);
        if (next > last) {
            return Uni.createFrom().voidItem();
        }
        long part = next;
        Kept row = new Kept(new Place(hold, part), counts(board.parts(part, nowMillis)));
        return store.write(row, false)
                .emitOn(worker)
                .invoke(() -> next = Math.max(next, part + 1))
                .chain(() -> writeTo(hold, last, nowMillis));
    }

    private Uni<Void> readIfDue() {
        long turn = Math.floorDiv(clock.getAsLong() - ClusterFigures.DUE_MILLIS, READ_EVERY_MILLIS);
        if (turn <= lastRead) {
            return Uni.createFrom().voidItem();
        }
        return standing()
                .chain(standing -> {
                    List<Place> wanted = figures.wanted(standing);
                    Uni<List<Kept>> rows = wanted.isEmpty() ? Uni.createFrom().item(List.of()) : store.read(wanted);
                    return rows.emitOn(worker).invoke(read -> take(read, standing));
                })
                .invoke(() -> lastRead = turn)
                .replaceWithVoid();
    }

    private void take(List<Kept> rows, Standing standing) {
        for (Kept row : rows) {
            Hold of = row.place().hold();
            figures.take(row, cohorts.getAsLong())
                    .filter(why -> complained.add(of))
                    .ifPresent(why -> LOG.warnf(
                            "a router's counts are not in the figures of the cluster, lane=%d fence=%d reason=%s",
                            of.lane(), of.fence(), why));
        }
        shown = new Shown(figures.view(standing), standing, time.nanoTime());
    }

    /** Writes what was counted last: to be called when no request is on its way any more. */
    public Uni<Void> leave() {
        Hold hold = joined;
        joined = null;
        if (hold == null) {
            return Uni.createFrom().voidItem();
        }
        long now = clock.getAsLong();
        long current = Math.max(next, part(now));
        return writeTo(hold, current - 1, now).chain(() -> {
            // As if it were over: nothing is counted after this.
            long end = (current + 1) * ClusterFigures.PART_MILLIS;
            return store.write(new Kept(new Place(hold, current), counts(board.parts(current, end))), true);
        });
    }

    /** The last figures; empty if there are none of the last minute. */
    public Optional<FairnessView> view() {
        return last().map(Shown::view);
    }

    private Optional<Shown> last() {
        Shown last = shown;
        return last != null && time.nanoTime() - last.nanos < LONGEST_AGE.toNanos()
                ? Optional.of(last)
                : Optional.empty();
    }

    /** How many routers should be in the figures, by what was last heard, however long ago; 1 at least. */
    public int expected() {
        Shown last = shown;
        return last == null ? 1 : Math.max(1, last.view.of());
    }

    /** Routers that serve, as last heard; 0 if that is long ago. */
    public int serving() {
        return last().map(of -> of.standing.serving().size()).orElse(0);
    }

    /** Different policies that these follow, as last heard; 0 if that is long ago. */
    public int policies() {
        return last().map(of -> of.standing.policies()).orElse(0);
    }

    /** Whether this router is the one that exports the figures of the cluster: of those that serve, the one with the lowest lane. */
    public boolean speaks() {
        Hold hold = joined;
        return hold != null
                && last().filter(of -> of.standing.serving().stream()
                                        .mapToLong(Hold::lane)
                                        .min()
                                        .orElse(0)
                                == hold.lane())
                        .isPresent();
    }

    /** What is shown while there are no figures of the cluster: those of this router, and how many others are missing. */
    FairnessView alone() {
        return new FairnessView(Scope.ROUTER, 1, expected(), board.series());
    }
}
