package openledger.settlement.witness;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import openledger.commitment.BatchCut;
import openledger.commitment.log.Checkpoint;
import openledger.commitment.log.NoteKey;
import openledger.commitment.witness.AddCheckpoint;
import openledger.inference.EventLoops;
import openledger.inference.Timekeeper;
import openledger.settlement.LaneListener;
import openledger.settlement.LoopConfinement;
import openledger.settlement.cut.CutBatch;
import openledger.settlement.log.LogReads;
import openledger.settlement.log.LogReads.Head;
import openledger.settlement.log.LogSigner;
import openledger.settlement.witness.Cosignatures.Extent;
import openledger.settlement.witness.WitnessSettings.Peer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has the log of our lane cosigned, while the lane is ours. It goes in rounds: all witnesses are asked for the same head, so that a quorum
 * can come together on one; then for the newest, and what was cut between is never asked for. A round ends with a quorum, or when nobody is
 * left who might sign. There is one request at a time to each witness, so nothing queues up, and settlement never waits.
 *
 * <p>A failure of the database or the workers counts as the witness's silence would, but is nobody's fault. Long because a round, its
 * requests and every way out of them belong together. Lives on the sequencer's event loop; the standing may be read from any thread.
 */
public final class Cosigning implements LaneListener {
    private static final Logger LOG = Logger.getLogger(Cosigning.class);
    /** A witness is asked five times a second at most. */
    static final Duration BETWEEN_ROUNDS = Duration.ofMillis(200);

    private static final Duration TROUBLE = Duration.ofSeconds(1);

    private final WitnessSettings settings;
    private final LogReads reads;
    private final LogSigner signer;
    private final Witnesses witnesses;
    private final Cosignatures kept;
    private final Timekeeper time;
    private final EventLoops loops;
    private final Executor workers;
    private final CosigningListener listener;

    private final Map<NoteKey, WitnessState> states = new HashMap<>();
    private final Map<NoteKey, WitnessOutcome> last = new HashMap<>();
    private final Map<NoteKey, Cancellable> asked = new HashMap<>();
    private @Nullable LoopConfinement home;
    private boolean isOurs;
    private boolean isReading;
    private boolean isNews;
    private Head newest = Head.EMPTY;
    private Head head = Head.EMPTY;
    private Instant began = Instant.MIN;
    private Timekeeper.Timer later = () -> {};
    /** Whether the newest head was read since the last batch was cut. */
    private volatile boolean isRead;

    private volatile Standing standing = new Standing(0, 0, Optional.empty());

    /**
     * One that does nothing before the lane is ours.
     *
     * @param workers verify signatures, which takes about a millisecond each
     */
    public Cosigning(
            WitnessSettings settings,
            LogReads reads,
            LogSigner signer,
            Witnesses witnesses,
            Cosignatures kept,
            Timekeeper time,
            EventLoops loops,
            Executor workers,
            CosigningListener listener) {
        this.settings = settings;
        this.reads = reads;
        this.signer = signer;
        this.witnesses = witnesses;
        this.kept = kept;
        this.time = time;
        this.loops = loops;
        this.workers = workers;
        this.listener = listener;
    }

    /**
     * How far the log is witnessed.
     *
     * @param size of the log after its newest batch, as far as was looked
     * @param witnessed size of the largest checkpoint with a quorum
     * @param since when leaves beyond that came; empty if there are none
     */
    public record Standing(long size, long witnessed, Optional<Instant> since) {
        /** Leaves that no quorum has seen. */
        public long lag() {
            return Math.max(0, size - witnessed);
        }
    }

    /** From any thread. */
    public Standing standing() {
        return standing;
    }

    /** Whether a quorum has seen all of the log; false until that was looked up. From any thread. */
    public boolean isWitnessed() {
        return isRead && standing.lag() == 0;
    }

    @Override
    public void lease(LeaseChange change) {
        stop();
        if (change == LeaseChange.TAKEN) {
            isOurs = true;
            LoopConfinement here = new LoopConfinement(loops.here());
            home = here;
            states.clear();
            resume(here);
        }
    }

