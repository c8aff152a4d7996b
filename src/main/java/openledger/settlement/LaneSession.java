package openledger.settlement;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import openledger.commitment.ConfirmationLevel;
import openledger.settlement.BatchStore.Change;
import openledger.settlement.BatchStore.Lease;
import openledger.settlement.LaneListener.Step;
import openledger.settlement.SequencerSettings.Backlog;
import openledger.settlement.cut.BlockRhythm;
import openledger.settlement.cut.Cutter;
import openledger.settlement.decide.Evidence;
import openledger.settlement.decide.LaneSnapshot;
import openledger.settlement.decide.NextStep;
import openledger.settlement.decide.NextSteps;
import openledger.settlement.ledger.BlockRef;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.settlement.ledger.LedgerView;
import openledger.settlement.ledger.LedgerView.Lane;
import openledger.settlement.receipt.LevelChange;
import openledger.settlement.submit.ChainReader;
import openledger.settlement.submit.TransactionSubmitter;
import openledger.unit.Hash32;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time for which this router holds a lane: cuts, reads the chain, does what is next. Ends with the first failure of the database,
 * because it is then unknown what was written; the next session begins with what is stored. Long because everything that happens to a lane
 * in order happens here. Confined to the sequencer's event loop.
 */
final class LaneSession {
    private static final Logger LOG = Logger.getLogger(LaneSession.class);
    private static final int READ_AT_ONCE = 256;
    /** Batches in no block that are read while there is no chain to bring them to. */
    private static final int MOST_WITHOUT_CHAIN = 1_024;

    private static final Duration FIRST_CARE = Duration.ofSeconds(1);
    private static final int MOST_DOUBLINGS = 6;

    private final SequencerSettings settings;
    private final SequencerPorts ports;
    private final LoopConfinement home;
    private final Lease lease;
    private final LaneCache book;
    private final Cutter cutter;
    private final TransactionSubmitter courier;
    private final BlockRhythm rhythm;
    private final ChainReader observer;
    private final StakeGate gate;
    private long onChain;
    private Optional<String> halted = Optional.empty();
    private Optional<String> warned = Optional.empty();
    private Optional<String> unreachable = Optional.empty();
    private Optional<Instant> confirmed = Optional.empty();
    private Optional<BlockRef> newest = Optional.empty();
    private @Nullable Reading reading;

    LaneSession(
            SequencerSettings settings,
            SequencerPorts ports,
            LoopConfinement home,
            Lease lease,
            LaneCache book,
            Cutter cutter,
            TransactionSubmitter courier,
            BlockRhythm rhythm) {
        this.settings = settings;
        this.ports = ports;
        this.home = home;
        this.lease = lease;
        this.book = book;
        this.cutter = cutter;
        this.courier = courier;
        this.rhythm = rhythm;
        this.observer = new ChainReader(ports.ledger(), settings, home);
        this.gate = new StakeGate(settings, ports, home);
    }

    Lease lease() {
        return lease;
    }

    /** Cuts what there is room for; what of it is to be sent. */
    Uni<ChainNews> cut(Instant now) {
        return cutter.cut(lease, now)
                .chain(found -> found.map(batch -> cut(now).map(ChainNews.of(batch.header())::or))
                        .orElseGet(() -> Uni.createFrom().item(ChainNews.NONE)));
    }

    /**
     * Looks at the chain and does what is next, until nothing is to be done at once. Batches may be cut while the chain is read, which takes
     * as long as nodes take; not while something is done.
     *
     * @param enough completes when there is something more urgent than to wait for the nodes; what is read then is not lost
     * @return whether it is done; if not, {@link #read} completes when it can go on
     */
    Uni<Boolean> follow(Instant now, Uni<Void> enough) {
        Reading begun = reading;
        Reading current = begun == null ? read(now) : begun;
        reading = current;
        Uni<Boolean> read = current.evidence.replaceWith(true);
        return Uni.combine()
                .any()
                .of(read, enough.replaceWith(false))
                .chain(isRead -> isRead
                        ? act(current)
                                .chain(done -> done == Progress.LOOK_AGAIN
                                        ? follow(now, enough)
                                        : Uni.createFrom().item(true))
                        : Uni.createFrom().item(false))
                .onFailure(LedgerUnavailable.class)
                .recoverWithUni(why -> noChain(why).replaceWith(true));
    }

    /** Completes when what is being read of the chain is there, or cannot be had. */
    Uni<Void> read() {
        Reading current = reading;
        return current == null
                ? Uni.createFrom().voidItem()
                : current.evidence.replaceWithVoid().onFailure().recoverWithNull();
    }

    private Reading read(Instant now) {
        return new Reading(
                book.last(),
                book.newest().head(),
                observer.look(book, now).memoize().indefinitely());
    }

