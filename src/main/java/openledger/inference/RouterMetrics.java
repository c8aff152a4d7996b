package openledger.inference;

import openledger.routing.Route;

/** Port: what is counted. Implementations never block and never throw. */
public interface RouterMetrics {
    /** A request has ended. */
    void finished(Route route, Decision decision);
}