    @Override
    public void cut(BatchCut.Reason reason, CutBatch batch) {
        isRead = false;
        isNews = true;
        look();
    }

    /** Gives up what is under way; on the event loop that it lives on. */
    public void stop() {
        isOurs = false;
        isReading = false;
        isRead = false;
        later.cancel();
        asked.values().forEach(Cancellable::cancel);
        asked.clear();
    }

    /** Another router may have had the lane meanwhile, and asked the same witnesses. */
    private void resume(LoopConfinement here) {
        here.bring(Uni.createFrom().deferred(kept::extent))
                .subscribe()
                .with(extent -> resumed(here, extent), why -> again(here, why, () -> resume(here)));
    }

    private void resumed(LoopConfinement here, Extent extent) {
        if (isStale(here)) {
            return;
        }
        settings.keys()
                .forEach(key -> states.put(key, WitnessState.of(extent.sizes().getOrDefault(key, 0L))));
        head = Head.EMPTY;
        standing = new Standing(extent.witnessed(), extent.witnessed(), Optional.empty());
        if (extent.witnessed() > 0) {
            listener.witnessed(extent.witnessed());
        }
        isNews = true;
        look();
    }

    /** True for an answer to a question of a time before this one. */
    @SuppressWarnings("ReferenceEquality") // the very tenure
    private boolean isStale(LoopConfinement asker) {
        return !isOurs || asker != home;
    }

    private void again(LoopConfinement here, Throwable why, Runnable task) {
        if (!isStale(here)) {
            LOG.warnf("the log cannot be read for its witnesses, reason=%s", why.getMessage());
            later.cancel();
            later = time.after(TROUBLE, task);
        }
    }

    /** Reads the newest head if there may be another, one read at a time. */
    private void look() {
        LoopConfinement here = home;
        if (here == null || !isOurs || isReading || states.isEmpty() || !isNews) {
            return;
        }
        isReading = true;
        isNews = false;
        here.bring(Uni.createFrom().deferred(reads::newest)).subscribe().with(found -> seen(here, found), why -> {
            if (!isStale(here)) {
                isReading = false;
                isNews = true;
            }
            again(here, why, this::look);
        });
    }

    private void seen(LoopConfinement here, Head found) {
        if (isStale(here)) {
            return;
        }
        isReading = false;
        newest = found;
        Standing before = standing;
        standing = new Standing(
                found.size(),
                before.witnessed(),
                found.size() <= before.witnessed()
                        ? Optional.empty()
                        : before.since().or(() -> Optional.of(now())));
        isRead = !isNews;
        advance(here);
        look();
    }

    private Instant now() {
        return Instant.ofEpochMilli(time.epochMillis());
    }

    /** Begins a round if the last is over, and asks whoever is due. */
    private void advance(LoopConfinement here) {
        Instant now = now();
        boolean isPaced = head.size() == 0 || !now.isBefore(began.plus(BETWEEN_ROUNDS));
        if (newest.size() > head.size() && isPaced && isOver(now)) {
            head = newest;
            began = now;
        }
        for (Peer peer : settings.witnesses()) {
            if (isDue(peer, now)) {
                ask(here, peer, state(peer));
            }
        }
        schedule(here, now);
    }

    private WitnessState state(Peer peer) {
        return states.getOrDefault(peer.key(), WitnessState.of(0));
    }

    private boolean isDue(Peer peer, Instant now) {
        return !asked.containsKey(peer.key()) && state(peer).isDue(head, now);
    }

    private boolean isOver(Instant now) {
        return isMet()
                || settings.witnesses().stream().noneMatch(peer -> asked.containsKey(peer.key()) || isDue(peer, now));
    }

    /** Whether as many as are needed have cosigned the head of this round. */
    private boolean isMet() {
        return settings.witnesses().stream()
                        .filter(peer -> !state(peer).lacks(head))
                        .count()
                >= settings.quorum();
    }