    /**
     * What is being read of the chain.
     *
     * @param last sequence of the newest batch when it began: of later ones the evidence may know nothing
     * @param head of that batch
     */
    private record Reading(long last, Hash32 head, Uni<Evidence> evidence) {}

    private Uni<Progress> act(Reading done) {
        reading = null;
        return done.evidence
                .chain(evidence -> act(evidence, book.state().asOf(done.last, done.head)))
                .invoke(next -> unreachable = Optional.empty())
                .map(next -> book.last() > done.last ? Progress.LOOK_AGAIN : next);
    }

    private Uni<Void> noChain(Throwable why) {
        reading = null;
        if (unreachable.isEmpty()) {
            LOG.warnf(
                    "the chain cannot be reached, lane=%d reason=%s",
                    settings.lane().value(), why.getMessage());
        }
        unreachable = Optional.of(String.valueOf(why.getMessage()));
        // Batches can be cut for witnesses once all those before are held.
        return book.isComplete() || book.waiting().size() >= MOST_WITHOUT_CHAIN
                ? Uni.createFrom().voidItem()
                : load(book.held() + 1);
    }

    private enum Progress {
        WAIT,
        LOOK_AGAIN
    }

    private Uni<Progress> act(Evidence evidence, LaneSnapshot state) {
        List<NextStep> steps = NextSteps.decide(settings, state, evidence);
        boolean believed = steps.stream().noneMatch(NextStep.AwaitChain.class::isInstance);
        book.looked(evidence.view(), believed, evidence.now());
        newest = Optional.of(evidence.view().latest());
        if (believed) {
            rhythm.seen(evidence.view().latest(), evidence.view().roundTrip());
            ports.listener().looked(evidence.view().latest());
        }
        if (evidence.view().lane() instanceof Lane.Open open) {
            onChain = open.sequence();
        }
        sayHalt(steps);
        Uni<Progress> done = promote(steps, evidence.now()).replaceWith(Progress.WAIT);
        for (NextStep step : steps) {
            done = done.chain(sofar ->
                    act(step, evidence).map(next -> next == Progress.LOOK_AGAIN ? Progress.LOOK_AGAIN : sofar));
        }
        return done;
    }

    private Uni<Progress> act(NextStep step, Evidence evidence) {
        LedgerView view = evidence.view();
        Instant now = evidence.now();
        return switch (step) {
            case NextStep.OpenLane(var nonce) -> courier.openLane(nonce, now).replaceWith(Progress.WAIT);
            case NextStep.SetSigner(var nonce) -> courier.setSigner(nonce, now).replaceWith(Progress.WAIT);
            case NextStep.PublishPolicy(var policy, var nonce) ->
                courier.publish(policy, nonce, now).replaceWith(Progress.WAIT);
            case NextStep.Send send -> send(send, view, now).replaceWith(Progress.WAIT);
            case NextStep.Replace replace -> courier.replace(replace, view, now).replaceWith(Progress.WAIT);
            case NextStep.SendAgain again -> {
                courier.again(again, view, now);
                yield Uni.createFrom().item(Progress.WAIT);
            }
            case NextStep.Demote(var from) -> demote(from, now).replaceWith(Progress.LOOK_AGAIN);
            case NextStep.Load(var from) -> load(from).replaceWith(Progress.LOOK_AGAIN);
            case NextStep.Reverted(var batch) ->
                gate.refuses(batch.header())
                        .invoke(refused -> reverted(batch.sequence(), refused, now))
                        .replaceWith(Progress.WAIT);
            // Together, before all else.
            case NextStep.Promote _ -> Uni.createFrom().item(Progress.WAIT);
            case NextStep.AwaitChain _, NextStep.Halt _, NextStep.Warn _ ->
                Uni.createFrom().item(Progress.WAIT);
        };
    }

    private void sayHalt(List<NextStep> steps) {
        Optional<String> reason = Optional.empty();
        Optional<String> warning = Optional.empty();
        for (NextStep step : steps) {
            if (step instanceof NextStep.Halt(var why)) {
                reason = Optional.of(why);
            } else if (step instanceof NextStep.Warn(var why)) {
                warning = Optional.of(why);
            }
        }
        if (!warning.equals(warned)) {
            warning.ifPresent(why -> LOG.warnf(
                    "the lane needs its owner, lane=%d reason=%s",
                    settings.lane().value(), why));
        }
        warned = warning;
        if (!reason.equals(halted)) {
            reason.ifPresentOrElse(
                    why -> LOG.errorf(
                            "commits are halted, lane=%d reason=%s",
                            settings.lane().value(), why),
                    () -> LOG.infof("commits continue, lane=%d", settings.lane().value()));
        }
        halted = reason;
    }

