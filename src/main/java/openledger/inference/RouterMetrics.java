package openledger.inference;

import openledger.routing.Route;

/** Port: what is measured. Safe for several threads. */
public interface RouterMetrics {
    /** A request has ended. */
    void finished(Route route, Decision decision);

    /** A request was sent again. */
    void resend(Route route, ResendKind kind);
}
