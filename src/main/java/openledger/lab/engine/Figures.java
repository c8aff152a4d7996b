package openledger.lab.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import openledger.lab.world.MaxMin;
import openledger.lab.world.Workload;

/**
 * The figures of a run. Shares are 0 to 1.
 *
 * @param fallBack requests that fell back
 * @param selective of those, how many were passed by one that arrived in a later epoch and got the best tier
 * @param selectiveTurns of those, how many were passed by one with a later turn
 * @param twins pairs sent together whose two requests got different tiers
 * @param othersHeldMedian until the plan was made, of all but the largest tenant, ms
 * @param othersHeldP95 the same, 95th percentile
 * @param othersFallBack requests of all but the largest tenant that fell back
 * @param distance of the best tier's slots from the max-min fair division
 * @param worst what the tenant that is worst off got of its fair share
 * @param unused share of the free best-tier slots of all snapshots that were given to nobody although a request waited
 */
public record Figures(
        double fallBack,
        double selective,
        double selectiveTurns,
        double twins,
        double othersHeldMedian,
        double othersHeldP95,
        double othersFallBack,
        double distance,
        double worst,
        double unused) {

    /** Of all requests of a run. */
    public static Figures of(RunOutcome outcome, int tenants) {
        List<RequestResult> fates = new ArrayList<>(outcome.fates());
        fates.sort(Comparator.comparingInt(fate -> fate.arrival().number()));
        List<RequestResult> others = fates.stream()
                .filter(fate -> fate.arrival().tenant() != Workload.LARGEST)
                .toList();
        double[] held =
                others.stream().mapToDouble(RequestResult::held).sorted().toArray();
        long[] demands = new long[tenants];
        long[] given = new long[tenants];
        for (RequestResult fate : fates) {
            demands[fate.arrival().tenant()]++;
            given[fate.arrival().tenant()] += fate.isBest() ? 1 : 0;
        }
        return new Figures(
                fallBack(fates),
                passed(fates, RequestResult::epoch),
                passed(fates, RequestResult::turn),
                twins(fates),
                held[held.length / 2],
                held[(int) (held.length * 0.95)],
                fallBack(others),
                MaxMin.distance(demands, given),
                MaxMin.worst(demands, given),
                outcome.unused());
    }

    private static double fallBack(List<RequestResult> fates) {
        return (double) fates.stream().filter(fate -> !fate.isBest()).count() / fates.size();
    }

    private static double passed(List<RequestResult> fates, ToLongFunction<RequestResult> place) {
        List<RequestResult> best =
                new ArrayList<>(fates.stream().filter(RequestResult::isBest).toList());
        best.sort(Comparator.comparingDouble(RequestResult::decidedMillis));
        double[] moments =
                best.stream().mapToDouble(RequestResult::decidedMillis).toArray();
        int passed = 0;
        int all = 0;
        for (RequestResult fate : fates) {
            if (!fate.isBest()) {
                all++;
                passed += isPassed(fate, best, moments, place) ? 1 : 0;
            }
        }
        return all == 0 ? 0 : (double) passed / all;
    }

    private static boolean isPassed(
            RequestResult fate, List<RequestResult> best, double[] moments, ToLongFunction<RequestResult> place) {
        int at = firstFrom(moments, fate.arrival().millis());
        while (at < moments.length && moments[at] < fate.decidedMillis()) {
            if (place.applyAsLong(best.get(at)) > place.applyAsLong(fate)) {
                return true;
            }
            at++;
        }
        return false;
    }

    private static int firstFrom(double[] moments, double from) {
        int low = 0;
        int high = moments.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (moments[middle] < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double twins(List<RequestResult> fates) {
        Map<Integer, Integer> first = new HashMap<>();
        int pairs = 0;
        int differ = 0;
        for (RequestResult fate : fates) {
            if (fate.arrival().twin() != Arrival.ALONE) {
                Integer tier = first.putIfAbsent(fate.arrival().twin(), fate.tier());
                if (tier != null) {
                    pairs++;
                    differ += tier == fate.tier() ? 0 : 1;
                }
            }
        }
        return pairs == 0 ? 0 : (double) differ / pairs;
    }
}
