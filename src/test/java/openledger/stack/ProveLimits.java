package openledger.stack;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import openledger.demo.LocalStack;
import openledger.stack.CountingProvider.Call;

/**
 * {@code make prove-limits}: limits of keys over three routers. Keys are used beyond their limits, alike at all routers and mostly at one
 * of them; what they share the limits by is lost to one router, and to all; the provider closes itself to one router, and the others are to
 * leave it alone. The judge is the provider, which counts calls.
 */
public final class ProveLimits {
    private static final List<Integer> BALANCED = List.of(34, 33, 33);
    private static final List<Integer> SKEWED = List.of(90, 5, 5);
    private static final int SECONDS = 120;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");
    private static final long WARM_MILLIS = 15_000;
    private static final int WARM_RATE = 100;
    private static final double LEAST = 0.98;
    private static final long MILLI = 1_000_000;
    /** In which the others hear of a closure. */
    private static final long HEARD = 500 * MILLI;

    private static final int CLOSED_SECONDS = 30;
    private static final long SLOW_MILLIS = 300;

    private final ClusterStack stack;
    private final List<String> routers;
    private int seconds = SECONDS;
    private final ProofReport report = new ProofReport();

    private ProveLimits(ClusterStack stack) {
        this.stack = stack;
        this.routers = stack.routers().stream().map(ClusterRouter::address).toList();
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL, a chain, a provider and three routers ...");
        int exit = 1;
        try (ClusterStack stack = ClusterStack.start(Path.of("target/prove-limits"))) {
            exit = new ProveLimits(stack).run(List.of(arguments));
        } catch (IOException | SQLException broken) {
            say("FAILED: " + broken.getMessage());
        }
        System.exit(exit);
    }

    /** All of them, or those that are named; a number is for how many seconds a rate is used. */
    private int run(List<String> arguments) throws IOException, SQLException, InterruptedException {
        arguments.stream()
                .filter(word -> NUMBER.matcher(word).matches())
                .forEach(word -> seconds = Integer.parseInt(word));
        List<String> wanted = arguments.stream()
                .filter(word -> !NUMBER.matcher(word).matches())
                .toList();
        warm();
        if (wanted.isEmpty() || wanted.contains("T8")) {
            rates("balanced", BALANCED);
            rates("90/5/5", SKEWED);
            places();
        }
        if (wanted.isEmpty() || wanted.contains("tokens")) {
            for (List<Integer> percent : List.of(BALANCED, SKEWED)) {
                emptyBuckets();
                new TokenLimits(stack, report).use(percent, seconds);
            }
        }
        if (wanted.isEmpty() || wanted.contains("T9")) {
            LostLimits lost = new LostLimits(stack, report);
            emptyBuckets();
            lost.toOne();
            emptyBuckets();
            lost.toAll();
        }
        if (wanted.isEmpty() || wanted.contains("T10")) {
            closure();
        }
        if (wanted.isEmpty() || wanted.contains("cost")) {
            new ShareCost(stack.database().first(), report).measure();
        }
        return report.end();
    }

    /** Routers that have just started are slow, and their first questions late. */
    private void warm() throws InterruptedException {
        LimitedLoad load = LimitedLoad.start(routers, BALANCED, LocalStack.KEY, "assistant", "marker-warm-", WARM_RATE);
        Thread.sleep(WARM_MILLIS);
        load.close();
    }

    private void rates(String spread, List<Integer> percent) throws SQLException, InterruptedException {
        say("T8: 60 and 6,000 a minute are asked for more often, " + spread + " ...");
        emptyBuckets();
        long began = System.nanoTime();
        String few = "marker-few" + percent.getFirst() + "-";
        String many = "marker-many" + percent.getFirst() + "-";
        LimitedLoad slow = LimitedLoad.start(routers, percent, ClusterStack.FEW_KEY, "assistant", few, 4);
        LimitedLoad quick = LimitedLoad.start(routers, percent, ClusterStack.MANY_KEY, "assistant", many, 130);
        Thread.sleep(seconds * 1_000L);
        slow.close();
        quick.close();
        double minutes = (System.nanoTime() - began) / 60e9;
        judge(spread, few, ClusterStack.FEW, minutes, slow);
        judge(spread, many, ClusterStack.MANY, minutes, quick);
    }

