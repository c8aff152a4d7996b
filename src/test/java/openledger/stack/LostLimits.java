package openledger.stack;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import openledger.demo.LocalStack;
import openledger.stack.CountingProvider.Call;

/**
 * Keys are used beyond their limits, and for a minute what the limits are shared by is lost: to one router, whose connection for it is cut, and
 * to all, by a lock on its tables. All that time the routers have their journal. Confined to one thread.
 */
final class LostLimits {
    private static final List<Integer> BALANCED = List.of(34, 33, 33);
    private static final long BEFORE_MILLIS = 15_000;
    private static final long CUT_MILLIS = 60_000;
    private static final long AFTER_MILLIS = 25_000;
    /** In which a question has failed, and what was leased has ended. */
    private static final long SOON = 3_000_000_000L;

    private static final double LEAST = 0.98;
    /** A lock waits for nobody longer than this. */
    private static final String LOCK =
            "set lock_timeout = '10s';" + " lock table share_epoch, key_rate, key_slots in access exclusive mode";

    private static final String DEGRADED = "openledger_cluster_degraded_ratio";

    private final ClusterStack stack;
    private final ProofReport report;

    LostLimits(ClusterStack stack, ProofReport report) {
        this.stack = stack;
        this.report = report;
    }

    /** Buckets are to be empty before. */
    void toOne() throws IOException, SQLException, InterruptedException {
        System.out.println("T9: one router loses what the limits are shared by ...");
        ClusterRouter alone = stack.routers().getFirst();
        Run run = new Run("one");
        alone.cutOffFromLimits();
        run.cut();
        alone.heal();
        run.end();
        run.judge("one", List.of(alone));
        long least = Math.round(LEAST * ClusterStack.MANY * run.minutes()) - 1;
        report.demand(run.calls(run.many).size() >= least, "the others did not go on with the whole of a rate");
    }

    /** The same. */
    void toAll() throws IOException, SQLException, InterruptedException {
        System.out.println("T9: all routers lose it ...");
        Run run = new Run("all");
        try (Connection connection = stack.database().first().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(LOCK);
            run.cut();
            connection.rollback();
        }
        run.end();
        run.judge("all", stack.routers());
    }

    /** One minute of loss, with what is before and after it. */
    private final class Run {
        private final String few;
        private final String many;
        private final String other;
        private final List<LimitedLoad> loads = new ArrayList<>();
        private final long began = System.nanoTime();
        private final List<String> degraded = new ArrayList<>();
        private long cutAt;
        private long healedAt;
        private long endedAt;

        Run(String whom) throws InterruptedException {
            few = "marker-lostfew" + whom + "-";
            many = "marker-lostmany" + whom + "-";
            other = "marker-lostother" + whom + "-";
            load(ClusterStack.FEW_KEY, few, 4);
            load(ClusterStack.MANY_KEY, many, 130);
            load(LocalStack.KEY, other, 10);
            Thread.sleep(BEFORE_MILLIS);
        }

        private void load(String key, String word, int perSecond) {
            List<String> routers =
                    stack.routers().stream().map(ClusterRouter::address).toList();
            loads.add(LimitedLoad.start(routers, BALANCED, key, "assistant", word, perSecond));
        }

        void cut() throws IOException, InterruptedException {
            cutAt = System.nanoTime();
            Thread.sleep(CUT_MILLIS);
            for (ClusterRouter router : stack.routers()) {
                if (isDegraded(router)) {
                    degraded.add(router.name());
                }
            }
            healedAt = System.nanoTime();
        }

        void end() throws InterruptedException {
            Thread.sleep(AFTER_MILLIS);
            loads.forEach(LimitedLoad::close);
            endedAt = System.nanoTime();
        }

        double minutes() {
            return (endedAt - began) / 60e9;
        }

        List<Call> calls(String word) {
            return stack.provider().calls().entrySet().stream()
                    .filter(marked -> marked.getKey().startsWith(word))
                    .flatMap(marked -> marked.getValue().stream())
                    .toList();
        }

        /** In the minute of loss, but for its first seconds. */
        private long meanwhile(ClusterRouter router) {
            return List.of(few, many).stream()
                    .flatMap(word -> calls(word).stream())
                    .filter(call -> call.router().equals(router.key())
                            && call.nanos() - cutAt > SOON
                            && healedAt - call.nanos() > 0)
                    .count();
        }

        void judge(String whom, List<ClusterRouter> lost) throws IOException, InterruptedException {
            long most = lost.stream().mapToLong(this::meanwhile).max().orElse(0);
            int fewCalls = calls(few).size();
            int manyCalls = calls(many).size();
            report.figure(String.format(
                    Locale.ROOT,
                    "limits lost to %s for a minute of %.1f: %d calls of %.0f, %d of %.0f, %d of them by a router without them; answers %s and %s,"
                            + " of a key without limits %s; 99 of 100 that were served in %.0f ms, %.0f ms and %.0f ms; degraded: %s",
                    whom,
                    minutes(),
                    fewCalls,
                    ClusterStack.FEW * minutes(),
                    manyCalls,
                    ClusterStack.MANY * minutes(),
                    most,
                    loads.get(0).statuses(),
                    loads.get(1).statuses(),
                    loads.get(2).statuses(),
                    loads.get(0).slowestMillis(),
                    loads.get(1).slowestMillis(),
                    loads.get(2).slowestMillis(),
                    String.join(", ", degraded)));
            report.demand(fewCalls <= ClusterStack.FEW * minutes(), "lost to " + whom + ": more than 60 a minute");
            report.demand(manyCalls <= ClusterStack.MANY * minutes(), "lost to " + whom + ": more than 6,000 a minute");
            report.demand(most == 0, "lost to " + whom + ": a router has let through what nobody had granted");
            report.demand(
                    degraded.equals(lost.stream().map(ClusterRouter::name).toList()),
                    "lost to " + whom + ": the metric does not say so");
            for (ClusterRouter router : stack.routers()) {
                report.demand(!isDegraded(router), router.name() + " does not share limits again");
            }
            boolean othersWereServed = loads.get(2).statuses().keySet().equals(Set.of(200));
            report.demand(othersWereServed, "lost to " + whom + ": a key without limits was refused");
        }
    }

    private static boolean isDegraded(ClusterRouter router) throws IOException, InterruptedException {
        return router.metrics()
                .lines()
                .anyMatch(line -> line.startsWith(DEGRADED)
                        && line.contains("openledger_part=\"rates\"")
                        && line.matches(".* 1(\\.0)?"));
    }
}
