package openledger.inference;

import java.util.Optional;
import openledger.inference.admission.TraceContext;
import openledger.inference.upstream.ClosedTargets;

/**
 * What a decision does not record and measures need.
 *
 * @param utilisationPercent of the route's best tier when the request came: calls in flight of those that may be, closed targets
 *     count as full; 0 to 100
 * @param trace its place in a trace, if it is traced
 * @param closed the targets of its route that it could not be put to
 */
public record RequestMetricContext(int utilisationPercent, Optional<TraceContext> trace, ClosedTargets closed) {}
