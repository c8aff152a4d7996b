package openledger.inference;

import java.time.Duration;
import openledger.commitment.PlanLevel;
import openledger.inference.record.JournalState;
import openledger.inference.upstream.UpstreamAnswer;
import openledger.inference.upstream.UpstreamRejection;
import openledger.routing.DecisionStatus;
import openledger.unit.RequestId;

/** How a request ended as far as its client is concerned; rendered by the http room. */
public sealed interface InferenceOutcome {
    /** A provider answers; the bytes flow when the answer is drained. */
    record Served(RequestFacts facts, UpstreamAnswer answer) implements InferenceOutcome {}

    /** The provider refuses the request itself. */
    record Rejected(RequestFacts facts, UpstreamRejection rejection, int upstreamStatus) implements InferenceOutcome {}

    /** The retry budget is spent; a new request may be worth while after {@code retryAfter}. */
    record BudgetExhausted(RequestFacts facts, Duration retryAfter) implements InferenceOutcome {}

    /** A target of the route speaks a language that lacks {@code member}; no provider was called, nothing recorded. */
    record Untranslatable(String member, String message) implements InferenceOutcome {}

    /** Nobody knows which provider made what {@code member} refers to; no provider was called, nothing recorded. */
    record OriginUnknown(String member, String message) implements InferenceOutcome {}

    /** What {@code member} refers to was made by a provider that cannot be asked; no provider was called, nothing recorded. */
    record OriginElsewhere(String member, String message) implements InferenceOutcome {}

    /** Who made what the request refers to is not known now; no provider was called, nothing recorded. */
    record OriginsUnavailable(Duration retryAfter) implements InferenceOutcome {}

    /** The journal takes no more intents now; no provider was called. */
    record NotAccepted(Duration retryAfter) implements InferenceOutcome {}

    /** The journal is not open, so nothing could be recorded; no provider was called. */
    record JournalNotOpen(JournalState why, Duration retryAfter) implements InferenceOutcome {}

    /** So many confirmed requests are waiting for a slot that no more are taken; no provider was called, nothing recorded. */
    record NoRoomToHold(Duration retryAfter) implements InferenceOutcome {}

    /** The level cannot be reached in time at the moment, because the chain or the witnesses lag; nothing recorded. */
    record LevelLags(PlanLevel level, Duration lag, Duration retryAfter) implements InferenceOutcome {}

    /** The plan was not confirmed in time, and the client wants no answer then. */
    record NotConfirmed(RequestFacts facts, Duration retryAfter) implements InferenceOutcome {}

    /** Another router answers for the idempotency key, or nobody yet; no provider was called, nothing recorded. */
    record OwnedElsewhere(Duration retryAfter) implements InferenceOutcome {}

    /** The idempotency key belongs to a request with another body. */
    record KeyReused() implements InferenceOutcome {}

    /** The request was sent before and has been answered, but the answer was too large to be kept. */
    record AnswerNotKept(RequestFacts facts) implements InferenceOutcome {}

    /**
     * The request was sent before, to a router that is gone, or to this one before it was started again: it has ended there, or nothing
     * of its budget is left. No provider was called, nothing recorded.
     *
     * @param status INTERRUPTED if nobody knows how it ended
     */
    record AnsweredBefore(RequestId id, DecisionStatus status) implements InferenceOutcome {}

    /** The request took longer than its route, or its client, allows; it has ended, and what it held is free. */
    record DeadlinePassed(RequestFacts facts, Duration deadline) implements InferenceOutcome {}

    /** The intent could not be made durable in time, so the answer is withheld. */
    record NotRecorded(RequestFacts facts, Duration retryAfter) implements InferenceOutcome {}

    /** Another router has taken the lane meanwhile: the answer is withheld, and so is its name, which may be given again. */
    record LaneLost(Duration retryAfter) implements InferenceOutcome {}
}
