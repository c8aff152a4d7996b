package openledger.chaos.attack;

import java.io.IOException;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import openledger.support.ProcessFigures;
import openledger.support.ShownThings;
import org.jspecify.annotations.Nullable;

/**
 * {@code make attack}: attacks a router in every way we know, from a seed, while an honest tenant works beside it, and shows what that
 * tenant noticed. Each attack is measured against the quiet before it, in turns, so that noise of the machine meets both alike and a
 * single hiccup counts for neither. Bounded in time, rate and connections; loopback only. Long because what is attacked, seen and judged is best read together.
 */
public final class Attack {
    private static final int TURNS = 3;
    private static final double TURN_SECONDS = 3;
    private static final double WARM_UP_SECONDS = 10;
    private static final int VOLLEY = 100_000;
    private static final int VOLLEY_THREADS = 8;
    private static final int LONGEST_MILLIS = 1_000;
    private static final double MOST_OF_BEFORE = 2;
    /** Below it, twice as much is noise of the machine: ms. */
    private static final double LEAST_P99_MILLIS = 50;

    private static final double MOST_RSS_MEGABYTES = 900;
    private static final Duration STOP = Duration.ofSeconds(40);
    private static final int HELD_AT_STOP = 300;

    private final ShownThings shown = new ShownThings();
    private final long seed;
    private final List<String> names;
    private double worstP99;
    private double worstRss;

    private Attack(long seed, List<String> names) {
        this.seed = seed;
        this.names = names;
    }

