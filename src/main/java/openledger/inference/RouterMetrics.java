package openledger.inference;

import java.time.Duration;
import java.util.Optional;
import openledger.cluster.HopOutcome;
import openledger.commitment.PlanLevel;
import openledger.inference.admission.ModeOptions.OnUnconfirmed;
import openledger.inference.record.Decision;
import openledger.inference.record.ResendKind;
import openledger.routing.Gate;
import openledger.routing.Route;

/**
 * Port: what is measured, as it happens. Who listens overrides what it needs; what is exported overrides everything. Safe for several
 * threads.
 */
public interface RouterMetrics {
    /** A request has ended. */
    default void finished(Route route, Decision decision, RequestMetricContext circumstances) {}

    /** A request was turned away without a decision. */
    default void refused(RefusalReason why) {}

    /** A request was sent again. */
    default void resend(Route route, ResendKind kind) {}

    /** A confirmed request has got its plan. */
    default void pinned(Route route, Gate gate) {}

    /** A place of a plan was spent without a call, because its target was closed or had no free slot any more. */
    default void pinWentStale(Route route, Gate gate, PlanPlace place) {}

    /** A plan has reached the level that was waited for, so long after it was pinned. */
    default void confirmed(Route route, Gate gate, PlanLevel level, Duration sincePin) {}

    /** A plan was not confirmed in time. */
    default void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {}

    /** A provider's answer was thrown away because the plan was not confirmed in time. */
    default void answerThrownAway(Route route, Gate gate) {}

    /**
     * A request whose key is another router's has been forwarded, or could not be.
     *
     * @param untilHead from sending it to the head of its answer, if that was relayed to its end
     */
    default void forwarded(HopOutcome outcome, Optional<Duration> untilHead) {}

    /**
     * A retry without a key was forwarded to the router that has its first try, or could not be.
     *
     * @param outcome RELAYED if it was joined there; after NOT_OWNER, NOBODY, UNREACHABLE and REFUSED it is begun here
     * @param untilHead as above
     */
    default void forwardedRetry(HopOutcome outcome, Optional<Duration> untilHead) {}

    /** Tells both, in this order. */
    record Both(RouterMetrics first, RouterMetrics second) implements RouterMetrics {
        @Override
        public void finished(Route route, Decision decision, RequestMetricContext circumstances) {
            first.finished(route, decision, circumstances);
            second.finished(route, decision, circumstances);
        }

        @Override
        public void refused(RefusalReason why) {
            first.refused(why);
            second.refused(why);
        }

        @Override
        public void resend(Route route, ResendKind kind) {
            first.resend(route, kind);
            second.resend(route, kind);
        }

        @Override
        public void pinned(Route route, Gate gate) {
            first.pinned(route, gate);
            second.pinned(route, gate);
        }

        @Override
        public void pinWentStale(Route route, Gate gate, PlanPlace place) {
            first.pinWentStale(route, gate, place);
            second.pinWentStale(route, gate, place);
        }

        @Override
        public void confirmed(Route route, Gate gate, PlanLevel level, Duration sincePin) {
            first.confirmed(route, gate, level, sincePin);
            second.confirmed(route, gate, level, sincePin);
        }

        @Override
        public void unconfirmed(Route route, Gate gate, OnUnconfirmed then) {
            first.unconfirmed(route, gate, then);
            second.unconfirmed(route, gate, then);
        }

        @Override
        public void answerThrownAway(Route route, Gate gate) {
            first.answerThrownAway(route, gate);
            second.answerThrownAway(route, gate);
        }

        @Override
        public void forwarded(HopOutcome outcome, Optional<Duration> untilHead) {
            first.forwarded(outcome, untilHead);
            second.forwarded(outcome, untilHead);
        }

        @Override
        public void forwardedRetry(HopOutcome outcome, Optional<Duration> untilHead) {
            first.forwardedRetry(outcome, untilHead);
            second.forwardedRetry(outcome, untilHead);
        }
    }

    /** Why a request was turned away before there was anything to decide. */
    enum RefusalReason {
        /** Its key has made as many requests as it may. */
        KEY_RATE,
        /** Its key has as many requests at once as it may. */
        KEY_CONCURRENCY,
        /** Its key has used as many tokens as it may, or would with it. */
        KEY_TOKENS,
        /** How the limits of its key stand among all routers could not be learnt in time. */
        LIMITS_UNKNOWN,
        /** The router has as many requests as it takes. */
        ROUTER_FULL,
        /** The memory for bodies and answers is full, or as much of it as its tenant may have. */
        BODIES_FULL,
        /** The journal takes no more. */
        JOURNAL_FULL,
        /** The journal is without its lane or its database, so nothing could be recorded. */
        JOURNAL_NOT_OPEN,
        /** As many requests with an idempotency key are under way as may be. */
        RESENDS_FULL,
        /** As many confirmed requests are held as may be. */
        HOLD_FULL,
        /** The chain is further behind than the request would wait. */
        CHAIN_LAGS,
        /** Too few witnesses have cosigned the log for longer than the request would wait. */
        WITNESSES_LAG
    }

    /** Where in a plan. */
    enum PlanPlace {
        /** The first one pinned, whose slot was held for it. */
        FIRST,
        /** One of those after it, which are tried without a slot being held. */
        LATER
    }
}
