package openledger.settlement;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import openledger.inference.EventLoops;
import openledger.inference.Timekeeper;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.BatchStore.LeaseLost;
import openledger.settlement.LaneListener.LeaseChange;
import openledger.settlement.LaneListener.Step;
import openledger.settlement.SequencerStatus.Condition;
import openledger.settlement.cut.BlockRhythm;
import openledger.settlement.cut.Cutter;
import openledger.settlement.submit.Sending;
import openledger.settlement.submit.TransactionSubmitter;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a lane: takes its lease, cuts batches from the journal, brings them to the chain and follows their level, for as long
 * as the process lives. What fails is tried again; what must not continue is shown in {@link #status}. Lives on one event loop; status may
 * be read from any thread. Long because a turn, the pause after it and every way out of it belong together.
 */
public final class Sequencer {
    private static final Logger LOG = Logger.getLogger(Sequencer.class);
    /** How often the journal is read; one small query. */
    private static final Duration READ = Duration.ofMillis(50);
    /** And while somebody waits for witnesses, who may answer sooner than any block comes. */
    private static final Duration READ_FOR_WITNESSES = Duration.ofMillis(20);

    private static final Duration TROUBLE = Duration.ofSeconds(1);
    private static final Duration SLOW = Duration.ofSeconds(5);
    private static final int RENEWALS_A_TERM = 3;
    private static final int MOST_BESIDE = 256;
    /** At most, while nobody waits for what there is to see: each is some questions to the node. */
    private static final int LOOKS_A_POLL = 2;

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final Timekeeper time;
    private final EventLoops loops;
    private final Executor worker;
    private final BlockRhythm rhythm;
    private final UnicastProcessor<Sending> beside = UnicastProcessor.create();

    private @Nullable LaneSession tenure;
    private @Nullable UniEmitter<? super Void> resting;
    private boolean stopping;
    private ChainNews news = ChainNews.URGENT;
    private boolean isAwaited;
    private Instant looked = Instant.MIN;
    private Instant leased = Instant.MIN;
    private Instant slow = Instant.MIN;
    private final StatusHolder board;

    /**
     * A sequencer that is not started.
     *
     * @param loops to find the loop it is started on
     * @param worker takes what costs milliseconds
     */
    public Sequencer(
            SequencerSettings settings, SequencerPorts ports, Timekeeper time, EventLoops loops, Executor worker) {
        this.settings = settings;
        this.board = new StatusHolder(settings);
        this.ports = ports;
        this.time = time;
        this.loops = loops;
        this.worker = worker;
        this.rhythm = new BlockRhythm(settings.cut().betweenPlanCuts(), this::now);
    }

    /** Starts, on the caller's event loop, where everything of it runs from now on. */
    public void start() {
        LoopConfinement home = new LoopConfinement(loops.here());
        ports.ledger().onNewHead(() -> home.loop().execute(this::announced));
        Multi<Void> sendings = beside.onItem()
                .transformToUni(sending -> sending.work()
                        .onFailure()
                        .invoke(bug -> LOG.error("a transaction was not sent", bug))
                        .onFailure()
                        .recoverWithNull()
                        .invoke(() -> tell(sending.answer())))
                .merge(MOST_BESIDE);
        sendings.subscribe().with(sent -> {});
        Uni.createFrom()
                .deferred(() -> turn(home))
                .repeat()
                .until(goOn -> !goOn)
                .subscribe()
                .with(turned -> {}, bug -> LOG.error("the sequencer has ended", bug));
    }

    /** Ends after the step under way and gives the lane back; on the event loop it was started on. */
    public void stop() {
        stopping = true;
        tell(ChainNews.URGENT);
    }

    /** How it goes. From any thread. */
    public SequencerStatus status() {
        return board.now();
    }

    private void announced() {
        rhythm.announced();
        tell(ChainNews.URGENT);
    }

    /** What can wait is seen at the next turn. */
    private void tell(ChainNews more) {
        news = news.or(more);
        if (more == ChainNews.URGENT) {
            UniEmitter<? super Void> sleeper = resting;
            resting = null;
            if (sleeper != null) {
                sleeper.complete(null);
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.epochMillis());
    }

    /** One turn and the rest after it; whether there is to be another. */
    private Uni<Boolean> turn(LoopConfinement home) {
        if (stopping) {
            return end(home);
        }
        LaneSession ours = tenure;
        Uni<Duration> worked = ours == null ? take(home) : work(ours, home);
        return worked.onFailure(LeaseLost.class)
                .recoverWithItem(this::lost)
                .onFailure()
                .recoverWithItem(this::trouble)
                .chain(this::rest)
                .replaceWith(true);
    }

    private Uni<Void> rest(Duration length) {
        return stopping || length.isZero()
                ? Uni.createFrom().voidItem()
                : Uni.createFrom().emitter(to -> {
                    resting = to;
                    time.after(length, () -> to.complete(null));
                });
    }

    private Uni<Duration> take(LoopConfinement home) {
        Instant asked = now();
        return home.bring(ports.store().lease(settings.pace().leaseTerm()))
                .chain(lease -> lease.map(held -> begin(held, asked, home)).orElseGet(() -> {
                    board.say(Condition.WAITS_FOR_LANE, "another writer holds the lane");
                    return Uni.createFrom().item(TROUBLE);
                }));
    }

    private Uni<Duration> begin(Lease lease, Instant asked, LoopConfinement home) {
        leased = asked;
        ports.listener().passed(Step.LEASED);
        // Whoever had the lane before, perhaps ourselves, may have cut batches that we were not told of.
        return home.bring(ports.store().resume().call(at -> ports.registry().search(ports.batches())))
                .map(at -> {
                    LaneCache book = new LaneCache(at);
                    Cutter cutter = new Cutter(settings, ports, worker, home, book, rhythm);
                    TransactionSubmitter courier =
                            new TransactionSubmitter(settings, ports, home, book, lease, rhythm, beside::onNext);
                    tenure = new LaneSession(settings, ports, home, lease, book, cutter, courier, rhythm);
                    news = ChainNews.URGENT;
                    LOG.infof(
                            "lane acquired, lane=%d fence=%d batches=%d",
                            settings.lane().value(), lease.fence(), at.sequence());
                    ports.listener().lease(LeaseChange.TAKEN);
                    return Duration.ZERO;
                });
    }

    private Uni<Duration> work(LaneSession ours, LoopConfinement home) {
        Instant now = now();
        return renew(ours, home, now)
                .chain(() -> ours.cut(now))
                .chain(cut -> {
                    news = news.or(cut);
                    return isTimeToLook(now)
                            ? look(ours, now)
                            : Uni.createFrom().voidItem();
                })
                .chain(() -> slowly(ours, home, now))
                .invoke(() -> board.say(ours))
                .invoke(() -> ports.listener().waits(ours.waitsSince()))
                .map(done -> news == ChainNews.URGENT ? Duration.ZERO : untilNext(ours));
    }

    private Duration untilNext(LaneSession ours) {
        Duration read = ports.registry().isWitnessAwaited() ? READ_FOR_WITNESSES : READ;
        return ours.untilPlans(now()).filter(wait -> wait.compareTo(read) < 0).orElse(read);
    }

    private Uni<Void> renew(LaneSession ours, LoopConfinement home, Instant now) {
        Duration term = settings.pace().leaseTerm();
        if (now.isBefore(leased.plus(term.dividedBy(RENEWALS_A_TERM)))) {
            return Uni.createFrom().voidItem();
        }
        return home.bring(ports.store().lease(term))
                .invoke(lease -> {
                    if (!lease.equals(Optional.of(ours.lease()))) {
                        throw new LeaseLost("another writer has taken the lane");
                    }
                    leased = now;
                })
                .replaceWithVoid();
    }

    private boolean isTimeToLook(Instant now) {
        Duration poll = settings.pace().poll();
        return switch (news) {
            case NONE -> !now.isBefore(looked.plus(poll));
            case CAN_WAIT -> !now.isBefore(looked.plus(poll.dividedBy(LOOKS_A_POLL)));
            case URGENT -> true;
        };
    }

    private Uni<Void> look(LaneSession ours, Instant now) {
        news = ChainNews.NONE;
        looked = now;
        return ours.follow(now, witnessAwaited())
                .invoke(done -> {
                    if (!done && !isAwaited) {
                        isAwaited = true;
                        Uni<Void> read = ours.read().invoke(() -> isAwaited = false);
                        beside.onNext(new Sending(read, ChainNews.URGENT));
                    }
                })
                .replaceWithVoid();
    }

    /** Completes soon once somebody waits for witnesses, who must not wait for nodes. */
    private Uni<Void> witnessAwaited() {
        return Uni.createFrom().emitter(to -> awaitWitness(to));
    }

    private void awaitWitness(UniEmitter<? super Void> to) {
        Timekeeper.Timer again = time.after(READ_FOR_WITNESSES, () -> {
            if (ports.registry().isWitnessAwaited()) {
                to.complete(null);
            } else {
                awaitWitness(to);
            }
        });
        to.onTermination(again::cancel);
    }

    /** What need not be done at every turn. */
    private Uni<Void> slowly(LaneSession ours, LoopConfinement home, Instant now) {
        if (now.isBefore(slow.plus(SLOW))) {
            return Uni.createFrom().voidItem();
        }
        slow = now;
        Instant finalizedBy = now.minus(settings.pace().challengeWindow());
        return home.bring(ports.store().settled(ours.lease(), finalizedBy, now))
                .chain(ours::unread)
                .map(unread -> ours.backlog(unread, now))
                .invoke(board::measured)
                .invoke(ports.listener()::backlog)
                .replaceWithVoid();
    }

    private Duration lost(Throwable why) {
        LOG.warnf("lane lost, lane=%d reason=%s", settings.lane().value(), why.getMessage());
        tenure = null;
        ports.listener().lease(LeaseChange.LOST);
        board.say(Condition.WAITS_FOR_LANE, String.valueOf(why.getMessage()));
        return TROUBLE;
    }

    /** Nobody knows what was written: we begin again with what is there. */
    private Duration trouble(Throwable why) {
        if (board.now().condition() != Condition.NO_STORE) {
            LOG.warnf(
                    why,
                    "settlement failed and will try again, lane=%d reason=%s",
                    settings.lane().value(),
                    why.getMessage());
        }
        tenure = null;
        board.say(Condition.NO_STORE, String.valueOf(why.getMessage()));
        return TROUBLE;
    }

    private Uni<Boolean> end(LoopConfinement home) {
        LaneSession ours = tenure;
        tenure = null;
        board.say(Condition.STOPPED, "");
        Uni<Void> given = ours == null
                ? Uni.createFrom().voidItem()
                : home.bring(ports.store().release(ours.lease()));
        return given.onFailure().recoverWithNull().replaceWith(false);
    }
}
