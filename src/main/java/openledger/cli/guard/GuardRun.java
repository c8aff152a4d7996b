package openledger.cli.guard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import openledger.verifier.PromiseWatch;
import openledger.verifier.PromiseWatch.Counts;
import openledger.verifier.PromiseWatch.Look;
import openledger.verifier.Unproved;

/** A guard from its start to its end. {@link #stop} may be called on any thread, once; it blocks for half a minute at most. */
public final class GuardRun {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration LAST_LOOK = Duration.ofSeconds(15);
    private static final int LONGEST_START = 10;
    private static final int MOST_PRINTED = 20;

    private final PromiseWatch watch;
    private final UnprovedList unproved;
    private final GuardServer server;
    private final Consumer<String> log;
    private final int port;
    private final int reportsPort;

    /**
     * Where a guard listens, and for whom.
     *
     * @param router address of http or https
     * @param host address to listen at
     * @param port of the proxy, 0 for any
     * @param reportsPort of metrics and the list of unproved answers, 0 for any
     * @param mostConnections of clients
     * @param state file to which unproved answers are added
     */
    public record Settings(
            URI router, String host, int port, int reportsPort, int mostConnections, Optional<Path> state) {}

    private GuardRun(
            PromiseWatch watch,
            UnprovedList unproved,
            GuardServer server,
            Consumer<String> log,
            int port,
            int reportsPort) {
        this.watch = watch;
        this.unproved = unproved;
        this.server = server;
        this.log = log;
        this.port = port;
        this.reportsPort = reportsPort;
    }

    /**
     * Starts one.
     *
     * @param vertx its event loops, which its owner closes
     * @throws IOException if it cannot listen, or write its file
     */
    public static GuardRun start(Vertx vertx, Settings settings, PromiseWatch.Settings trusted, Consumer<String> log)
            throws IOException, InterruptedException {
        return start(vertx, settings, trusted, InstantSource.system(), log);
    }

    static GuardRun start(
            Vertx vertx, Settings settings, PromiseWatch.Settings trusted, InstantSource clock, Consumer<String> log)
            throws IOException, InterruptedException {
        UnprovedList unproved = UnprovedList.open(log, settings.state);
        PromiseWatch watch = PromiseWatch.start(trusted, clock, unproved);
        AddedLatency added = new AddedLatency();
        GuardServer server = new GuardServer(vertx, settings.router, settings.mostConnections, added, watch::answered);
        GuardReports reports = new GuardReports(vertx, watch, unproved, added);
        try {
            int port = await(server.listen(settings.host, settings.port), settings.port);
            int reportsPort = await(reports.listen(settings.host, settings.reportsPort), settings.reportsPort);
            return new GuardRun(watch, unproved, server, log, port, reportsPort);
        } catch (IOException e) {
            watch.close();
            throw e;
        }
    }

    private static int await(Future<Integer> listening, int port) throws IOException, InterruptedException {
        try {
            return listening.toCompletionStage().toCompletableFuture().get(LONGEST_START, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("port " + port + " cannot be listened at: " + e.getMessage(), e);
        }
    }

    public int port() {
        return port;
    }

    public int reportsPort() {
        return reportsPort;
    }

    PromiseWatch watch() {
        return watch;
    }

    /**
     * Ends what is under way, looks once more for what is not proved, and prints what is left.
     *
     * @return the exit code: 1 if anything was unproved, else 0
     */
    public int stop() throws InterruptedException {
        try {
            server.drain(DRAIN).toCompletionStage().toCompletableFuture().get(2 * DRAIN.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException late) {
            log.accept("Some requests did not end in time.");
        }
        watch.finishChecks();
        Thread look = Thread.ofVirtual().start(() -> watch.prove(Look.ALL));
        look.join(LAST_LOOK);
        watch.close();
        Counts counts = watch.counts();
        List<Unproved> left = unproved.all().stream()
                .filter(one -> one.reason() == Unproved.Reason.STOPPED)
                .toList();
        try {
            unproved.finish();
        } catch (IOException e) {
            log.accept("The state file could not be closed: " + e.getMessage());
        }
        left.stream().limit(MOST_PRINTED).forEach(one -> log.accept("left unproved: " + UnprovedList.line(one)));
        long all =
                counts.unproved().values().stream().mapToLong(Long::longValue).sum();
        log.accept("Answers checked: " + counts.checked() + ", proved: " + counts.proved() + ", unproved: " + all
                + ", of these left at the end: " + counts.unproved().getOrDefault(Unproved.Reason.STOPPED, 0L) + ".");
        return all == 0 ? 0 : 1;
    }
}