    /** So that what is let through is what flows in, and no minute's worth from before. */
    private void emptyBuckets() throws SQLException {
        try (Connection connection = stack.database().first().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("update share_epoch set born = noted + share_clock() - clock");
        }
    }

    private void judge(String spread, String word, int perMinute, double minutes, LimitedLoad load) {
        long calls = called(word).stream().mapToLong(List::size).sum();
        double allowed = perMinute * minutes;
        report.figure(String.format(
                Locale.ROOT,
                "%d a minute, %s: %d calls of %.0f (%.1f %%), answers by status %s",
                perMinute,
                spread,
                calls,
                allowed,
                100 * calls / allowed,
                load.statuses()));
        report.demand(calls <= allowed, perMinute + " a minute, " + spread + ": more than that was let through");
        // What is asked for ends a little before the clock does, and the last token may not be whole.
        report.demand(
                calls >= LEAST * allowed - 1, perMinute + " a minute, " + spread + ": too little was let through");
    }

    private void places() throws InterruptedException {
        say("T8: more requests at once than a key may have ...");
        stack.provider().serviceMillis(SLOW_MILLIS);
        LimitedLoad load =
                LimitedLoad.start(routers, BALANCED, ClusterStack.NARROW_KEY, "assistant", "marker-narrow-", 60);
        Thread.sleep(30_000);
        load.close();
        stack.provider().serviceMillis(ClusterStack.SERVICE_MILLIS);
        int most = stack.provider().mostAtOnce("marker-narrow-");
        report.figure(String.format(
                Locale.ROOT,
                "%d at once: %d at most, answers by status %s",
                ClusterStack.NARROW,
                most,
                load.statuses()));
        report.demand(most <= ClusterStack.NARROW, "more requests at once than the key may have");
        report.demand(most > ClusterStack.NARROW / 2, "places were not used");
    }

    private void closure() throws InterruptedException {
        say("T10: the provider tells one router to come back in " + CLOSED_SECONDS + " s ...");
        String word = "marker-closed-";
        LimitedLoad load = LimitedLoad.start(routers, BALANCED, LocalStack.KEY, "single", word, 60);
        Thread.sleep(3_000);
        stack.provider().close("sim-only", CLOSED_SECONDS);
        Thread.sleep(5_000);
        load.close();
        long closed = stack.provider().refusedSince();
        int most = 0;
        long after = 0;
        long last = 0;
        String first = stack.provider().refusedFirst();
        for (ClusterRouter router : stack.routers()) {
            List<Call> calls = called(word).stream()
                    .flatMap(List::stream)
                    .filter(call -> call.router().equals(router.key()) && call.nanos() - closed > 0)
                    .toList();
            long soon = calls.stream()
                    .filter(call -> call.nanos() - closed <= HEARD)
                    .count();
            if (!router.key().equals(first)) {
                most = (int) Math.max(most, soon);
            }
            after += calls.size() - soon;
            last = Math.max(
                    last,
                    calls.stream()
                            .mapToLong(call -> call.nanos() - closed)
                            .max()
                            .orElse(0));
        }
        report.figure(String.format(
                Locale.ROOT,
                "closed at one router: %d calls of another at most, the last after %d ms",
                most,
                last / MILLI));
        report.demand(closed != 0, "the provider has closed itself to nobody");
        report.demand(most <= 1, "others called a provider that was closed more than once each");
        report.demand(after == 0, "a provider was called after all had heard that it is closed");
    }

    private List<List<Call>> called(String word) {
        return stack.provider().calls().entrySet().stream()
                .filter(marked -> marked.getKey().startsWith(word))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
