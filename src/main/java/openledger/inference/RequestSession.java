package openledger.inference;

import static openledger.routing.DecisionStatus.INTERRUPTED;

import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import openledger.inference.EventLoops.Loop;
import openledger.inference.InferenceOutcome.AnswerNotKept;
import openledger.inference.InferenceOutcome.DeadlinePassed;
import openledger.inference.SessionPhase.Answering;
import openledger.inference.SessionPhase.Attempting;
import openledger.inference.SessionPhase.Away;
import openledger.inference.SessionPhase.Ended;
import openledger.inference.SessionPhase.Expiring;
import openledger.inference.SessionPhase.New;
import openledger.inference.admission.Permit;
import openledger.inference.record.Intent;
import openledger.inference.record.Journal;
import openledger.inference.record.ResendKind;
import openledger.inference.record.TokenUsage;
import openledger.inference.resend.ReplayBuffer;
import openledger.inference.resend.ResendIndex;
import openledger.inference.resend.WaitingClient;
import openledger.inference.resend.WaitingClients;
import openledger.inference.retry.AttemptLog;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.JournalledAttempts;
import openledger.inference.retry.RetryLoop;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.DecisionStatus;
import openledger.routing.Trigger;
import openledger.unit.RequestId;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way, with one ledger and one record, whatever number of times its client sent it. Its clients come
 * and go; while none is there nothing new is tried, and after the window its record is sealed. {@link SessionPhase} shows its states.
 *
 * <p>Long because it is one state machine: what attempts, answers, departures and returns may do to each other is read
 * here, in one place. Confined to the event loop it began on, but for {@link #attach} and {@link #sealNow}.
 */
public final class RequestSession implements ReplayBuffer.Listener {
    private final Intent intent;
    private final RequestId id;
    private final long position;
    private final ServicePorts ports;
    private final ResendIndex resends;
    private final Loop home;
    private final SessionRecord record;
    private final RetryLoop attempts;
    private final WaitingClients waiting;
    private InferenceRequest request;
    private SessionPhase phase = new New();
    private final SingleTimer timer;
    private final RequestDeadline deadline;
    private final Permit.Holder held = new Permit.Holder();

    RequestSession(
            InferenceRequest request,
            Intent intent,
            Journal.Appended.Accepted place,
            int spent,
            RetryLoop.Factory mode,
            RequestMetricContext circumstances,
            ServicePorts ports,
            ResendIndex resends) {
        this.request = request;
        this.intent = intent;
        this.id = place.id();
        this.position = place.position();
        this.ports = ports;
        this.resends = resends;
        this.home = ports.loops().here();
        AttemptLog log = new AttemptLog(
                request.arrivalNanos(),
                new JournalledAttempts(
                        ports.journal(), id, position, resends.settings().order(request.resend())));
        this.waiting = new WaitingClients(home);
        this.attempts = mode.begin(
                new RetryLoop.RequestContext(id, intent, spent, request.upstream(id), request.witness()), log);
        this.record = new SessionRecord(request.route(), intent, id, ports, log, attempts, circumstances);
        held.hold(request.place());
        this.timer = new SingleTimer(ports.time());
        this.deadline = new RequestDeadline(ports.time(), resends.settings().longestRequest());
    }

    /** The request as it first came. */
    public InferenceRequest request() {
        return request;
    }

    /** What was recorded when it first came. */
    public Intent intent() {
        return intent;
    }

    /** The way of one client, which leaves if it cancels. It comes from outside, so on our loop it is let in at once. Safe on any loop. */
    Uni<InferenceOutcome> attach(InferenceRequest by) {
        Loop loop = ports.loops().here();
        return Uni.createFrom().emitter(to -> {
            WaitingClient client = new WaitingClient(loop, to, gone -> home.execute(() -> left(gone)));
            (loop.equals(home) ? (Executor) Runnable::run : home).execute(() -> arrive(client, by));
        });
    }

    /** The router stops: a request that no client waits for is sealed now. Safe on any thread. */
    public CompletableFuture<Void> sealNow() {
        CompletableFuture<Void> sealed = new CompletableFuture<>();
        home.execute(() -> {
            graceOver();
            attempts.whenStill(() -> {
                windowOver();
                sealed.complete(null);
            });
        });
        return sealed;
    }

    /** It has ended, and is forgotten before its window is over. Safe on any thread. */
    public void forgetSoon() {
        home.execute(this::windowOver);
    }

    private void arrive(WaitingClient client, InferenceRequest by) {
        if (!(phase instanceof New)) {
            record.resent();
        }
        switch (phase) {
            case New _ -> {
                waiting.add(client);
                attempt(request, attempts.start());
            }
            case Attempting _ -> {
                join(client);
                attempts.resumeRetries();
            }
            case Expiring _ -> join(client);
            case Answering(var answer) -> {
                timer.stop();
                offer(answer, client, ResendKind.JOINED);
            }
            case Away(var _, var kept) -> comeBack(kept, client, by);
            case Ended(var told, var kept) -> repeat(told, kept, client);
        }
    }

    private void join(WaitingClient client) {
        timer.stop();
        resends.count(request.route(), ResendKind.JOINED);
        waiting.add(client);
    }

    private void comeBack(@Nullable ReplayBuffer kept, WaitingClient client, InferenceRequest by) {
        timer.stop();
        record.back();
        if (kept != null && kept.isComplete()) {
            phase = new Answering(kept);
            offer(kept, client, ResendKind.CONTINUED);
            return;
        }
        resends.count(request.route(), ResendKind.CONTINUED);
        waiting.add(client);
        release(kept);
        record.forgetAnswer();
        held.hold(by.place());
        attempt(by, attempts.goOn(by.upstream(id, request)));
    }

    private void repeat(@Nullable InferenceOutcome told, @Nullable ReplayBuffer kept, WaitingClient client) {
        if (kept != null) {
            offer(kept, client, ResendKind.REPEATED);
        } else {
            resends.count(request.route(), ResendKind.REPEATED);
            client.tell(told == null ? new AnswerNotKept(record.facts()) : told);
        }
    }

    /** Gives a client the answer from its start. */
    private void offer(ReplayBuffer answer, WaitingClient client, ResendKind kind) {
        resends.count(request.route(), kind);
        client.tell(answer.isWhole() ? waiting.served(answer, record, client) : new AnswerNotKept(record.facts()));
    }

    private void attempt(InferenceRequest by, Uni<AttemptsEnd> first) {
        AttemptPhase begun = new AttemptPhase(ports, position, record);
        phase = new Attempting(begun);
        deadline.start(by, this::deadlinePassed);
        begun.begin(first, this::land);
    }

    private void land(AttemptPhase.Landing landing) {
        switch (landing) {
            case AttemptPhase.Landing.AnswerComes(var answer) -> answer(answer);
            case AttemptPhase.Landing.NobodyServes(var status, var outcome) -> endUnserved(status, outcome);
            case AttemptPhase.Landing.Failed(var bug) -> {
                end(INTERRUPTED, null);
                waiting.fail(bug);
            }
        }
    }

    private void endUnserved(DecisionStatus status, InferenceOutcome outcome) {
        end(status, outcome);
        waiting.tell(outcome);
    }

    /** Whatever keeps the request, it ends, and all that it holds is given back. */
    private void deadlinePassed() {
        switch (phase) {
            case Attempting(var now) -> {
                phase = new Expiring();
                timer.stop();
                now.giveUp();
                attempts.cancel();
                record.forgetAnswer();
                DecisionStatus status = deadline.status();
                attempts.whenStill(
                        () -> endUnserved(status, new DeadlinePassed(record.facts(status), deadline.allowed())));
            }
            case Answering(var answer) -> answer.breakOff(Trigger.TOTAL_TIMEOUT);
            case New _, Expiring _, Away _, Ended _ -> {}
        }
    }

    private void answer(UpstreamAnswer answer) {
        ReplayBuffer.Memory memory = request.resend().isKeyed() ? resends.memoryOf(intent.tenant()) : null;
        ReplayBuffer answering = new ReplayBuffer(answer, memory, this);
        phase = new Answering(answering);
        record.flows(answering.digest());
        waiting.serve(answering, record);
    }

    /** Seals the record; what is kept for a client with a key is kept for the window. */
    private void end(DecisionStatus as, @Nullable InferenceOutcome told) {
        record.seal(as);
        phase = new Ended(told, phase.answer());
        deadline.stop();
        held.letGo(record.use());
        attempts.close();
        request = request.withoutBody();
        timer.stop();
        if (request.resend().isKeyed()) {
            timer.start(resends.settings().window(), this::windowOver);
            resends.ended(this);
        }
        if (as == INTERRUPTED) {
            resends.interrupted(this, id, attempts.spent());
        }
    }

    /** A client left before it was told anything. */
    private void left(WaitingClient client) {
        waiting.remove(client);
        if (waiting.isEmpty() && phase instanceof Attempting(var now)) {
            attempts.stopRetrying();
            if (request.resend().isKeyed() && (attempts.isInFlight() || now.hasAnswer())) {
                timer.start(resends.settings().orphanGrace(), this::graceOver);
            } else {
                graceOver();
            }
        }
    }

    /** The call in flight of a departed client has had its time. */
    private void graceOver() {
        switch (phase) {
            case Attempting(var now)
            when waiting.isEmpty() -> {
                now.giveUp();
                attempts.cancel();
                goAway(DecisionStatus.CANCELLED);
            }
            case Answering(var answer)
            when !answer.isOver() && !answer.hasReaders() -> {
                answer.giveUp();
                record.answerOver();
                giveUp(answer);
            }
            case New _, Attempting _, Expiring _, Answering _, Away _, Ended _ -> {}
        }
    }

    /** An SDK sends again by itself only if nothing had reached it; with a key anybody may. */
    private void giveUp(ReplayBuffer unread) {
        if (request.resend().isKeyed() || !unread.hasReachedClient()) {
            goAway(reachedStatus(unread));
        } else {
            end(record.servedStatus(), null);
        }
    }

    private DecisionStatus reachedStatus(ReplayBuffer of) {
        return of.hasReachedClient() ? record.servedStatus() : DecisionStatus.CANCELLED;
    }

    /** Nothing is in flight and nobody waits: a client that comes back within the window goes on with what is left. */
    private void goAway(DecisionStatus unlessBack) {
        phase = new Away(unlessBack, phase.answer());
        deadline.stop();
        held.letGo(record.use());
        record.away();
        request = request.withoutBody();
        attempts.rest();
        // Even if no attempt is left: a client that came back to a new ledger would have two budgets.
        if (resends.awaitReturn(this)) {
            timer.start(resends.settings().window(), () -> attempts.whenStill(this::windowOver));
        } else {
            attempts.whenStill(this::windowOver);
        }
    }

    /** Nobody has come back, or what was kept has been kept long enough. */
    private void windowOver() {
        switch (phase) {
            case Away(var unlessBack, var kept) -> {
                record.seal(unlessBack);
                attempts.close();
                forget(null, kept);
            }
            case Ended(var told, var kept) -> forget(told, kept);
            case New _, Attempting _, Expiring _, Answering _ -> {}
        }
    }

    private void forget(@Nullable InferenceOutcome told, @Nullable ReplayBuffer kept) {
        phase = new Ended(told, null);
        timer.stop();
        resends.forget(this);
        release(kept);
    }

    private static void release(@Nullable ReplayBuffer kept) {
        if (kept != null) {
            kept.release();
        }
    }

    @Override
    public void answerEnded(ReplayBuffer of, Optional<TokenUsage> usage) {
        if (isNotOurs(of)) {
            return;
        }
        record.answerOver();
        record.answerWhole(usage);
        if (of.hasReachedClient()) {
            end(record.servedStatus(), null);
        } else {
            goAway(DecisionStatus.CANCELLED);
        }
    }

    @Override
    public void answerBroke(ReplayBuffer of, Trigger why) {
        if (isNotOurs(of)) {
            return;
        }
        record.answerBroke(why);
        record.answerOver();
        timer.stop();
        if (request.resend().isKeyed() && attempts.canGoOn()) {
            goAway(reachedStatus(of));
        } else {
            end(reachedStatus(of), null);
        }
    }

    @Override
    public void readToTheEnd(ReplayBuffer of) {
        if (isRead(of) && of.isComplete()) {
            end(record.servedStatus(), null);
        }
    }

    @Override
    public void readersLeft(ReplayBuffer of) {
        if (!isRead(of)) {
            return;
        }
        if (of.isComplete()) {
            goAway(reachedStatus(of));
        } else if (of.isKeeping()) {
            timer.start(resends.settings().orphanGrace(), this::graceOver);
            of.flowUnread();
        } else {
            graceOver();
        }
    }

    /** An answer to earlier attempts, which somebody still reads. */
    @SuppressWarnings("ReferenceEquality") // the very answer
    private boolean isNotOurs(ReplayBuffer of) {
        return of != phase.answer();
    }

    private boolean isRead(ReplayBuffer of) {
        return phase instanceof Answering && !isNotOurs(of);
    }
}
