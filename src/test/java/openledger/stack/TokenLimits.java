package openledger.stack;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import openledger.stack.CountingProvider.Call;

/**
 * A key with a limit of tokens a minute is used beyond it at three routers. Each request may have an answer of 1,000 tokens; what answers say
 * is between 100 and 1,500, so estimates are wrong on both sides. The judge is the sum of what the provider has said. Confined to one thread.
 */
final class TokenLimits {
    private static final int MOST_TOKENS = 1_000;
    private static final int LEAST_USED = 100;
    private static final int MOST_USED = 1_500;
    private static final int PER_SECOND = 12;
    private static final long SLOW_MILLIS = 400;
    private static final double LEAST = 0.95;

    private final ClusterStack stack;
    private final ProofReport report;
    private final Random random = new Random(21);

    TokenLimits(ClusterStack stack, ProofReport report) {
        this.stack = stack;
        this.report = report;
    }

    /** Buckets are to be empty before, so that nothing is used but what flows in. */
    void use(List<Integer> percent, int seconds) throws InterruptedException {
        System.out.println(
                "Tokens: " + ClusterStack.TOKENS + " a minute are asked for more often, " + percent + " ...");
        stack.provider().serviceMillis(SLOW_MILLIS);
        long before = used();
        int callsBefore = calls();
        List<String> routers =
                stack.routers().stream().map(ClusterRouter::address).toList();
        long began = System.nanoTime();
        LimitedLoad load = LimitedLoad.start(
                routers,
                percent,
                ClusterStack.TOKENS_KEY,
                "assistant",
                number -> "marker-uses" + random.nextInt(LEAST_USED, MOST_USED + 1) + "-at" + percent.getFirst() + "-"
                        + number,
                MOST_TOKENS,
                PER_SECOND);
        Thread.sleep(seconds * 1_000L);
        double minutes = (System.nanoTime() - began) / 60e9;
        load.close();
        stack.provider().serviceMillis(ClusterStack.SERVICE_MILLIS);
        long used = used() - before;
        double allowed = ClusterStack.TOKENS * minutes;
        // Of each request that was under way at the end, what it used beyond its estimate; input counts in the
        // estimate.
        long underWay = (long) stack.provider().mostAtOnce("marker-uses-") * (MOST_USED - MOST_TOKENS);
        report.figure(String.format(
                Locale.ROOT,
                "%d tokens a minute, %s: %d used of %.0f (%.1f %%) by %d requests, %d at once at most, answers by status %s",
                ClusterStack.TOKENS,
                percent,
                used,
                allowed,
                100 * used / allowed,
                calls() - callsBefore,
                stack.provider().mostAtOnce("marker-uses-"),
                load.statuses()));
        report.demand(used <= allowed + underWay, "more tokens than that were let through, " + percent);
        report.demand(used >= LEAST * allowed, "too few tokens were let through, " + percent);
    }

    private int calls() {
        return stack.provider().calls().entrySet().stream()
                .filter(marked -> marked.getKey().startsWith("marker-uses"))
                .mapToInt(marked -> marked.getValue().size())
                .sum();
    }

    /** One of input for each call, and what its word says. */
    private long used() {
        long sum = 0;
        for (var marked : stack.provider().calls().entrySet()) {
            if (marked.getKey().startsWith("marker-uses")) {
                List<Call> calls = marked.getValue();
                sum += calls.size() * (1 + CountingProvider.uses(marked.getKey()));
            }
        }
        return sum;
    }
}
