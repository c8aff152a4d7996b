package openledger.inference;

import openledger.inference.ModeTerms.OnUnconfirmed;
import openledger.routing.Gate;
import openledger.routing.Route;

/** Port: what is measured. Safe for several threads. */
public interface RouterMetrics {
    /** A request has ended. */
    void finished(Route route, Decision decision);

    /** A request was sent again. */
    void resend(Route route, ResendKind kind);

    /** A confirmed request has got its plan. */
    void pinned(Route route, Gate gate);

    /** A place of a plan was spent without a call, because its target was closed or had no free slot any more. */
    void pinWentStale(Route route, Gate gate, PlanPlace place);

    /** A plan was not confirmed in time. */
    void unconfirmed(Route route, Gate gate, OnUnconfirmed then);

    /** A provider's answer was thrown away because the plan was not confirmed in time. */
    void answerThrownAway(Route route, Gate gate);

    /** Where in a plan. */
    enum PlanPlace {
        /** The first one pinned, whose slot was held for it. */
        FIRST,
        /** One of those after it, which are tried without a slot being held. */
        LATER
    }
}
