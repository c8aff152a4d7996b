package openledger.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import openledger.demo.ChatRequest;
import openledger.demo.OpenLoop;
import openledger.demo.OpenLoop.Destination;
import openledger.routing.Gate;
import org.HdrHistogram.Histogram;

/**
 * {@code make bench-confirmed}: how long confirmations take with blocks of 0.25 s, what the gates add to the first byte, whether
 * 1,000 confirmed requests a second are borne, what they cost on chain, and what fast requests notice of them. All in one run;
 * what is compared takes turns.
 */
final class ConfirmedBench {
    private static final Path CONFIG = Path.of("deploy/bench-confirmed.yaml");
    private static final Path FLEET = Path.of("deploy/bench-confirmed-fleet.yaml");
    private static final int PROVIDER_PORT = 9211;
    private static final String INSTANT = "instant";
    private static final String FIRST_600 = "first600";
    private static final double COMPARED_RATE = 100;
    private static final double SUSTAINED_RATE = 1_000;
    private static final double BESIDE_RATE = 100;
    private static final double FAST_RATE = 500;
    private static final int GRACE_SECONDS = 15;
    private static final int WINDOWS = 6;
    private static final int FULL_SECONDS = 120;
    private static final int ROUNDS = 5;
    private static final String GAS = "select coalesce(sum(gas_used), 0) from batch where sequence > ";
    private static final String BATCHES = "select count(*) from batch where gas_used is not null and sequence > ";
    private static final String LAST_BATCH = "select coalesce(max(sequence), 0) from batch";
    private static final String UNCONFIRMED = "select count(*) from decision where status = 7";

    private final ObjectNode report = JsonNodeFactory.instance.objectNode();
    private final int seconds = BenchPace.isQuick() ? 12 : FULL_SECONDS;
    private final ConfirmedAnswers answers = new ConfirmedAnswers();