    private Uni<Void> promote(List<NextStep> steps, Instant now) {
        List<NextStep.Promote> promotions = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (NextStep step : steps) {
            if (step instanceof NextStep.Promote promotion) {
                promotions.add(promotion);
                BlockRef block = promotion.inclusion().block();
                changes.add(new Change(
                        promotion.batch().sequence(),
                        new LevelChange(promotion.to(), now, Optional.of(block)),
                        Optional.of(promotion.inclusion())));
            }
        }
        if (changes.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return home.bring(ports.store().changed(lease, changes)).invoke(done -> {
            promotions.forEach(promotion -> promoted(promotion, now));
            book.trim();
            ports.listener().passed(Step.LEVELS_STORED);
        });
    }

    private void promoted(NextStep.Promote promotion, Instant now) {
        BatchStore.Unsettled batch = promotion.batch();
        boolean first = promotion.to().reaches(ConfirmationLevel.SEQUENCED)
                && !batch.level().reaches(ConfirmationLevel.SEQUENCED);
        if (first) {
            confirmed = Optional.of(now);
            ports.listener().paid(promotion.inclusion());
        }
        Duration sinceEnd = Duration.between(Instant.ofEpochMilli(batch.header().lastMillis()), now);
        book.promoted(promotion, now);
        ports.listener().promoted(batch.sequence(), promotion.to(), sinceEnd);
    }

    private Uni<Void> demote(long from, Instant now) {
        long last = book.last();
        return home.bring(ports.store().demoted(lease, from, now))
                .invoke(done -> {
                    LOG.warnf(
                            "reorg: batches are no longer on chain, lane=%d from=%d to=%d",
                            settings.lane().value(), from, last);
                    observer.forget();
                    book.forgetFrom(from);
                    ports.listener().demoted(last - from + 1);
                })
                .chain(() -> load(from));
    }

    /** What the store has; a lane's last batches are always there. */
    private Uni<Void> load(long from) {
        return home.bring(ports.store().load(from, READ_AT_ONCE))
                .invoke(book::loaded)
                .replaceWithVoid();
    }

    private Uni<Void> send(NextStep.Send send, LedgerView view, Instant now) {
        Uni<Boolean> isRefused = gate.lacking().isEmpty()
                ? Uni.createFrom().item(false)
                : gate.refuses(send.batch().header());
        return isRefused.chain(refused -> {
            if (refused) {
                book.careUntil(now.plus(StakeGate.CARE));
                return Uni.createFrom().voidItem();
            }
            return courier.send(send, view, now);
        });
    }

    private void reverted(long sequence, boolean isRefused, Instant now) {
        int before = Math.min(book.state().reverts(), MOST_DOUBLINGS);
        Duration care = isRefused ? StakeGate.CARE : FIRST_CARE.multipliedBy(1L << before);
        LOG.warnf(
                "a commit reverted and is signed again, lane=%d sequence=%d after=%s",
                settings.lane().value(), sequence, care);
        book.seen(sequence).ifPresent(ports.listener()::paid);
        book.reverted(sequence, now.plus(care));
        // A reorg that took no batch may have taken a policy.
        observer.forget();
    }

    /** How long until there is a batch to be cut for plans, as far as is known. */
    Optional<Duration> untilPlans(Instant now) {
        return cutter.untilPlans(now);
    }

    /** Since when the oldest plan waits to be sent, or the oldest batch to be confirmed. */
    Optional<Instant> waitsSince() {
        return Stream.concat(
                        cutter.oldestPlan().stream(),
                        book.waiting().stream()
                                .filter(batch -> batch.level() == ConfirmationLevel.RECORDED)
                                .map(BatchStore.Unsettled::since))
                .min(Instant::compareTo);
    }

    Backlog backlog(long unread, Instant now) {
        long leaves = cutter.waiting() + unread;
        Optional<Instant> oldest = cutter.oldest();
        for (BatchStore.Unsettled batch : book.waiting()) {
            leaves += batch.header().count();
            Instant first = Instant.ofEpochMilli(batch.header().firstMillis());
            oldest = oldest.filter(known -> known.isBefore(first)).or(() -> Optional.of(first));
        }
        Duration age = oldest.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
        return new Backlog(leaves, age.isNegative() ? Duration.ZERO : age);
    }

    /** Decisions behind what was read. */
    Uni<Long> unread() {
        return cutter.isCaughtUp()
                ? Uni.createFrom().item(0L)
                : home.bring(ports.decisions().countAfter(cutter.place()));
    }

    long cutSequence() {
        return book.last();
    }

    long onChain() {
        return onChain;
    }

    Optional<String> halted() {
        return halted;
    }

    /** Why the lane's gate refuses its commits, if it is for the lane's stake. */
    Optional<String> lacking() {
        return gate.lacking();
    }

    /** Why the node took nothing, or why promises are not valid. */
    Optional<String> trouble() {
        return courier.refused().or(() -> warned);
    }

    Optional<String> unreachable() {
        return unreachable;
    }

    Optional<Instant> confirmed() {
        return confirmed;
    }

    Optional<BlockRef> newest() {
        return newest;
    }
}
