package openledger.lab.engine;

import java.util.Arrays;
import openledger.fairness.Attribution;
import openledger.fairness.Attribution.BestTierView;

/**
 * The figures of one run, of the requests that arrived; those sent again count as load, and in what their clients waited. Shares are 0 to
 * 1, times ms.
 *
 * @param fallBack requests that the best tier did not serve
 * @param lost of all, those that nobody served
 * @param latency mean, from arrival until the answer is whole
 * @param median of the same
 * @param p95 of the same
 * @param routing mean, from arrival until the call that served began
 * @param attempts mean
 * @param selective of those the best tier did not serve: passed by a later one
 * @param missed of those: a view showed room
 * @param overtakes of one of those, mean
 * @param calls of providers, a request
 * @param again requests that were sent again, a request
 */
public record RunFigures(
        double fallBack,
        double lost,
        double latency,
        double median,
        double p95,
        double routing,
        double attempts,
        double selective,
        double missed,
        double overtakes,
        double calls,
        double again) {

    /** Of the slow ones: what is neither selective nor missed. */
    public double slow() {
        return fallBack == 0 ? 0 : 1 - selective - missed;
    }

    /** Of a run in fast mode. */
    public static RunFigures of(FastRun run, Requests requests, int arrivals) {
        Sum sum = new Sum(arrivals);
        for (int i = 0; i < arrivals; i++) {
            int waitedFor = requests.current[i];
            sum.add(
                    requests.tier[waitedFor],
                    requests.decided[waitedFor] - requests.arrived[i],
                    requests.ended[waitedFor] - requests.arrived[i],
                    requests.attempts(waitedFor),
                    requests.retries(waitedFor).overtakes(),
                    requests.retries(waitedFor).bestTier());
        }
        return sum.done((double) run.calls() / arrivals, (double) sent(requests, arrivals) / arrivals);
    }

    private static int sent(Requests requests, int arrivals) {
        int sent = 0;
        for (int i = 0; i < arrivals; i++) {
            sent += requests.resends[i];
        }
        return sent;
    }

    /** Of a run in confirmed mode. */
    public static RunFigures of(RunOutcome outcome) {
        Sum sum = new Sum(outcome.fates().size());
        long calls = 0;
        for (RequestResult fate : outcome.fates()) {
            double arrived = fate.arrival().millis();
            sum.add(
                    (byte) fate.tier(),
                    fate.decidedMillis() - arrived,
                    fate.endedMillis() - arrived,
                    fate.attempts(),
                    fate.overtakes(),
                    fate.view());
            calls++;
        }
        return sum.done((double) calls / outcome.fates().size(), 0);
    }

    private static final class Sum {
        private final double[] latencies;
        private int requests;
        private int fallBack;
        private int lost;
        private double routing;
        private long attempts;
        private int selective;
        private int missed;
        private long overtakes;

        Sum(int expected) {
            latencies = new double[expected];
        }

        void add(byte tier, double routed, double latency, int spent, int passed, BestTierView view) {
            latencies[requests++] = latency;
            routing += routed;
            attempts += spent;
            if (tier == Requests.BEST) {
                return;
            }
            fallBack++;
            lost += tier == Requests.NONE ? 1 : 0;
            overtakes += passed;
            switch (Attribution.of(passed, view)) {
                case SELECTIVE -> selective++;
                case MISSED -> missed++;
                case SLOW, NONE -> {}
            }
        }

        RunFigures done(double calls, double again) {
            double latency = 0;
            for (double each : latencies) {
                latency += each;
            }
            Arrays.sort(latencies);
            double of = Math.max(1, fallBack);
            double all = requests;
            return new RunFigures(
                    fallBack / all,
                    lost / all,
                    latency / all,
                    latencies[requests / 2],
                    latencies[(int) (requests * 0.95)],
                    routing / all,
                    attempts / all,
                    selective / of,
                    missed / of,
                    overtakes / of,
                    calls,
                    again);
        }
    }
}