    private ConfirmedBench() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new ConfirmedBench().run() == 0 ? 0 : 1);
    }

    private long run() throws IOException, SQLException, InterruptedException {
        BenchStack.machine(report);
        say("Starting PostgreSQL, a chain, upstreams and the router ...");
        long failed;
        try (ConfirmedStack stack = ConfirmedStack.start(CONFIG, FLEET, PROVIDER_PORT, BenchStack.OUT)) {
            say("Warming up ...");
            // The lane is opened and the policy published meanwhile, so the first requests may be refused.
            offer(destination("warm-up", ChatRequest.confirmed(INSTANT, Gate.RESPONSE)), BESIDE_RATE, seconds / 6);
            offer(
                    destination("warm-up", ChatRequest.confirmed(INSTANT, Gate.DISPATCH)),
                    SUSTAINED_RATE / 2,
                    seconds / 6);
            answers.addRefusalsTo(report, "warm_up_refusals");
            answers.forget();
            failed = added();
            failed += sustained(stack);
            failed += beside();
            report.put("unconfirmed", stack.number(UNCONFIRMED));
        }
        report.put("failed_requests", failed);
        say("Failed requests: " + failed + answers.refusalsInWords());
        answers.addRefusalsTo(report, "refusals");
        BenchStack.write("confirmed", report);
        return failed;
    }

    private long added() throws IOException {
        say("Comparing gates with fast mode, " + seconds + " s ...");
        Destination fast = destination("fast", fast(INSTANT));
        Destination dispatch = destination("dispatch", ChatRequest.confirmed(INSTANT, Gate.DISPATCH));
        Destination fast600 = destination("fast-600", fast(FIRST_600));
        Destination response = destination("response-600", ChatRequest.confirmed(FIRST_600, Gate.RESPONSE));
        List<Destination> all = List.of(fast, dispatch, fast600, response);
        new OpenLoop(all, COMPARED_RATE, seconds, 2, 1).tell(answers::note).run(GRACE_SECONDS);
        Histogram delay = answers.confirmations();
        double p50 = ConfirmedAnswers.millis(delay, 50);
        double p95 = ConfirmedAnswers.millis(delay, 95);
        double spread = ConfirmedAnswers.millis(delay, 99) - p50;
        tell("delay to confirmation p50", p50, 300);
        tell("delay to confirmation p95", p95, 450);
        tell("delay to confirmation p99 - p50", spread, 250);
        report.putObject("delay_to_confirmation_ms")
                .put("p50", p50)
                .put("p95", p95)
                .put("p99", ConfirmedAnswers.millis(delay, 99))
                .put("p99_minus_p50", spread)
                .put("confirmations", delay.getTotalCount());
        compare("gate dispatch adds to the first byte", "added_dispatch_ms", dispatch, fast, 300, Double.NaN);
        compare("gate response adds to a first byte of 600 ms", "added_response_600_ms", response, fast600, 70, 130);
        answers.addHoldsTo(report.putObject("hold_ms"));
        return all.stream().mapToLong(Destination::failed).sum();
    }

    private void compare(String what, String name, Destination with, Destination without, double p50, double p95) {
        double added50 = with.millis(50) - without.millis(50);
        double added95 = with.millis(95) - without.millis(95);
        tell(what + ", p50", added50, p50);
        if (!Double.isNaN(p95)) {
            tell(what + ", p95", added95, p95);
        }
        report.putObject(name)
                .put("p50", added50)
                .put("p95", added95)
                .put("p50_of_fast", without.millis(50))
                .put("p50_of_confirmed", with.millis(50))
                .put("requests", with.measured());
    }

    private long sustained(ConfirmedStack stack) throws IOException, SQLException {
        int length = seconds / 2;
        say(String.format(Locale.ROOT, "%.0f confirmed requests/s for %d s ...", SUSTAINED_RATE, length));
        long batchesBefore = stack.number(LAST_BATCH);
        List<Histogram> windows = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            windows.add(ConfirmedAnswers.histogram());
        }
        long start = System.nanoTime();
        Destination to = destination("sustained", ChatRequest.confirmed(INSTANT, Gate.RESPONSE));
        new OpenLoop(List.of(to), SUSTAINED_RATE, length, 0, length)
                .tell((from, answer) -> {
                    answers.note(from, answer);
                    int window = (int) ((System.nanoTime() - start) / 1e9 / length * WINDOWS);
                    ConfirmedAnswers.record(
                            windows.get(Math.min(window, WINDOWS - 1)), answer.header("openledger-confirm-ms"));
                })
                .run(GRACE_SECONDS);
        ArrayNode list = report.putObject("sustained")
                .put("requests_per_second", SUSTAINED_RATE)
                .put("seconds", length)
                .put("answers", to.measured())
                .put("failed", to.failed())
                .putArray("delay_p50_ms_by_sixth");
        windows.forEach(window -> list.add(ConfirmedAnswers.millis(window, 50)));
        double first = ConfirmedAnswers.millis(windows.getFirst(), 50);
        double last = ConfirmedAnswers.millis(windows.getLast(), 50);
        say(String.format(
                Locale.ROOT,
                "  delay p50 in the first sixth %.0f ms, in the last %.0f ms; %d answers, %d failed (target >= %.0f/s without"
                        + " growth: %s)",
                first,
                last,
                to.measured(),
                to.failed(),
                SUSTAINED_RATE,
                BenchStack.verdict(to.failed() == 0 && last <= 1.25 * first)));
        costs(stack, batchesBefore, to.measured());
        return to.failed();
    }

    private void costs(ConfirmedStack stack, long batchesBefore, long requests) throws SQLException {
        double thousands = requests / 1e3;
        double gas = stack.number(GAS + batchesBefore) / thousands;
        double transactions = stack.number(BATCHES + batchesBefore) / thousands;
        say(String.format(
                Locale.ROOT, "  1,000 confirmed requests cost %.0f gas in %.2f transactions", gas, transactions));
        report.putObject("cost_per_1000")
                .put("gas", gas)
                .put("transactions", transactions)
                .put("answers_thrown_away", stack.number(UNCONFIRMED) / thousands);
    }

    /** Rounds with and without confirmed requests beside the same fast ones. */
    private long beside() throws IOException, InterruptedException {
        int length = Math.max(2, seconds / 20);
        say("Fast requests with and without confirmed ones beside them, " + 2 * ROUNDS + " rounds of " + length
                + " s ...");
        List<Double> p50With = new ArrayList<>();
        List<Double> p50Without = new ArrayList<>();
        List<Double> p99With = new ArrayList<>();
        List<Double> p99Without = new ArrayList<>();
        long failed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Destination alone = destination("fast-alone", fast(INSTANT));
            failed += offer(alone, FAST_RATE, length);
            p50Without.add(alone.millis(50));
            p99Without.add(alone.millis(99));
            Destination other = destination("confirmed-beside", ChatRequest.confirmed(INSTANT, Gate.RESPONSE));
            CompletableFuture<Long> confirmedOnes = CompletableFuture.supplyAsync(() -> {
                try {
                    return offer(other, BESIDE_RATE, length);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            Destination along = destination("fast-beside", fast(INSTANT));
            failed += offer(along, FAST_RATE, length);
            failed += confirmedOnes.join();
            p50With.add(along.millis(50));
            p99With.add(along.millis(99));
        }
        double p50 = BenchStack.median(p50With) / BenchStack.median(p50Without);
        double p99 = BenchStack.median(p99With) / BenchStack.median(p99Without);
        say(String.format(
                Locale.ROOT,
                "  p50 %.2f ms alone, ratio beside confirmed %.2f; p99 %.2f ms alone, ratio %.2f",
                BenchStack.median(p50Without),
                p50,
                BenchStack.median(p99Without),
                p99));
        report.putObject("fast_beside_confirmed")
                .put("p50_ms_alone", BenchStack.median(p50Without))
                .put("p50_ratio", p50)
                .put("p99_ms_alone", BenchStack.median(p99Without))
                .put("p99_ratio", p99);
        return failed;
    }

    private long offer(Destination to, double rate, int length) throws IOException {
        new OpenLoop(List.of(to), rate, length, 0, length).tell(answers::note).run(GRACE_SECONDS);
        return to.failed();
    }

    private static Destination destination(String name, byte[] request) {
        return new Destination(name, ConfirmedStack.PORT, index -> request);
    }

    private static byte[] fast(String route) {
        return ChatRequest.of(route, "false", "");
    }

    private void tell(String what, double millis, double most) {
        say(String.format(
                Locale.ROOT,
                "  %-52s %6.1f ms (target <= %.0f: %s)",
                what,
                millis,
                most,
                BenchStack.verdict(millis <= most)));
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
