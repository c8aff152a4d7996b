package openledger.wiring.lanes;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import openledger.store.DatabaseServers;
import openledger.store.journal.JournalSettings;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneLeases;
import openledger.store.lane.LaneLeases.Seen;
import openledger.store.lane.StoredLaneSecrets;
import openledger.store.stream.StreamExporters;
import openledger.unit.LaneId;
import openledger.wiring.lanes.LaneFinisher.Ended;
import openledger.wiring.lanes.LaneFinisher.Progress;
import org.jboss.logging.Logger;

/**
 * Looks every two seconds for lanes that nobody sees to, and finishes them: one after another, for reading a journal is work, but a lane
 * that only waits for the chain holds up no other. A router that has more lanes already waits longer before it takes one, so that those
 * with fewer are first. Start, stop and what is shown may be asked for on any thread.
 */
public final class LaneKeeper {
    private static final Logger LOG = Logger.getLogger(LaneKeeper.class);
    private static final long LOOK_MILLIS = 2_000;
    private static final long WAIT_A_LANE_MILLIS = 100;
    /** Of a lane that lacks something here. */
    private static final Duration REST = Duration.ofSeconds(20);
    /** Each has two connections to the database. */
    private static final int MOST = 16;

    /** Time in which a stop gives lanes to others. */
    public static final Duration LONGEST_STOP = Duration.ofSeconds(8);

    private final Vertx vertx;
    private final Context home;
    private final FinisherParts parts;
    private final LaneHold serving;
    private final String build;
    private final List<LaneFinisher> finishers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    /** Lanes of which all is done that this router can do, by the fence at which it left them. */
    private volatile Map<LaneId, Left> left = Map.of();

    private long timer;
    private boolean isBusy;
    private boolean isStopping;
    private boolean isTroubled;

    private LaneKeeper(FinisherParts parts, LaneHold serving, String build) {
        this.vertx = parts.vertx();
        this.home = vertx.getOrCreateContext();
        this.parts = parts;
        this.serving = serving;
        this.build = build;
    }

    /**
     * A keeper that is not started.
     *
     * @param database that has the lanes
     * @param journal bounds of the journal of any lane
     * @param sequencers settle what is finished
     * @param lanes that this router may serve and can settle
     * @param serving the hold on the lane that is served; nothing is taken while it is not ours
     * @param build what the router was built from
     * @param streams where decisions are streamed from; empty if they are not
     */
    public static LaneKeeper of(
            Vertx vertx,
            Pool pool,
            DatabaseServers database,
            Function<LaneId, JournalSettings> journal,
            StoredLaneSecrets secrets,
            LaneSequencers sequencers,
            LaneSettings lanes,
            LaneHold serving,
            String build,
            Optional<StreamExporters> streams) {
        FinisherParts parts = new FinisherParts(
                vertx, pool, database, journal, new LaneLeases(pool), secrets, sequencers, lanes, streams);
        return new LaneKeeper(parts, serving, build);
    }

    /** Where a lane was left, and when: two routers that both lack its key would hand it to each other for ever. */
    private record Left(long fence, Progress progress, long nanos) {
        boolean isToRest() {
            return System.nanoTime() - nanos < REST.toNanos();
        }
    }

    /** Looks from now on. A router that is the only one of its pool has nothing to look for. */
    public void start() {
        if (parts.lanes().pool().isShared()) {
            home.runOnContext(go -> timer = vertx.setPeriodic(LOOK_MILLIS, tick -> look()));
        }
    }

    /** Looks no more, and gives lanes that are not finished to others; completes when that is done. */
    public CompletionStage<Void> stop() {
        home.runOnContext(go -> {
            isStopping = true;
            vertx.cancelTimer(timer);
            finishers.forEach(LaneFinisher::stop);
            settle();
        });
        return stopped;
    }

    /** How many lanes it is finishing. */
    public int finishing() {
        return finishers.size();
    }

    /** How many lanes cannot be settled here, for what they lack. */
    public int lacking() {
        return (int)
                lacks().stream().filter(progress -> !progress.lacks().isEmpty()).count();
    }