    /** Wakes us when somebody who was left alone may be asked again, or the next round may begin. */
    private void schedule(LoopConfinement here, Instant now) {
        later.cancel();
        Instant next = newest.size() > head.size() ? began.plus(BETWEEN_ROUNDS) : Instant.MAX;
        for (Peer peer : settings.witnesses()) {
            WitnessState state = state(peer);
            if (!asked.containsKey(peer.key())
                    && state.lacks(head)
                    && state.notBefore().isBefore(next)) {
                next = state.notBefore();
            }
        }
        if (next.isAfter(now) && next.isBefore(Instant.MAX)) {
            later = time.after(Duration.between(now, next), () -> {
                if (!isStale(here)) {
                    advance(here);
                }
            });
        }
    }

    private void ask(LoopConfinement here, Peer peer, WitnessState state) {
        Head wanted = head;
        Uni<WitnessAnswer> answer = here.bring(signer.checkpoint(wanted.size(), wanted.root()))
                .chain(note -> here.bring(reads.consistency(state.known(), wanted.size()))
                        .chain(path -> verified(peer, new AddCheckpoint(state.known(), path.path(), note))));
        asked.put(
                peer.key(),
                here.bring(here.bring(answer).call(read -> keep(wanted, peer, read)))
                        .subscribe()
                        .with(read -> answered(here, peer, wanted, read), why -> failed(here, peer, why)));
    }

    private Uni<WitnessAnswer> verified(Peer peer, AddCheckpoint request) {
        return witnesses
                .add(peer, request.toString())
                .emitOn(workers)
                .map(reply -> WitnessAnswer.read(reply, request.note(), peer.key()));
    }

    private Uni<Void> keep(Head wanted, Peer peer, WitnessAnswer answer) {
        return answer instanceof WitnessAnswer.Cosigned(var signature)
                ? kept.keep(
                        new Checkpoint(signer.key().name(), wanted.size(), wanted.root()),
                        peer.key(),
                        signature.toString(),
                        now())
                : Uni.createFrom().voidItem();
    }

    private void answered(LoopConfinement here, Peer peer, Head wanted, WitnessAnswer answer) {
        if (isStale(here)) {
            return;
        }
        asked.remove(peer.key());
        boolean wasMet = isMet();
        WitnessState.Step step = state(peer).after(wanted, answer, now());
        states.put(peer.key(), step.next());
        // A first conflict is the protocol's way to say where to begin.
        if (step.outcome() != WitnessOutcome.CONFLICT || step.next().failures() > 0) {
            say(peer, step.outcome(), answer);
        }
        listener.answered(peer.key().name(), step.outcome());
        if (!wasMet && isMet()) {
            met();
        }
        advance(here);
    }

    private void met() {
        // What came after this round's head came after the round began.
        standing = new Standing(
                newest.size(), head.size(), newest.size() > head.size() ? Optional.of(began) : Optional.empty());
        listener.witnessed(head.size());
    }

    private void failed(LoopConfinement here, Peer peer, Throwable why) {
        if (isStale(here)) {
            return;
        }
        asked.remove(peer.key());
        states.put(peer.key(), state(peer).paused(now()));
        LOG.warnf(
                why,
                "a witness could not be asked, or its cosignature not be kept, witness=%s reason=%s",
                peer.key().name(),
                why.getMessage());
        advance(here);
    }

    /** Only what is new: a witness that is gone is asked again and again. */
    private void say(Peer peer, WitnessOutcome outcome, WitnessAnswer answer) {
        WitnessOutcome before = last.put(peer.key(), outcome);
        if (outcome == (before == null ? WitnessOutcome.COSIGNED : before)) {
            return;
        }
        String name = peer.key().name();
        switch (outcome) {
            case COSIGNED ->
                LOG.infof(
                        "a witness cosigns again, witness=%s log=%s",
                        name, signer.key().name());
            case INCONSISTENT ->
                LOG.errorf(
                        "a witness has seen another log under our name: the log was forked, or the witness is wrong, witness=%s log=%s size=%d",
                        name, signer.key().name(), head.size());
            case CONFLICT, AHEAD, REFUSED, INVALID, SILENT ->
                LOG.warnf(
                        "a witness does not cosign, witness=%s log=%s outcome=%s answer=%s",
                        name, signer.key().name(), outcome, answer);
        }
    }
}
