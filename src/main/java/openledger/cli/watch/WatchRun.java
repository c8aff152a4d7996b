package openledger.cli.watch;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import openledger.audit.charge.Docket;
import openledger.audit.charge.Prosecution;
import openledger.audit.court.ChainTime;
import openledger.audit.court.Court;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.VaultPurse;
import openledger.chain.vault.Web3jCourt;
import openledger.chain.vault.Web3jLaneChain;
import openledger.cli.NodeCall;
import openledger.commitment.stake.VaultTerms;
import openledger.settlement.ledger.Ledger.LedgerUnavailable;
import openledger.unit.Address;
import openledger.unit.Wei;

/** An auditor that watches until it is stopped by a signal. Confined to the thread that runs it. */
public final class WatchRun {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SYNC_WAIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Wei L1_CAP = Wei.of(10_000_000_000_000_000L);
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

    /** Watches until the thread is interrupted. */
    int run() {
        Vertx vertx = NodeCall.loop();
        try (WatchState state = WatchState.open(settings.state());
                BatchSources sources = new BatchSources(settings.lane(), settings.routers(), settings.routerKey())) {
            BatchFolder shelf = new BatchFolder(settings.state().map(folder -> folder.resolve("batches")));
            Optional<WatchMetrics> metrics = settings.metricsPort().isPresent()
                    ? Optional.of(
                            WatchMetrics.listen(vertx, settings.metricsPort().getAsInt(), report))
                    : Optional.empty();
            metrics.ifPresent(port -> report.note("metrics", "Metrics at " + port.address()));
            while (!Thread.currentThread().isInterrupted() && !stopping) {
                session(vertx, state, sources, shelf);
            }
        } catch (IOException e) {
            // A channel is closed under a thread that is told to end.
            if (!stopping && !Thread.currentThread().isInterrupted()) {
                report.trouble("the auditor cannot go on: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Thread.interrupted();
            NodeCall.end(vertx);
        }
        return report.exitCode();
    }

    /** Until the nodes give it up; what is known of the chain is then asked anew. */
    private void session(Vertx vertx, WatchState state, BatchSources sources, BatchFolder shelf)
            throws IOException, InterruptedException {
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            RpcSettings all = RpcSettings.of(settings.nodes(), OptionalLong.empty(), TIMEOUT);
            Address asked = settings.account().map(LaneAccount::address).orElse(settings.vault());
            VaultPurse purse = opened(opened, new VaultPurse(vertx, all, asked));
            long chainId = Patience.await(purse.chainId());
            Address registry = Patience.await(purse.registry(settings.vault()));
            Web3jLaneChain chain =
                    opened(opened, new Web3jLaneChain(vertx, nodes(settings.nodes(), chainId), registry));
            List<Court> courts = new ArrayList<>();
            for (URI node :
                    settings.nodes().subList(0, Math.min(2, settings.nodes().size()))) {
                CourtSettings court = new CourtSettings(
                        nodes(List.of(node), chainId),
                        registry,
                        settings.vault(),
                        FeeSettings.upTo(settings.mostGas(), L1_CAP),
                        SYNC_WAIT,
                        PATIENCE);
                courts.add(opened(opened, new Web3jCourt(vertx, court, settings.account())));
            }
            VaultTerms terms = Patience.await(courts.getFirst().terms());
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
                    "Watching lane " + settings.lane().value() + " of chain " + chainId + ", vault " + settings.vault()
                            + (settings.account().isPresent()
                                    ? ", and sending as " + asked + "."
                                    : "; nothing is sent."));
            rounds(follower, crew, chain, state);
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

    private void rounds(LaneFollower follower, Crew crew, Web3jLaneChain chain, WatchState state)
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
                report.trouble(follower.trouble());
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
        if (!stopping && !Thread.currentThread().isInterrupted()) {
            report.trouble("no node answers: " + why.getMessage());
            Thread.sleep(settings.poll());
        }
    }

    private static RpcSettings nodes(List<URI> nodes, long chainId) {
        return RpcSettings.of(nodes, OptionalLong.of(chainId), TIMEOUT);
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
