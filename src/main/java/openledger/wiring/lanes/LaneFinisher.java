package openledger.wiring.lanes;

import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import openledger.commitment.leaf.LaneSecret;
import openledger.settlement.SequencerStatus;
import openledger.store.decision.DecisionProjector;
import openledger.store.journal.GroupCommitJournal;
import openledger.store.journal.JournalRecovery;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneLeases.Work;
import openledger.store.stream.StreamExporter;
import openledger.store.stream.StreamExporter.Pace;
import openledger.unit.LaneId;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings a lane that its router has left to its end, under our own fence: opens its journal as that router's start would, so that every
 * request has an end, derives its rows, brings all of it to the chain, the stream and the log's witnesses, and lets whoever starts next have the lane. It takes
 * no requests. A stream or witnesses that cannot be reached hold up no lane: whoever has it next goes on from where they are.
 * Ends without a word to the database if another router has taken the lane, or if the database was not heard for ten seconds. Confined to
 * one event loop, but for {@link #progress}. Long because every way out of it belongs together.
 */
final class LaneFinisher {
    private static final Logger LOG = Logger.getLogger(LaneFinisher.class);
    private static final long LOOK_MILLIS = 500;
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);
    /** For witnesses, and for a stream that is troubled, once all else is done. */
    private static final Duration LONGEST_OTHERS = Duration.ofSeconds(30);

    private static final String NO_KEY = "this router has no key for the lane, or does not settle";

    private final FinisherParts parts;
    private final LaneHold hold;
    private final Consumer<Ended> ended;
    private final Context home;
    private final GroupCommitJournal journal;
    private final DecisionProjector projector;
    private final Optional<SettlementSettings> settlement;
    private final long began = System.nanoTime();

    private volatile Progress progress;
    private @Nullable Cancellable opening;
    private LaneSequencers.@Nullable Running sequencer;
    private @Nullable StreamExporter exporter;
    private OptionalLong doneNanos = OptionalLong.empty();
    private long timer;
    private long heard = System.nanoTime();
    private boolean isOver;
    private boolean isLooking;

    /**
     * A finisher that is not started.
     *
     * @param hold taken
     * @param ended told once, on the finisher's event loop, when nothing of it runs any more
     */
    LaneFinisher(FinisherParts parts, LaneHold hold, Consumer<Ended> ended) {
        this.parts = parts;
        this.hold = hold;
        this.ended = ended;
        this.home = parts.vertx().getOrCreateContext();
        this.settlement = parts.lanes().of(hold.lane());
        this.progress = new Progress(hold.lane(), Phase.READS, "");
        this.journal = new GroupCommitJournal(
                parts.vertx(),
                parts.database(),
                parts.journal().apply(hold.lane()),
                new JournalRecovery(parts.pool()),
                hold,
                () -> end(Ended.LOST));
        this.projector = DecisionProjector.fenced(parts.vertx(), parts.pool(), hold, journal.ends());
    }

    /** How far it is. */
    enum Phase {
        READS,
        DERIVES,
        SETTLES,
        COSIGNS,
        STREAMS;

        /** Whether it keeps nobody from another lane. */
        boolean isOnlyWaiting() {
            return switch (this) {
                case READS, DERIVES -> false;
                case SETTLES, COSIGNS, STREAMS -> true;
            };
        }
    }

    /** Why it has ended. */
    enum Ended {
        /** All is done, and the lane is free. */
        FREE,
        /** All is done that this router can do. */
        LACKING,
        /** Another router has the lane, or nobody knows. */
        LOST,
        STOPPED
    }

    /**
     * How a finisher stands.
     *
     * @param lacks what keeps the lane from being settled; empty if nothing does
     */
    record Progress(LaneId lane, Phase phase, String lacks) {}

    Progress progress() {
        return progress;
    }

    LaneHold hold() {
        return hold;
    }

    void start() {
        LOG.infof("lane adopted, to be finished, lane=%d fence=%d", hold.lane().value(), hold.fence());
        opening = journal.open().subscribe().with(open -> home.runOnContext(go -> opened()), failure -> {
            LOG.warnf(
                    "the lane's journal could not be opened, lane=%d reason=%s",
                    hold.lane().value(), failure.getMessage());
            end(Ended.LOST);
        });
        home.runOnContext(go -> timer = parts.vertx().setPeriodic(LOOK_MILLIS, tick -> look()));
    }

    /** Ends, and gives the lane to any other router that lives; {@link Ended#STOPPED} tells when that is done. */
    void stop() {
        end(Ended.STOPPED);
    }

    private void opened() {
        if (isOver) {
            return;
        }
        LOG.infof("every request of the lane has its end, lane=%d", hold.lane().value());
        say(Phase.DERIVES, "");
        projector.start();
        exporter = parts.streams()
                .map(streams -> streams.start(hold, Pace.AT_ONCE))
                .orElse(null);
        settlement.ifPresent(settings -> parts.secrets()
                .make(hold.lane())
                .subscribe()
                .with(secret -> home.runOnContext(go -> settle(settings, secret)), failure -> end(Ended.LOST)));
    }

    private void settle(SettlementSettings settings, LaneSecret secret) {
        if (!isOver) {
            sequencer = parts.sequencers().finish(settings, secret);
        }
    }

    private void look() {
        long now = System.nanoTime();
        if (hold.mayBegin(now)) {
            heard = now;
        } else if (now - heard > LONGEST_SILENCE.toNanos()) {
            end(Ended.LOST);
        }
        if (isOver || isLooking || progress.phase == Phase.READS) {
            return;
        }
        isLooking = true;
        parts.leases()
                .work(hold)
                .subscribe()
                .with(
                        work -> home.runOnContext(go -> {
                            isLooking = false;
                            seen(work);
                        }),
                        // Asked again; the silence is measured.
                        failure -> home.runOnContext(go -> isLooking = false));
    }

    private void seen(Optional<Work> seen) {
        if (isOver) {
            return;
        }
        if (seen.isEmpty()) {
            end(Ended.LOST);
            return;
        }
        Work work = seen.get();
        if (!work.derived()) {
            say(Phase.DERIVES, "");
        } else if (settlement.isEmpty()) {
            endPublished(work.settles() && !(work.cut() && work.finalized()) ? Ended.LACKING : Ended.FREE);
        } else if (work.cut() && work.finalized()) {
            endPublished(Ended.FREE);
        } else {
            say(work.cut() && work.sequenced() ? Phase.SETTLES : laggard(), lacks());
        }
    }

    /** Ends once what is done is cosigned and in the stream as well. */
    private void endPublished(Ended why) {
        long now = System.nanoTime();
        if (doneNanos.isEmpty()) {
            doneNanos = OptionalLong.of(now);
        }
        long done = doneNanos.getAsLong();
        boolean isLate = now - done > LONGEST_OTHERS.toNanos();
        LaneSequencers.Running settling = sequencer;
        boolean isWitnessed = settling == null || settling.isWitnessed();
        StreamExporter streaming = exporter;
        boolean isStreamed = streaming == null || streaming.isPast(done);
        Optional<String> trouble = streaming == null ? Optional.empty() : streaming.trouble();
        if (!isWitnessed && !isLate) {
            say(Phase.COSIGNS, "");
        } else if (!isStreamed && !(isLate && trouble.isPresent())) {
            say(Phase.STREAMS, "");
        } else {
            if (!isWitnessed) {
                LOG.warnf(
                        "the end of the lane's log lacks a quorum of witnesses, lane=%d",
                        hold.lane().value());
            }
            if (!isStreamed) {
                LOG.warnf(
                        "the end of the lane is not in the stream, lane=%d reason=%s",
                        hold.lane().value(), trouble.orElse(""));
            }
            end(why);
        }
    }

    /** With rows and no level a lane is as good as recorded: if the chain takes nothing, nobody else has to wait for that. */
    private Phase laggard() {
        return lacks().isEmpty() ? Phase.DERIVES : Phase.SETTLES;
    }

    private String lacks() {
        LaneSequencers.Running running = sequencer;
        return running == null || running.status().condition() == SequencerStatus.Condition.WAITS_FOR_LANE
                ? ""
                : running.status().reason();
    }

    private void say(Phase phase, String lacks) {
        if (!lacks.equals(progress.lacks) && !lacks.isEmpty()) {
            LOG.warnf(
                    "an adopted lane cannot be settled, lane=%d reason=%s",
                    hold.lane().value(), lacks);
        }
        progress = new Progress(hold.lane(), phase, lacks);
    }

    private void end(Ended why) {
        home.runOnContext(go -> {
            if (isOver) {
                return;
            }
            isOver = true;
            parts.vertx().cancelTimer(timer);
            Cancellable open = opening;
            if (open != null) {
                open.cancel();
            }
            projector.stop();
            StreamExporter streaming = exporter;
            if (streaming != null) {
                parts.streams().ifPresent(streams -> streams.stop(streaming));
            }
            LaneSequencers.Running running = sequencer;
            if (running == null) {
                close(why);
            } else {
                running.stop(() -> close(why));
            }
        });
    }

    /** The journal gives the lease back; then nobody writes, and nobody else has the lane yet. */
    private void close(Ended why) {
        journal.close()
                .onFailure()
                .recoverWithNull()
                .chain(() -> switch (why) {
                    case FREE -> parts.leases().free(hold, settlement.isPresent());
                    case LACKING, STOPPED -> parts.leases().giveUp(hold).replaceWith(true);
                    case LOST -> io.smallrye.mutiny.Uni.createFrom().item(true);
                })
                .onFailure()
                .recoverWithItem(false)
                .subscribe()
                .with(done -> home.runOnContext(go -> over(why, done)));
    }

    private void over(Ended why, boolean done) {
        LOG.infof(
                "lane %s, lane=%d after=%ds%s",
                switch (why) {
                    case FREE -> "finished and free";
                    case LACKING -> "recorded, and left to a router that can settle it";
                    case LOST -> "left, for another router has it or the database is away";
                    case STOPPED -> "left to another router";
                },
                hold.lane().value(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                why == Ended.LACKING ? " reason=" + NO_KEY : done ? "" : " (it is taken up again)");
        progress = new Progress(hold.lane(), progress.phase, why == Ended.LACKING ? NO_KEY : progress.lacks);
        ended.accept(why);
    }
}
