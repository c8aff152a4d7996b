package openledger.inference;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import openledger.inference.AttemptPhase.Landing.AnswerComes;
import openledger.inference.AttemptPhase.Landing.Failed;
import openledger.inference.AttemptPhase.Landing.NobodyServes;
import openledger.inference.InferenceOutcome.BudgetExhausted;
import openledger.inference.InferenceOutcome.LaneLost;
import openledger.inference.InferenceOutcome.NotConfirmed;
import openledger.inference.InferenceOutcome.NotRecorded;
import openledger.inference.InferenceOutcome.Rejected;
import openledger.inference.confirmed.PlanConfirmation;
import openledger.inference.confirmed.PlanConfirmation.Verdict;
import openledger.inference.record.Journal;
import openledger.inference.record.Journal.JournalUnavailable;
import openledger.inference.record.JournalState;
import openledger.inference.retry.AttemptsEnd;
import openledger.inference.retry.AttemptsEnd.Answered;
import openledger.inference.retry.AttemptsEnd.Exhausted;
import openledger.inference.retry.AttemptsEnd.Refused;
import openledger.inference.retry.AttemptsEnd.Unconfirmed;
import openledger.inference.retry.AttemptsEnd.Unrecordable;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.routing.DecisionStatus;
import org.jspecify.annotations.Nullable;

/** A stretch of a request's way: from an attempt to something that its clients may be told. Confined to its event loop. */
final class AttemptPhase {
    /** What a client is told to wait if no provider said anything. */
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private final Journal journal;
    private final Timekeeper time;
    private final long position;
    private final SessionRecord record;
    private @Nullable Cancellable run;
    private @Nullable Answered pending;

    /**
     * A stretch that has not begun.
     *
     * @param position of the intent in the journal
     */
    AttemptPhase(ServicePorts ports, long position, SessionRecord record) {
        this.journal = ports.journal();
        this.time = ports.time();
        this.position = position;
        this.record = record;
    }

    /** Where it ends. */
    sealed interface Landing {
        /** Content has arrived, and the intent is durable. */
        record AnswerComes(UpstreamAnswer answer) implements Landing {}

        /** There is no answer; the record is to be sealed as {@code status}. */
        record NobodyServes(DecisionStatus status, InferenceOutcome outcome) implements Landing {}

        /** A bug. */
        record Failed(Throwable bug) implements Landing {}
    }

    /** Begins the attempts; lands once, unless it is given up. */
    void begin(Uni<AttemptsEnd> attempts, Consumer<Landing> landed) {
        run = attempts.invoke(this::noteAnswer)
                .call(this::untilRecordIsDurable)
                .chain(this::untilConfirmed)
                .map(this::conclude)
                .onFailure(JournalUnavailable.class)
                .recoverWithItem(this::notRecorded)
                .subscribe()
                .with(landing -> land(landed, landing), bug -> land(landed, new Failed(bug)));
    }

    /** What is over keeps nothing of the call that it led to: the request may be kept for long. */
    private void land(Consumer<Landing> landed, Landing landing) {
        run = null;
        landed.accept(landing);
    }

    private void noteAnswer(AttemptsEnd end) {
        if (end instanceof Answered served) {
            pending = served;
            record.answered(served.from());
        }
    }

    /** True if a provider has answered and only the record is waited for. */
    boolean hasAnswer() {
        return pending != null;
    }

    /** Ends it without a landing. */
    void giveUp() {
        if (run != null) {
            run.cancel();
        }
        giveAnswerBack();
    }

    private void giveAnswerBack() {
        if (pending != null) {
            pending.answer().cancel();
            pending = null;
        }
    }

    /** Step: no byte goes out before the intent, and the plan if there is one, are durable. Usually they are long since. */
    private Uni<Void> untilRecordIsDurable() {
        Optional<PlanConfirmation> watch = record.watch();
        long last = watch.isPresent() ? Math.max(position, watch.get().position()) : position;
        if (journal.isDurable(last)) {
            return Uni.createFrom().voidItem();
        }
        long since = time.nanoTime();
        return journal.durable(last).invoke(() -> record.journalWaited(time.nanoTime() - since));
    }

    /** Step: an answer goes out once its plan is confirmed, or its client does not insist; all else waits for nothing. */
    private Uni<AttemptsEnd> untilConfirmed(AttemptsEnd end) {
        Optional<PlanConfirmation> plan = record.watch();
        if (plan.isEmpty() || !(end instanceof Answered)) {
            return Uni.createFrom().item(end);
        }
        long since = time.nanoTime();
        return Uni.createFrom().emitter(to -> {
            to.onTermination(plan.get()::stopWaiting);
            plan.get().decide(verdict -> {
                record.confirmWaited(time.nanoTime() - since);
                to.complete(verdict == Verdict.UNCONFIRMED ? new Unconfirmed() : end);
            });
        });
    }

    private Landing conclude(AttemptsEnd end) {
        return switch (end) {
            case Answered served -> {
                pending = null;
                yield new AnswerComes(served.answer());
            }
            case Unconfirmed none -> {
                if (pending != null) {
                    giveAnswerBack();
                    record.answerThrownAway();
                }
                yield new NobodyServes(
                        DecisionStatus.UNCONFIRMED,
                        new NotConfirmed(record.facts(DecisionStatus.UNCONFIRMED), DEFAULT_RETRY_AFTER));
            }
            case Unrecordable none -> notRecorded();
            case Refused(var rejection, var status) ->
                new NobodyServes(
                        DecisionStatus.REJECTED,
                        new Rejected(record.facts(DecisionStatus.REJECTED), rejection, status));
            case Exhausted(var retryAfter) ->
                new NobodyServes(
                        DecisionStatus.EXHAUSTED,
                        new BudgetExhausted(
                                record.facts(DecisionStatus.EXHAUSTED), retryAfter.orElse(DEFAULT_RETRY_AFTER)));
        };
    }

    /** The intent did not become durable in time, or nothing more can be: whatever a provider answered is withheld. */
    private Landing notRecorded() {
        giveAnswerBack();
        record.forgetAnswer();
        InferenceOutcome outcome = journal.state() == JournalState.LANE_LOST
                ? new LaneLost(DEFAULT_RETRY_AFTER)
                : new NotRecorded(record.facts(DecisionStatus.INTERRUPTED), DEFAULT_RETRY_AFTER);
        return new NobodyServes(DecisionStatus.INTERRUPTED, outcome);
    }
}
