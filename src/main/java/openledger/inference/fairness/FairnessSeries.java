package openledger.inference.fairness;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import openledger.commitment.leaf.LeafMode;
import openledger.fairness.FairnessFigures;
import openledger.fairness.Proportion;
import openledger.fairness.Slo;
import openledger.routing.Gate;
import openledger.routing.RoutingMode;

/**
 * How one route is fair in one mode and gate.
 *
 * @param key which
 * @param figures of the window that has just passed; empty until they were worked out for the first time
 * @param sinceStart of each objective, good ones of all since the router started
 * @param lastHour the same of the last hour, to a minute
 * @param cohorts requests since the start, by cohort: 64
 */
public record FairnessSeries(
        Key key,
        Optional<FairnessFigures> figures,
        Map<Slo, Proportion> sinceStart,
        Map<Slo, Proportion> lastHour,
        List<CohortCount> cohorts) {
    public FairnessSeries {
        sinceStart = Map.copyOf(new EnumMap<>(sinceStart));
        lastHour = Map.copyOf(new EnumMap<>(lastHour));
        cohorts = List.copyOf(cohorts);
    }

    /**
     * Requests of a cohort.
     *
     * @param admitted all of them
     * @param denied those that fell back or were exhausted
     * @param inputTokens of their prompts, as providers count them
     * @param cachedTokens of these, read from providers' caches
     */
    public record CohortCount(long admitted, long denied, long inputTokens, long cachedTokens) {
        /** Those of both. */
        CohortCount plus(CohortCount other) {
            return new CohortCount(
                    admitted + other.admitted,
                    denied + other.denied,
                    inputTokens + other.inputTokens,
                    cachedTokens + other.cachedTokens);
        }
    }

    /**
     * What is measured apart.
     *
     * @param route its name, so that a new version of a route goes on where the old one was
     * @param mode as asked for: released requests count with the others
     */
    public record Key(String route, LeafMode mode) {
        static Key of(String route, LeafMode mode) {
            return new Key(route, LeafMode.of(mode.routing(), mode.gate().orElse(Gate.RESPONSE)));
        }

        static Key of(String route, Gate gate) {
            return new Key(route, LeafMode.of(RoutingMode.CONFIRMED, gate));
        }
    }
}
