package openledger.inference.confirmed;

import io.smallrye.mutiny.subscription.Cancellable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stage of a {@link ConfirmedRetryLoop}.
 *
 * <pre>
 *   Resting ── start ──▶ Held ── a plan ──▶ Showing ──▶ Confirming ──▶ Following ── ended ──▶ Resting
 *      │ ▲                │                 (a witness)  (dispatch)        ▲
 *      │ │ departed       │ cancelled                                      │
 *      │ └── Leaving ◀────┘                                                │
 *      └── goes on, with the plan it has; without one it is Held again ────┘
 * </pre>
 *
 * Whatever is cancelled rests; in the open set it leaves first, and a plan that still comes is kept for its return.
 */
sealed interface ConfirmedStage {
    /** It has not begun, or has ended; it may go on. */
    record Resting() implements ConfirmedStage {}

    /** In the open set, since {@code sinceNanos}: it waits for a plan. */
    record Held(PendingRequest pending, long sinceNanos) implements ConfirmedStage {}

    /** Cancelled in the open set and not out of it yet, so that a plan may still come; then {@code still} are run. */
    record Leaving(PendingRequest pending, boolean returning, List<Runnable> still) implements ConfirmedStage {}

    /** The plan is on its way to its witness; its slot waits meanwhile. */
    final class Showing implements ConfirmedStage {
        @Nullable Cancellable journey;
    }

    /** Gate {@code dispatch} waits for the confirmation, since {@code sinceNanos}. */
    record Confirming(long sinceNanos) implements ConfirmedStage {}

    /** It walks along its plan. */
    record Following() implements ConfirmedStage {}
}
