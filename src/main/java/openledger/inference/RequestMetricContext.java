package openledger.inference;

import java.util.Optional;
import openledger.inference.admission.TraceContext;
import openledger.inference.upstream.ClosedTargets;

/**
 * Context of a request that metrics need and a decision does not record.
 *
 * @param utilisationPercent of the route's best tier when the request came: calls in flight of those that may be, closed targets
 *     count as full; 0 to 100
 * @param trace its trace context, if it is traced
 * @param closed the targets of its route that were closed to it
 */
public record RequestMetricContext(int utilisationPercent, Optional<TraceContext> trace, ClosedTargets closed) {}
