package openledger.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import openledger.bench.BenchPace;
import openledger.bench.ConfirmedStack;
import openledger.demo.ChatRequest;
import openledger.demo.ChildProcess;
import openledger.demo.LocalStack;
import openledger.demo.OpenLoop;
import openledger.demo.OpenLoop.Destination;
import openledger.routing.Gate;
import openledger.support.ShownThings;

/**
 * {@code make prove-replay}: 50,000 confirmed requests of eight tenants, one of them four times as busy as the others, in a
 * congested market; then {@code openledger audit}, a process of its own, does every allocation again from the published batches
 * and snapshots.
 */
final class ProveReplay {
    private static final Path CONFIG = Path.of("deploy/modes.yaml");
    private static final Path FLEET = Path.of("deploy/replay-fleet.yaml");
    private static final Path OUT = Path.of("target/prove-replay");
    private static final int PROVIDER_PORT = 9221;
    private static final int REQUESTS = 50_000;
    private static final double RATE = 700;
    private static final int TENANTS = 8;
    private static final int BUSY_SHARE = 4;
    private static final int GRACE_SECONDS = 20;
    private static final double WARM_UP_RATE = 50;
    private static final int WARM_UP_SECONDS = 6;
    private static final int ROUNDS = 5;
    private static final int MOST_ROUNDS = 10;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String ENDED = "select count(*) from decision where mode in (2, 3)";
    private static final String LEAVES =
            "select coalesce(sum(octet_length(counters) / 8), 0) from batch where level >= 3";

    private static final Pattern PLANS_COMPARED = Pattern.compile("(\\d+) plans and");

    private final ShownThings shown = new ShownThings();

    private ProveReplay() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        System.exit(new ProveReplay().run() ? 0 : 1);
    }

    private boolean run() throws IOException, SQLException, InterruptedException {
        int requests = BenchPace.isQuick() ? REQUESTS / 10 : REQUESTS;
        System.out.println("Starting PostgreSQL, a chain, providers and the router ...");
        try (ConfirmedStack stack = ConfirmedStack.start(CONFIG, FLEET, PROVIDER_PORT, OUT)) {
            System.out.println("Opening the lane ...");
            send(WARM_UP_RATE, WARM_UP_SECONDS);
            int length = (int) Math.ceil(requests / RATE / ROUNDS);
            long answered = 0;
            // Some are refused at the door and leave no record.
            for (int round = 0; round < MOST_ROUNDS && stack.number(ENDED) < requests; round++) {
                answered += send(RATE, length);
                System.out.printf("  %d of %d decisions%n", stack.number(ENDED), requests);
            }
            awaitChain(stack, stack.number(ENDED));
            shown.note("requests answered", Long.toString(answered));
            shown.atLeast("confirmed requests that have ended", requests, stack.number(ENDED));
            System.out.println("Doing the allocations again in another process ...");
            audit(requests);
        }
        shown.print();
        return shown.allAsExpected();
    }

    private static long send(double rate, int seconds) throws IOException {
        Destination router = new Destination("router", ConfirmedStack.PORT, ProveReplay::request);
        new OpenLoop(List.of(router), rate, seconds, 0, seconds).run(GRACE_SECONDS);
        return router.measured();
    }

    private static byte[] request(int index) {
        int slot = index % (TENANTS + BUSY_SHARE - 1);
        int tenant = slot < TENANTS ? slot + 1 : 1;
        return ChatRequest.as(
                LocalStack.KEY + "-" + tenant,
                ChatRequest.confirmed("assistant", index % 2 == 0 ? Gate.RESPONSE : Gate.DISPATCH));
    }

    private static void awaitChain(ConfirmedStack stack, long requests)
            throws SQLException, InterruptedException, IOException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long before = -1;
        long now = stack.number(LEAVES);
        // A request that ended without a plan has one leaf, any other two.
        while (now < requests || now != before) {
            if (System.nanoTime() > deadline) {
                throw new IOException("only " + now + " leaves got to the chain");
            }
            TimeUnit.SECONDS.sleep(6);
            before = now;
            now = stack.number(LEAVES);
        }
    }

    private void audit(int requests) throws IOException, InterruptedException {
        ChildProcess audit = ChildProcess.openledger(
                "audit",
                OUT,
                List.of("-Xmx512m"),
                Map.of("AUDITOR_KEY", LocalStack.KEY),
                "audit",
                ConfirmedStack.ROUTER,
                "--key-env",
                "AUDITOR_KEY");
        int exitCode = audit.awaitEnd(LIMIT);
        String printed = audit.lastLines();
        System.out.println(printed.strip().indent(2));
        Matcher plans = PLANS_COMPARED.matcher(printed);
        shown.atLeast("plans compared", requests / 2, plans.find() ? Long.parseLong(plans.group(1)) : 0);
        shown.expect("exit code of the audit: 0 is no difference", 0, exitCode);
    }
}
