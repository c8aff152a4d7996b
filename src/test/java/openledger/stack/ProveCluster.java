package openledger.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import openledger.stack.ClusterLanes.Standing;
import openledger.stack.CountingProvider.Call;
import openledger.stack.retry.ClusterRetries;

/**
 * {@code make prove-cluster}: three routers on one database under load, one of which is restarted after another, killed, suspended, cut off from the
 * database, or loses its lane while it lives; and all of which are killed, and one comes back; at last the database fails over. The judges are the provider, which counts
 * calls, and the database.
 *
 * <p>Long because it is one run, told from its start to its end.
 */
public final class ProveCluster {
    private static final Duration RECORDED = Duration.ofSeconds(30);
    private static final Duration RETURN = Duration.ofSeconds(20);
    /** A call that was begun in time is at the provider a moment later. */
    private static final Duration LAST_CALL = Duration.ofMillis(2_100);

    private static final Duration FAILED_OVER = Duration.ofSeconds(15);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final List<Duration> HOLES = List.of(Duration.ofSeconds(5), Duration.ofSeconds(30));
    private static final int FLIPS = 4;
    /** {@code minReadySeconds} of deploy/kubernetes: only then the next one is restarted. */
    private static final Duration LONG_ENOUGH_READY = Duration.ofSeconds(5);

    private static final int ROLLING_RATE = 50;
    private static final int ROLLING_REQUESTS = 6_000;
    private static final int RATE = 40;
    private static final int FLIP_RATE = 20;
    private static final int FREE = 3;
    /** Of the route. */
    private static final int BUDGET = 4;
    /** Of the requests without a key that were sent again. */
    private static final double JOINED = 0.99;

    private final ClusterStack stack;
    private final ClusterLanes lanes;
    private final List<String> failures = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();

    private ProveCluster(ClusterStack stack) {
        this.stack = stack;
        this.lanes = new ClusterLanes(stack.database().first());
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL and its standby, a chain, a provider and three routers ...");
        int exit = 1;
        try (ClusterStack stack = ClusterStack.start(Path.of("target/prove-cluster"))) {
            exit = new ProveCluster(stack).run(List.of(arguments));
        } catch (IOException | SQLException broken) {
            say("FAILED: " + broken.getMessage());
        }
        System.exit(exit);
    }

    /** All of them, or those that are named. */
    private int run(List<String> wanted) throws IOException, SQLException, InterruptedException {
        if (wanted.isEmpty() || wanted.contains("T13")) {
            rollingRestart();
        }
        if (wanted.isEmpty() || wanted.contains("T2")) {
            keysUnder(KeysUnderFaults.Fault.KILLED, "T2");
        }
        if (wanted.isEmpty() || wanted.contains("T3")) {
            retriesWithoutKeys();
        }
        if (wanted.isEmpty() || wanted.contains("T4")) {
            keysUnder(KeysUnderFaults.Fault.SUSPENDED, "T4");
        }
        if (wanted.isEmpty() || wanted.contains("T7")) {
            cutOff();
        }
        if (wanted.isEmpty() || wanted.contains("T20")) {
            lostLanes();
        }
        if (wanted.isEmpty() || wanted.contains("T5")) {
            oneKilled();
        }
        if (wanted.isEmpty() || wanted.contains("T6")) {
            allKilled();
        }
        // The last one: nothing promotes the first server again.
        if (wanted.isEmpty() || wanted.contains("T18")) {
            failedOver();
        }
        failures.forEach(failure -> say("FAILED: " + failure));
        say("figure: " + String.join("; ", figures));
        return failures.isEmpty() ? 0 : 1;
    }

