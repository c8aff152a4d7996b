package openledger.cli.watch;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import openledger.audit.charge.Docket;
import openledger.audit.charge.Prosecution;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.vault.VaultPurse;
import openledger.chain.vault.Web3jCourt;
import openledger.chain.vault.Web3jLaneChain;
import openledger.cli.NodeCall;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;

/**
 * An auditor that watches until it is stopped by a signal. Confined to the thread that runs it. Long because all that watches is put together
 * and taken apart here.
 */
public final class WatchRun {
    private static final long PROGRESS_NANOS = 60_000_000_000L;
    private static final long LONGEST_STOP = 20;

    private final WatchSettings settings;
    private final WatchReport report;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    public WatchRun(WatchSettings settings, PrintWriter out) {
        this.settings = settings;
        this.report = new WatchReport(out, settings.isJson());
    }

    /** Watches until the process is asked to end, and ends it: 0 nothing was found, 1 something was, 2 the lane could not be watched. */
    public int untilStopped() {
        Thread watching = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("watch-end").unstarted(() -> {
                    stopping = true;
                    watching.interrupt();
                    try {
                        ended.await(LONGEST_STOP, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    Runtime.getRuntime().halt(report.exitCode());
                }));
        try {
            return run();
        } finally {
            ended.countDown();
        }
    }

    /** Watches until the thread is interrupted, or until it is clear that there is nothing to watch. */
    int run() {
        try {
            watch();
        } catch (WatchPlace.NothingToWatch e) {
            report.trouble(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            // A channel is closed under a thread that is told to end.
            if (!isStopping()) {
                report.trouble("The auditor cannot go on: " + e.getMessage() + ".");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | LinkageError e) {
            // Whatever is under way when a thread is told to end may fail in a way of its own, the start of a class
            // too.
            if (!isStopping()) {
                throw e;
            }
        }
        if (Thread.interrupted() || stopping) {
            report.stopped();
        }
        return report.exitCode();
    }

    private boolean isStopping() {
        return stopping || Thread.currentThread().isInterrupted();
    }

    private void watch() throws IOException, InterruptedException, WatchPlace.NothingToWatch {
        Vertx vertx = NodeCall.loop();
        try {
            watch(vertx);
        } finally {
            // It is waited for, which a thread that is told to end cannot.
            boolean isStopped = Thread.interrupted();
            NodeCall.end(vertx);
            if (isStopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void watch(Vertx vertx) throws IOException, InterruptedException, WatchPlace.NothingToWatch {
        try (WatchState state = WatchState.open(settings.state());
                BatchSources sources = new BatchSources(settings.lane(), settings.routers(), settings.routerKey())) {
            BatchFolder shelf = new BatchFolder(settings.state().map(folder -> folder.resolve("batches")));
            Optional<WatchMetrics> metrics = settings.metricsPort().isPresent()
                    ? Optional.of(
                            WatchMetrics.listen(vertx, settings.metricsPort().getAsInt(), report))
                    : Optional.empty();
            metrics.ifPresent(port -> report.note("metrics", "Metrics at " + port.address()));
            while (!isStopping()) {
                session(vertx, state, sources, shelf);
            }
        }
    }

    /** Until the nodes give it up; what is known of the chain is then asked anew. */
    private void session(Vertx vertx, WatchState state, BatchSources sources, BatchFolder shelf)
            throws IOException, InterruptedException, WatchPlace.NothingToWatch {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            WatchPlace place = WatchPlace.find(vertx, settings);
            RpcSettings nodes = WatchPlace.nodes(settings.nodes(), place.chainId());
            Address asked = settings.account().map(LaneAccount::address).orElse(settings.vault());
            VaultPurse purse = opened(opened, new VaultPurse(vertx, nodes, asked));
            Web3jLaneChain chain = opened(opened, new Web3jLaneChain(vertx, nodes, place.registry()));
            List<Court> courts = new ArrayList<>();
            for (URI node :
                    settings.nodes().subList(0, Math.min(2, settings.nodes().size()))) {
                courts.add(opened(
                        opened, new Web3jCourt(vertx, place.court(settings, List.of(node)), settings.account())));
            }
            VaultTerms terms = place.terms();
            LaneFollower follower = new LaneFollower(settings, chain, terms, sources, shelf, state, report);
            Prosecution prosecution = new Prosecution(terms, settings.limits());
            Cashier cashier = new Cashier(settings, courts.getFirst(), purse, state, report);
            Crew crew = new Crew(
                    new Prosecutor(
                            courts,
                            cashier,
                            prosecution,
                            report,
                            settings.account().isPresent()),
                    new OwnGames(settings, courts, terms, prosecution, cashier, report),
                    new Defender(settings, courts, shelf, prosecution, cashier, report));
            report.note(
                    "watching",
                    "Watching lane " + settings.lane().value() + " of chain " + place.chainId() + ", vault "
                            + settings.vault()
                            + (settings.account().isPresent()
                                    ? ", and sending as " + asked + "."
                                    : "; nothing is sent."));
            rounds(follower, crew, chain, new Surroundings(settings, courts.getFirst(), sources), state);
        } catch (LedgerUnavailable e) {
            trouble(e);
        } finally {
            for (AutoCloseable one : opened.reversed()) {
                close(one);
            }
        }
    }

    /** Who does what with the charges. */
    private record Crew(Prosecutor prosecutor, OwnGames games, Defender defender) {
        /** What brings money back comes before what spends it. A crowd at the vault keeps nobody from proving. */
        void round(WatchSettings settings, Docket docket, ChainTime time, long newest) throws IOException {
            Optional<LedgerUnavailable> crowd = Optional.empty();
            try {
                if (settings.account().isPresent()) {
                    games.round(settings.account().get().address(), time);
                }
            } catch (LedgerUnavailable e) {
                crowd = Optional.of(e);
            }
            prosecutor.round(docket, time);
            if (settings.isAnswering()) {
                defender.round(time, newest);
            }
            if (crowd.isPresent()) {
                throw crowd.get();
            }
        }
    }

    private void rounds(
            LaneFollower follower, Crew crew, Web3jLaneChain chain, Surroundings surroundings, WatchState state)
            throws IOException, InterruptedException {
        long told = System.nanoTime() - PROGRESS_NANOS;
        Docket docket = follower.docket();
        while (!stopping) {
            try {
                ChainTime time = Patience.await(chain.time());
                Optional<LedgerUnavailable> unread = unread(follower, time);
                if (docket != follower.docket()) {
                    docket = follower.docket();
                    crew.games.beginAnew();
                }
                crew.round(settings, docket, time, follower.newest());
                if (unread.isPresent()) {
                    throw unread.get();
                }
                String around = surroundings.trouble();
                report.trouble(around.isEmpty() ? follower.trouble() : around);
            } catch (LedgerUnavailable e) {
                trouble(e);
            }
            if (System.nanoTime() - told >= PROGRESS_NANOS) {
                told = System.nanoTime();
                report.progress(
                        follower.newest(),
                        follower.behind(),
                        docket.size() + crew.games.open(),
                        state.spent(System.currentTimeMillis() / 1_000));
            }
            Thread.sleep(settings.poll());
        }
    }

    /** What was found before is proved, although no node tells what is new. */
    private static Optional<LedgerUnavailable> unread(LaneFollower follower, ChainTime time)
            throws IOException, InterruptedException {
        try {
            follower.round(time);
            return Optional.empty();
        } catch (LedgerUnavailable e) {
            return Optional.of(e);
        }
    }

    private void trouble(LedgerUnavailable why) throws InterruptedException {
        if (!isStopping()) {
            report.trouble("The chain cannot be read: " + why.getMessage() + ".");
            Thread.sleep(settings.poll());
        }
    }

    private static <T extends AutoCloseable> T opened(List<AutoCloseable> all, T one) {
        all.add(one);
        return one;
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