    /** Arguments: a seed, and words of the attacks that are to be run; none for all. */
    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
        List<String> names = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        System.exit(new Attack(seed, names).run() ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException, InterruptedException {
        System.out.println("Starting PostgreSQL, providers and the router; seed " + seed + " ...");
        List<Assault> assaults = new ArrayList<>(DoorAssaults.all());
        assaults.addAll(TenantAssaults.all());
        assaults.removeIf(assault -> !names.isEmpty() && names.stream().noneMatch(assault.name()::contains));
        try (AttackStack stack = AttackStack.start()) {
            new HonestTenant().work(WARM_UP_SECONDS);
            System.out.printf(
                    "%n  %-52s %9s %9s %9s %7s %6s  %s%n",
                    "attack", "before", "beside", "longest", "RSS MB", "best", "answers to the attacker");
            for (Assault assault : assaults) {
                strike(stack, assault);
            }
            if (names.isEmpty()) {
                volley(stack);
                stop(stack);
            }
            log(stack);
        }
        shown.print();
        System.out.printf(
                Locale.ROOT,
                "figure: %d attacks; honest p99 at most %.0f ms beside one; RSS at most %.0f MB%n",
                assaults.size(),
                worstP99,
                worstRss);
        return shown.allAsExpected();
    }

    private void strike(AttackStack stack, Assault assault) throws IOException, InterruptedException {
        HonestTurns quiet = new HonestTurns();
        HonestTurns beside = new HonestTurns();
        List<String> found = new ArrayList<>();
        try (AttackClient client = new AttackClient()) {
            for (int turn = 0; turn < TURNS; turn++) {
                quiet.work(TURN_SECONDS);
                try (Strikes strikes = new Strikes(assault, client, seed + turn)) {
                    beside.work(TURN_SECONDS);
                    strikes.found().ifPresent(found::add);
                }
                client.letGo();
            }
            double rss = rss(stack);
            System.out.printf(
                    Locale.ROOT,
                    "  %-52s %6.1f ms %6.1f ms %6.0f ms %7.0f %4.0f %%  %s%n",
                    assault.name(),
                    quiet.p99Millis(),
                    beside.p99Millis(),
                    beside.longestMillis(),
                    rss,
                    100 * beside.bestTierShare(),
                    client.statuses());
            judge(assault, found, client, quiet, beside, rss);
        }
    }

    private void judge(
            Assault assault,
            List<String> found,
            AttackClient client,
            HonestTurns quiet,
            HonestTurns beside,
            double rss) {
        worstP99 = Math.max(worstP99, beside.p99Millis());
        worstRss = Math.max(worstRss, rss);
        double most = Math.max(LEAST_P99_MILLIS, MOST_OF_BEFORE * quiet.p99Millis()) + assault.tollMillis();
        List<String> wrong = new ArrayList<>(found);
        if (beside.failed() + quiet.failed() > 0) {
            wrong.add(beside.failed() + quiet.failed() + " honest requests failed");
        }
        if (client.answered(500) > 0) {
            wrong.add(client.answered(500) + " answers with 500");
        }
        if (beside.p99Millis() > Math.min(most, LONGEST_MILLIS)) {
            wrong.add(String.format(Locale.ROOT, "p99 of %.0f ms, %.0f before", beside.p99Millis(), quiet.p99Millis()));
        }
        if (rss > MOST_RSS_MEGABYTES) {
            wrong.add(String.format(Locale.ROOT, "%.0f MB resident", rss));
        }
        shown.expect(assault.name(), "harmless", wrong.isEmpty() ? "harmless" : String.join("; ", wrong));
    }

    /** Threads that strike until this is closed. */
    private static final class Strikes implements AutoCloseable {
        private final ExecutorService threads;
        private final AtomicReference<@Nullable AssertionError> bug = new AtomicReference<>();
        private volatile boolean over;

        Strikes(Assault assault, AttackClient client, long seed) {
            threads = Executors.newFixedThreadPool(assault.threads());
            for (int i = 0; i < assault.threads(); i++) {
                Random random = new Random(seed * 31 + i);
                threads.execute(() -> repeat(assault, client, random));
            }
        }

        private void repeat(Assault assault, AttackClient client, Random random) {
            while (!over) {
                try {
                    assault.strike().at(client, random);
                    Thread.sleep(assault.pauseMillis());
                } catch (IOException closedDoor) {
                    // What the honest tenant notices is what counts.
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (AssertionError found) {
                    bug.compareAndSet(null, found);
                }
            }
        }

        /** What the router must not have answered. */
        Optional<String> found() {
            return Optional.ofNullable(bug.get()).map(AssertionError::getMessage);
        }

        @Override
        public void close() {
            over = true;
            threads.shutdownNow();
        }
    }

    private void volley(AttackStack stack) throws IOException, InterruptedException {
        System.out.println("\n  " + VOLLEY + " hostile requests ...");
        AtomicLong left = new AtomicLong(VOLLEY);
        HonestTenant beside = new HonestTenant();
        try (AttackClient client = new AttackClient()) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < VOLLEY_THREADS; i++) {
                Random random = new Random(seed * 1_000 + i);
                threads.add(Thread.ofPlatform().start(() -> {
                    while (left.decrementAndGet() >= 0) {
                        TenantAssaults.volley(client, random);
                    }
                }));
            }
            while (left.get() > 0) {
                beside.work(TURN_SECONDS);
            }
            for (Thread thread : threads) {
                thread.join();
            }
            System.out.println("  by status: " + client.statuses());
            shown.expect("hostile requests sent", VOLLEY, client.answers());
            shown.expect("hostile requests answered with 500", 0, client.answered(500));
            shown.expect("honest requests that failed beside them", 0, beside.failed());
        }
        worstRss = Math.max(worstRss, rss(stack));
    }

    /** SIGTERM ends it, whoever holds connections. */
    private void stop(AttackStack stack) throws IOException, InterruptedException {
        try (AttackClient client = new AttackClient()) {
            List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < HELD_AT_STOP; i++) {
                silent.add(client.connect());
            }
            new Thread(stack.router()::close).start();
            int code = stack.router().awaitEnd(STOP);
            shown.expect("exit code after SIGTERM beside " + HELD_AT_STOP + " silent connections", 143, code);
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    private void log(AttackStack stack) throws IOException {
        List<String> lines = stack.router().lines();
        shown.expect(
                "log lines with ERROR",
                0,
                lines.stream().filter(line -> line.contains(" ERROR ")).count());
        shown.expect(
                "log lines with OutOfMemoryError",
                0,
                lines.stream().filter(line -> line.contains("OutOfMemoryError")).count());
        shown.expect(
                "log lines with a terminal's escape",
                0,
                lines.stream().filter(line -> line.indexOf('\u001b') >= 0).count());
        shown.expect(
                "log lines with a key",
                0,
                lines.stream()
                        .filter(line ->
                                line.contains(AttackStack.ATTACKER_KEY) || line.contains(AttackStack.HONEST_KEY))
                        .count());
    }

    private static double rss(AttackStack stack) throws IOException {
        return ProcessFigures.of(stack.router().pid()).rssMegabytes();
    }
}