    private void rollingRestart() throws IOException, InterruptedException {
        say("T13: a rolling restart at " + ROLLING_RATE + "/s ...");
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), ROLLING_RATE);
        Thread.sleep(2_000);
        for (ClusterRouter router : stack.routers()) {
            // As Kubernetes does with a preStop: it leaves the balancer before it is told to stop.
            stack.balancer().leaves(router.port());
            Thread.sleep(1_000);
            router.stop();
            router.start();
            router.awaitReady();
            stack.balancer().comes(router.port());
            Thread.sleep(LONG_ENOUGH_READY);
        }
        while (load.sent() < ROLLING_REQUESTS) {
            Thread.sleep(50);
        }
        load.close();
        load.told().forEach(ProveCluster::say);
        figure(String.format(
                Locale.ROOT,
                "rolling restart of 3 at %d/s: %d failed of %d",
                ROLLING_RATE,
                load.failed(),
                load.sent()));
        demand(load.failed() == 0, "requests failed in a rolling restart");
        demand(new HashSet<>(load.ids()).size() == load.ids().size(), "an id was given twice");
    }

    private void keysUnder(KeysUnderFaults.Fault fault, String test) throws IOException, InterruptedException {
        String befalls = fault.name().toLowerCase(Locale.ROOT);
        say(test + ": keys are sent again and again, while routers are " + befalls + " ...");
        KeysUnderFaults.Verdict seen = new KeysUnderFaults(stack).run(fault, BUDGET);
        ClusterResends.Verdict keys = seen.keys();
        figure(String.format(
                Locale.ROOT,
                "%d keys sent %d times, %d routers %s meanwhile: %d calls of a key at most, %d keys over the budget of %d, %d"
                        + " went on at another router, %d other bodies taken; answers by status %s",
                keys.keys(),
                keys.sends(),
                seen.faults(),
                befalls,
                keys.mostCalls(),
                keys.overBudget(),
                BUDGET,
                keys.wentOn(),
                keys.otherBodies(),
                keys.statuses()));
        demand(keys.wentOn() > 0, "no key went on at another router, so nothing was shown");
        demand(keys.overBudget() == 0, "a key had more calls than its budget");
        demand(keys.otherBodies() == 0, "another body was taken under a key");
    }

    private void retriesWithoutKeys() throws IOException, InterruptedException {
        say("T3: clients leave, and their SDKs send again without a key, each time to another router ...");
        ClusterRetries.Verdict seen = new ClusterRetries(stack).run(BUDGET);
        seen.told().forEach(ProveCluster::say);
        figure(String.format(
                Locale.ROOT,
                "%d requests without a key sent %d times, at another router each time: %d of %d that were called before their"
                        + " client left stayed one request (%.2f %%), %d calls of one at most, %d over the budget of %d; %d"
                        + " had called nobody",
                seen.requests(),
                seen.sends(),
                seen.joined(),
                seen.retried(),
                100.0 * seen.joined() / seen.retried(),
                seen.mostCalls(),
                seen.overBudget(),
                BUDGET,
                seen.notBegun()));
        demand(seen.joined() >= JOINED * seen.retried(), "too few retries were joined");
        demand(seen.overBudget() == 0, "a request without a key had more calls than its budget");
    }

    private void cutOff() throws IOException, InterruptedException {
        ClusterRouter router = stack.routers().get(1);
        for (Duration hole : HOLES) {
            say("T7: no packets between one router and PostgreSQL for " + hole.toSeconds() + " s ...");
            ClusterLoad load = ClusterLoad.start(stack.balancer().address(), RATE);
            Thread.sleep(3_000);
            int restarts = router.restarts();
            router.cutOff();
            long cut = System.nanoTime();
            Thread.sleep(hole);
            router.heal();
            long healed = System.nanoTime();
            long lastCall = lastCallBefore(router, healed) - cut;
            awaitReady(router);
            long back = System.nanoTime() - healed;
            Thread.sleep(3_000);
            load.close();
            load.told().forEach(ProveCluster::say);
            figure(String.format(
                    Locale.ROOT,
                    "cut off for %d s: last call after %.2f s, ready %.1f s after the heal (%s)",
                    hole.toSeconds(),
                    seconds(lastCall),
                    seconds(back),
                    router.restarts() == restarts ? "with its lane" : "with another lane"));
            demand(lastCall < LAST_CALL.toNanos(), "a provider was called by a router that was cut off");
            demand(back < RETURN.toNanos(), "a router was not ready in time after the heal");
            demand(new HashSet<>(load.ids()).size() == load.ids().size(), "an id was given twice");
        }
    }

    /** Its port may still answer from before. */
    private void awaitReady(ClusterRouter router) throws IOException, InterruptedException {
        long until = System.nanoTime() + LONGEST.toNanos();
        int good = 0;
        while (good < 3 && System.nanoTime() < until) {
            Thread.sleep(100);
            good = stack.balancer().isReady(router.port()) ? good + 1 : 0;
        }
    }

    private long lastCallBefore(ClusterRouter router, long before) {
        return callsOf(router).stream()
                .mapToLong(Call::nanos)
                .filter(nanos -> nanos - before < 0)
                .max()
                .orElse(before);
    }

    private List<Call> callsOf(ClusterRouter router) {
        return stack.provider().calls().values().stream()
                .flatMap(List::stream)
                .filter(call -> call.router().equals(router.key()))
                .toList();
    }

    private void lostLanes() throws IOException, SQLException, InterruptedException {
        say("T20: lanes are taken from routers that live, at " + FLIP_RATE + "/s ...");
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), FLIP_RATE);
        long late = 0;
        long slowest = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            Thread.sleep(3_000);
            ClusterRouter router = stack.routers().get(flip % stack.routers().size());
            int restarts = router.restarts();
            lanes.take(ClusterLanes.of(router));
            long taken = System.nanoTime();
            long until = taken + LONGEST.toNanos();
            while (router.restarts() == restarts && System.nanoTime() < until) {
                Thread.sleep(5);
            }
            while (ClusterLanes.of(router) == 0 && System.nanoTime() < until) {
                Thread.sleep(5);
            }
            long claimed = System.nanoTime();
            late += callsOf(router).stream()
                    .filter(call -> call.nanos() - taken > LAST_CALL.toNanos() && call.nanos() - claimed < 0)
                    .count();
            awaitReady(router);
            slowest = Math.max(slowest, System.nanoTime() - taken);
        }
        load.close();
        Set<String> ids = new HashSet<>(load.ids());
        figure(String.format(
                Locale.ROOT,
                "%d lanes taken from routers that live: %d ids given twice, %d calls without a lane, ready with a"
                        + " lane again after %.1f s at most",
                FLIPS,
                load.ids().size() - ids.size(),
                late,
                seconds(slowest)));
        demand(ids.size() == load.ids().size(), "an id was given twice");
        demand(late == 0, "a router called a provider without its lane");
        demand(slowest < RETURN.toNanos(), "a router that had lost its lane was not ready in time");
    }

    private void oneKilled() throws IOException, SQLException, InterruptedException {
        say("T5: one router is killed at " + RATE + "/s, and not started again ...");
        ClusterRouter router = stack.routers().getLast();
        long lane = ClusterLanes.of(router);
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), RATE);
        Thread.sleep(5_000);
        router.kill();
        long killed = System.nanoTime();
        Standing settled = awaitSettled(List.of(lane), killed);
        long took = System.nanoTime() - killed;
        long free = awaitFree(lane, killed);
        load.close();
        figure(String.format(
                Locale.ROOT,
                "one of 3 killed: its %d requests have row, leaf and SEQUENCED after %.1f s, unattended for %.1f s at most,"
                        + " free after %.1f s",
                settled.requests(),
                seconds(took),
                settled.unattended(),
                seconds(free)));
        demand(took < RECORDED.toNanos(), "a dead router's requests were not settled in time");
        demand(settled.unattended() > 0, "nobody could see that the lane was unattended");
        router.start();
        router.awaitReady();
    }

    private void allKilled() throws IOException, SQLException, InterruptedException {
        say("T6: all routers are killed at " + RATE + "/s, and one is started ...");
        List<Long> all = new ArrayList<>();
        for (ClusterRouter router : stack.routers()) {
            all.add(ClusterLanes.of(router));
        }
        ClusterLoad load = ClusterLoad.start(stack.balancer().address(), RATE);
        Thread.sleep(5_000);
        stack.routers().forEach(ClusterRouter::kill);
        load.close();
        ClusterRouter first = stack.routers().getFirst();
        first.start();
        long started = System.nanoTime();
        first.awaitReady();
        Standing settled = awaitSettled(all, started);
        long took = System.nanoTime() - started;
        figure(String.format(
                Locale.ROOT,
                "all 3 killed, one started: %d requests of their lanes settled after %.1f s",
                settled.requests(),
                seconds(took)));
        demand(took < RECORDED.toNanos(), "dead routers' requests were not settled in time");
        for (ClusterRouter other : stack.routers().subList(1, stack.routers().size())) {
            other.start();
            other.awaitReady();
        }
    }

    private void failedOver() throws IOException, SQLException, InterruptedException {
        say("T18: the database's primary is killed under load, and its standby promoted ...");
        FailOver.Verdict verdict = new FailOver(stack).run();
        verdict.told().forEach(ProveCluster::say);
        figure(String.format(
                Locale.ROOT,
                "the database's primary killed, its standby promoted 3 s later: all routers ready after %.1f s, %d of %d answered"
                        + " requests without a decision, %d not answered",
                seconds(verdict.unready().toNanos()),
                verdict.unrecorded().size(),
                verdict.answered(),
                verdict.failed()));
        demand(verdict.unready().compareTo(FAILED_OVER) < 0, "routers were not ready in time after a fail-over");
        demand(verdict.unrecorded().isEmpty(), "answered requests have no decision: " + verdict.unrecorded());
    }

    /** The sum of what stands in those lanes once all of it is settled, and for how long the worst was unattended. */
    private Standing awaitSettled(List<Long> of, long since) throws SQLException, InterruptedException {
        double unattended = 0;
        while (true) {
            long requests = 0;
            long rows = 0;
            long leaves = 0;
            long unsequenced = 0;
            for (long lane : of) {
                Standing now = lanes.of(lane);
                requests += now.requests();
                rows += now.rows();
                leaves += now.leaves();
                unsequenced += now.unsequenced();
                unattended = Math.max(unattended, now.unattended());
            }
            Standing sum = new Standing(requests, rows, leaves, unsequenced, 0, unattended);
            if (sum.isSettled()) {
                return sum;
            }
            if (System.nanoTime() - since > LONGEST.toNanos()) {
                failures.add("lanes are not settled: " + sum);
                return sum;
            }
            Thread.sleep(100);
        }
    }

    private long awaitFree(long lane, long since) throws SQLException, InterruptedException {
        while (lanes.of(lane).state() != FREE) {
            if (System.nanoTime() - since > LONGEST.toNanos()) {
                failures.add("lane " + lane + " is not free");
                break;
            }
            Thread.sleep(100);
        }
        return System.nanoTime() - since;
    }

    private void figure(String text) {
        figures.add(text);
        say("  " + figures.getLast());
    }

    private void demand(boolean good, String otherwise) {
        if (!good) {
            failures.add(otherwise);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