    /** What to tell of each lane that is not done with, for people: its number, and how it stands. */
    public Map<String, String> shown() {
        Map<String, String> shown = new HashMap<>();
        lacks().forEach(progress -> shown.put(
                "lane-" + progress.lane().value(),
                progress.phase() + (progress.lacks().isEmpty() ? "" : ": " + progress.lacks())));
        return shown;
    }

    private List<Progress> lacks() {
        List<Progress> all = new ArrayList<>();
        left.values().forEach(lane -> all.add(lane.progress));
        finishers.forEach(finisher -> all.add(finisher.progress()));
        return all;
    }

    private void look() {
        boolean isFull = finishers.size() >= MOST
                || finishers.stream()
                        .anyMatch(finisher -> !finisher.progress().phase().isOnlyWaiting());
        if (isBusy || isFull || isStopping || !serving.mayBegin(System.nanoTime())) {
            return;
        }
        isBusy = true;
        parts.leases()
                .unattended()
                .chain(this::orUnstreamed)
                .subscribe()
                .with(
                        lanes -> home.runOnContext(go -> found(lanes)),
                        failure -> home.runOnContext(go -> trouble(failure)));
    }

    /** Only while the stream is well: else they would be taken and left again and again. */
    private Uni<List<Seen>> orUnstreamed(List<Seen> unattended) {
        boolean isStreaming = parts.streams().filter(StreamExporters::isHealthy).isPresent();
        return unattended.isEmpty() && isStreaming
                ? parts.leases().unstreamed()
                : Uni.createFrom().item(unattended);
    }

    private void found(List<Seen> lanes) {
        isTroubled = false;
        Map<LaneId, Left> still = new HashMap<>(left);
        still.entrySet()
                .removeIf(each ->
                        !each.getValue().isToRest() && !lanes.contains(new Seen(each.getKey(), each.getValue().fence)));
        left = Map.copyOf(still);
        lanes.stream()
                .filter(seen -> !still.containsKey(seen.lane()) && !seen.lane().equals(serving.lane()))
                .findFirst()
                .ifPresentOrElse(
                        seen -> vertx.setTimer(WAIT_A_LANE_MILLIS * (1 + finishers.size()), due -> adopt(seen)),
                        () -> isBusy = false);
    }

    private void adopt(Seen seen) {
        if (isStopping) {
            return;
        }
        LaneHold hold = new LaneHold(seen.lane(), serving.holder(), build);
        List<LaneHold> own = new ArrayList<>(List.of(serving));
        finishers.forEach(finisher -> own.add(finisher.hold()));
        Uni<Boolean> taken = seen.isFree()
                ? parts.leases().adoptFree(hold, seen.fence(), build, own)
                : parts.leases().adopt(hold, seen.fence(), build, own);
        taken.subscribe()
                .with(
                        isOurs -> home.runOnContext(go -> adopted(hold, isOurs)),
                        failure -> home.runOnContext(go -> trouble(failure)));
    }

    private void adopted(LaneHold hold, boolean isOurs) {
        isBusy = false;
        if (isOurs) {
            LaneFinisher[] finisher = new LaneFinisher[1];
            finisher[0] = new LaneFinisher(parts, hold, why -> home.runOnContext(go -> ended(finisher[0], why)));
            finishers.add(finisher[0]);
            finisher[0].start();
            if (isStopping) {
                finisher[0].stop();
            }
        }
    }

    private void ended(LaneFinisher finisher, Ended why) {
        finishers.remove(finisher);
        if (why == Ended.LACKING) {
            Map<LaneId, Left> more = new HashMap<>(left);
            more.put(finisher.hold().lane(), new Left(finisher.hold().fence(), finisher.progress(), System.nanoTime()));
            left = Map.copyOf(more);
        }
        settle();
    }

    private void settle() {
        if (isStopping && finishers.isEmpty()) {
            stopped.complete(null);
        }
    }

    /** Said once an outage. */
    private void trouble(Throwable failure) {
        isBusy = false;
        if (!isTroubled) {
            isTroubled = true;
            LOG.warnf("lanes without a router are not looked for, reason=%s", failure.getMessage());
        }
    }
}
