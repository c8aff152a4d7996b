package openledger.lab.engine;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import openledger.fairness.AgainstChance;
import openledger.fairness.CohortCounts;
import openledger.fairness.Disparity;
import openledger.fairness.FairDeal;
import openledger.fairness.FairDeals;
import openledger.fairness.VarianceSplit;

/**
 * The input of the measures of fairness from a run: whose requests they were, which of them the best tier did not serve, and when. Each
 * tenant is a cohort of its own. Confined to one thread.
 */
public final class RunCohorts {
    private static final double BIN_MILLIS = 1_000;
    /** Bins of a stretch: as many as those of a part of the router's windows. */
    private static final int STRETCH = 10;

    private final int[] admitted;
    private final int[] denied;
    private final VarianceSplit.Sums sums;
    private final FairDeals fair;
    private FairDeal stretch;
    private final int[] admittedInBin;
    private final int[] deniedInBin;
    private double bin;
    private int requests;
    private boolean isLastDenied;
    private int differing;

    private RunCohorts(int tenants) {
        admitted = new int[tenants];
        denied = new int[tenants];
        admittedInBin = new int[tenants];
        deniedInBin = new int[tenants];
        sums = new VarianceSplit.Sums();
        fair = new FairDeals(1, tenants);
        stretch = new FairDeal(1, tenants);
    }

    /** Of a run in fast mode. */
    public static RunCohorts of(Requests requests, Arrivals arrivals, int tenants) {
        RunCohorts cohorts = new RunCohorts(tenants);
        for (int i = 0; i < arrivals.count(); i++) {
            byte tier = requests.tier[requests.current[i]];
            cohorts.add(arrivals.millis()[i], arrivals.tenants()[i], tier != Requests.BEST);
        }
        cohorts.closeBin();
        cohorts.closeStretch();
        return cohorts;
    }

    /** Of a run as objects, in order of arrival. */
    public static RunCohorts of(List<RequestResult> fates, int tenants) {
        RunCohorts cohorts = new RunCohorts(tenants);
        for (RequestResult fate : fates) {
            cohorts.add(fate.arrival().millis(), fate.arrival().tenant(), !fate.isBest());
        }
        cohorts.closeBin();
        cohorts.closeStretch();
        return cohorts;
    }

    private void add(double millis, int tenant, boolean isDenied) {
        if (Math.floor(millis / BIN_MILLIS) != bin) {
            closeBin();
            if (Math.floor(millis / BIN_MILLIS / STRETCH) != Math.floor(bin / STRETCH)) {
                closeStretch();
            }
            bin = Math.floor(millis / BIN_MILLIS);
        }
        // In pairs: who came right after another is nearly its twin.
        differing += requests % 2 == 1 && isLastDenied != isDenied ? 1 : 0;
        isLastDenied = isDenied;
        requests++;
        admittedInBin[tenant]++;
        deniedInBin[tenant] += isDenied ? 1 : 0;
    }

    private void closeStretch() {
        fair.add(stretch);
        stretch = new FairDeal(1, admitted.length);
    }

    private void closeBin() {
        sums.addBin(admittedInBin, deniedInBin);
        stretch.add(admittedInBin, deniedInBin);
        for (int i = 0; i < admitted.length; i++) {
            admitted[i] += admittedInBin[i];
            denied[i] += deniedInBin[i];
            admittedInBin[i] = 0;
            deniedInBin[i] = 0;
        }
    }

    /** Share of a group's requests that the best tier did not serve, 0 to 1; of nobody's, 0. */
    public double denied(Group group) {
        long all = 0;
        long bad = 0;
        for (int tenant = 0; tenant < admitted.length; tenant++) {
            if (group.has(tenant)) {
                all += admitted[tenant];
                bad += denied[tenant];
            }
        }
        return all == 0 ? 0 : (double) bad / all;
    }

    /** Share of all requests that come from a group. */
    public double share(Group group) {
        long all = 0;
        long own = 0;
        for (int tenant = 0; tenant < admitted.length; tenant++) {
            all += admitted[tenant];
            own += group.has(tenant) ? admitted[tenant] : 0;
        }
        return (double) own / all;
    }

    /** Share of pairs of requests, one right after the other, of which the best tier served one only. */
    public double neighboursDiffer() {
        return 2.0 * differing / requests;
    }

    /** Where the variance of falling back lies; empty if all ended alike. */
    public Optional<VarianceSplit> split() {
        return VarianceSplit.of(sums, admitted, fair, new SplittableRandom(1));
    }

    /** Some of the tenants. */
    @FunctionalInterface
    public interface Group {
        boolean has(int tenant);
    }

    /** The runs of all seeds together, as a window of that length would see them. */
    public static Seen together(List<RunCohorts> runs) {
        int tenants = runs.getFirst().admitted.length;
        RunCohorts sum = new RunCohorts(tenants);
        for (RunCohorts run : runs) {
            sum.sums.add(run.sums);
            sum.fair.add(run.fair);
            for (int i = 0; i < tenants; i++) {
                sum.admitted[i] += run.admitted[i];
                sum.denied[i] += run.denied[i];
            }
        }
        Optional<VarianceSplit> split = sum.split();
        return new Seen(
                known(split, VarianceSplit::between),
                known(split, VarianceSplit::within),
                split.map(VarianceSplit::cohort).orElse(new AgainstChance(0, 0)),
                Disparity.of(new CohortCounts(sum.admitted, sum.denied), sum.fair, new SplittableRandom(1)));
    }

    private static double known(Optional<VarianceSplit> split, Function<VarianceSplit, Double> of) {
        return split.map(of).orElse(0.0);
    }

    /**
     * What a monitor would see.
     *
     * @param between share of the variance between seconds: scarcity
     * @param within the rest: allocation
     * @param cohort of the rest, what the tenant explains, beside its floor
     * @param disparity worst over best tenant, beside its floor; empty if fewer than two have enough requests
     */
    public record Seen(double between, double within, AgainstChance cohort, Optional<AgainstChance> disparity) {}
}
