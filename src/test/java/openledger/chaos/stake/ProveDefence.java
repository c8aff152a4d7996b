package openledger.chaos.stake;

import static openledger.chain.LocalChain.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import openledger.archive.PublicDownload;
import openledger.audit.court.StakeView;
import openledger.audit.court.StakeView.OpenedGame;
import openledger.bench.BenchPace;
import openledger.chain.vault.Web3jLaneChain;
import openledger.chaos.ChaosClients;
import openledger.chaos.ChaosMarket;
import openledger.chaos.ChaosRequest;
import openledger.chaos.ChaosRequest.Client;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultFault;
import openledger.demo.ChildProcess;
import openledger.demo.LocalPostgres;
import openledger.demo.LocalRegistry;
import openledger.demo.LocalStack;
import openledger.support.LocalVault;
import openledger.support.ScratchFolder;
import openledger.support.ShownThings;
import openledger.support.lane.DefendedLane;
import openledger.unit.RequestId;

/**
 * {@code make prove-defence}: a router whose lane owes nothing, under the faults of {@code make chaos} and against a challenger that opens
 * every game it can, and then down for a day while games are open: it answers all of them, loses nothing, and gets more by their bonds than
 * its answers cost. {@code QUICK=1} only shows whether it works. Long because it is one run.
 */
final class ProveDefence {
    private static final Path OUT = Path.of("target/prove-defence");
    private static final int ROUTER_KILLS = BenchPace.isQuick() ? 1 : 6;
    private static final int POSTGRES_KILLS = BenchPace.isQuick() ? 1 : 2;
    private static final int STALLS = BenchPace.isQuick() ? 1 : 2;
    private static final int ANSWERS_BETWEEN = BenchPace.isQuick() ? 300 : 2_000;
    private static final int GAMES_OF_THE_DAY = BenchPace.isQuick() ? 20 : 64;
    private static final Duration GONE = Duration.ofMillis(1_500);
    private static final Duration STALL = Duration.ofSeconds(8);
    /** Longer than a promise may be for, shorter than what the auditor takes for a lane that has forgotten something. */
    private static final Duration PAST_PROMISES = Duration.ofMinutes(62);

    private static final Duration A_DAY = Duration.ofMinutes(22 * 60 + 30);
    private static final Pattern READ_ALL = Pattern.compile("Batch ([0-9]+), 0 to read;");
    private static final Duration LIMIT = Duration.ofMinutes(4);

    private final ShownThings shown = new ShownThings();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port = ChildProcess.freePort();
    private final String address = "http://127.0.0.1:" + port;
    private final ChaosClients clients = new ChaosClients(http, address);
    private final DefendedLane lane;
    private Map<String, String> environment = Map.of();
    private Path config = OUT;

    private ProveDefence(DefendedLane lane) throws IOException {
        this.lane = lane;
    }

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        Files.createDirectories(OUT);
        Path data = ScratchFolder.make("prove-defence");
        boolean isGood = false;
        try {
            isGood = new ProveDefence(new DefendedLane(data.resolve("chain"))).run(data);
        } catch (IOException | RuntimeException failed) {
            // Threads of what was started would keep the process.
            say("FAILED: " + failed);
        }
        System.exit(isGood ? 0 : 1);
    }

    private boolean run(Path data) throws IOException, SQLException, InterruptedException {
        say("Starting PostgreSQL, providers and a router whose lane has a stake ...");
        try (LocalPostgres postgres = LocalPostgres.start(data.resolve("postgres"), 0);
                ChaosMarket market = ChaosMarket.open(OUT)) {
            config = market.config();
            environment = environment(postgres);
            ChildProcess router = startRouter();
            ChildProcess auditor = auditor(data);
            HostileChallenger challenger = challenger();
            PromisedTenant tenant = new PromisedTenant(
                    address,
                    DefendedLane.OWNER.address(),
                    promise -> challenger.open(new VaultCall.OpenOmitted(promise)));
            clients.start(requests());
            router = troubles(router, postgres);
            clients.stop();
            tenant.stop();
            // Once more: what is in flight now has to be in the log, too.
            router.kill();
            router = startRouter();
            inTheLog(tenant.seen(), challenger);
            everythingOpened(challenger, tenant.promises());
            audited(auditor, challenger.newest());
            router.kill();
            router = aDay(challenger);
            money();
            challenger.close();
            router.close();
        }
        shown.print();
        return shown.allAsExpected();
    }

    private Map<String, String> environment(LocalPostgres postgres) throws IOException {
        Map<String, String> all = new HashMap<>(LocalStack.environment(postgres, port));
        all.putAll(LocalRegistry.settlement(lane.chain.node));
        all.putAll(lane.environment());
        return all;
    }

    private ChildProcess startRouter() throws IOException, InterruptedException {
        ChildProcess router = LocalStack.router("router", environment, config, OUT);
        router.awaitReady(address + "/q/health/ready");
        return router;
    }

    private ChildProcess auditor(Path data) throws IOException {
        return new AuditedLane(lane.chain.node, lane.vault, DefendedLane.LANE, OUT)
                .audit(
                        "auditor",
                        List.of(URI.create(address)),
                        data.resolve("auditor"),
                        // The chain's time goes on in leaps here, and in none of them can the router serve anything.
                        List.of("--router-key-env", "ROUTER_KEY", "--withheld-after", "PT6H"),
                        Map.of("ROUTER_KEY", LocalStack.KEY));
    }

    private HostileChallenger challenger() {
        return new HostileChallenger(
                lane.court(DefendedLane.CHALLENGER),
                new Web3jLaneChain(lane.chain.vertx, lane.rpc(), lane.chain.registry),
                new PublicDownload(URI.create(address), LocalStack.KEY),
                DefendedLane.LANE);
    }

    private SentTransactions sent() throws IOException, InterruptedException {
        return SentTransactions.of(lane.chain.node, DefendedLane.DEFENDER.address());
    }

    /** So many that the router is under load, and so few that the processors have time for the chain. */
    private static List<ChaosRequest> requests() {
        return Stream.of(
                        ChaosRequest.times(6, ChaosRequest.of("quick", false, Client.STAYS)),
                        ChaosRequest.times(
                                2,
                                ChaosRequest.of("assistant", true, Client.STAYS),
                                ChaosRequest.of("assistant", true, Client.LEAVES),
                                ChaosRequest.of("hedged", false, Client.STAYS),
                                ChaosRequest.of("failing", false, Client.BEARS),
                                ChaosRequest.confirmed("shaky", true, "dispatch", Client.BEARS)),
                        ChaosRequest.times(1, ChaosRequest.of("doomed", false, Client.BEARS)),
                        ChaosRequest.times(
                                6,
                                ChaosRequest.confirmed("planned", false, "response", Client.STAYS),
                                ChaosRequest.confirmed("planned", false, "dispatch", Client.STAYS)))
                .flatMap(List::stream)
                .toList();
    }

    private ChildProcess troubles(ChildProcess first, LocalPostgres postgres)
            throws IOException, SQLException, InterruptedException {
        ChildProcess router = first;
        for (int kill = 1; kill <= ROUTER_KILLS; kill++) {
            work();
            router.kill();
            router = startRouter();
            told("router killed", kill);
            if (kill == ROUTER_KILLS / 2) {
                LocalVault.pass(lane.chain.node, PAST_PROMISES);
            }
        }
        for (int kill = 1; kill <= POSTGRES_KILLS; kill++) {
            work();
            postgres.kill();
            Thread.sleep(GONE);
            postgres.startAgain();
            told("PostgreSQL killed", kill);
        }
        for (int stall = 1; stall <= STALLS; stall++) {
            work();
            lane.chain.node.suspend();
            Thread.sleep(STALL);
            lane.chain.node.goOn();
            told("node stood still", stall);
        }
        work();
        return router;
    }

    private void told(String what, int count) {
        say(String.format(
                Locale.ROOT,
                "  %s %d; answers %d; games open %d, answered %d",
                what,
                count,
                clients.answered(),
                lane.view().open().size(),
                games(lane.view(), Game.State.ANSWERED)));
    }

    private void work() throws IOException, InterruptedException {
        long enough = clients.answered() + ANSWERS_BETWEEN;
        if (!until(() -> clients.answered() >= enough)) {
            throw new IOException("the service has given no " + ANSWERS_BETWEEN + " answers; see " + OUT);
        }
    }

    private void inTheLog(Set<String> promised, HostileChallenger challenger) throws IOException, InterruptedException {
        Set<Long> owed = new HashSet<>();
        Stream.concat(clients.seen().stream(), promised.stream())
                .map(id -> RequestId.parse(id).orElseThrow().counter())
                .forEach(owed::add);
        until(() -> challenger.ended().containsAll(owed));
        Set<Long> missing = new HashSet<>(owed);
        missing.removeAll(challenger.ended());
        shown.atLeast("accepted requests", ANSWERS_BETWEEN, owed.size());
        shown.expect("of these without an outcome in the log", 0, missing.size());
    }

    private void everythingOpened(HostileChallenger challenger, int promises) throws IOException, InterruptedException {
        LocalVault.pass(lane.chain.node, PAST_PROMISES);
        challenger.lookAgain();
        until(challenger::isIdle);
        until(() -> lane.view().open().isEmpty());
        StakeView view = lane.view();
        say("  opened " + challenger.opened() + "; refused " + challenger.refused());
        shown.note(
                "router killed, PostgreSQL killed, node stopped",
                ROUTER_KILLS + 1 + ", " + POSTGRES_KILLS + ", " + STALLS);
        shown.atLeast("games about promises", Math.max(1, promises / 2), count(view, VaultFault.OMITTED));
        for (VaultFault fault : List.of(
                VaultFault.WITHHELD, VaultFault.RECORD_WITHHELD, VaultFault.PLAN_MISSING, VaultFault.OUTCOME_MISSING)) {
            shown.atLeast("games " + fault, 1, count(view, fault));
        }
        // Both are games of one fault.
        shown.atLeast("of these about a header's word", 1, challenger.opened().getOrDefault("OpenCounterMissing", 0));
        shown.expect("of these not answered in time", 0, view.games().size() - games(view, Game.State.ANSWERED));
    }

    private void audited(ChildProcess auditor, long newest) throws IOException, InterruptedException {
        until(() -> readThrough(auditor) >= newest);
        shown.atLeast("batches that an auditor beside it has read", newest, readThrough(auditor));
        auditor.close();
        List<String> lines = auditor.lines();
        shown.expect(
                "charges of the auditor",
                0,
                lines.stream().filter(line -> line.startsWith("Found ")).count());
        shown.expect("exit code of the auditor", 0, auditor.awaitEnd(LIMIT));
    }

    /** The last batch before which it has nothing left to read. */
    private static long readThrough(ChildProcess auditor) throws IOException {
        return auditor.lines().stream()
                .map(READ_ALL::matcher)
                .filter(Matcher::lookingAt)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .max()
                .orElse(0);
    }

    private ChildProcess aDay(HostileChallenger challenger) throws IOException, InterruptedException {
        say("The router is down for a day ...");
        int before = lane.view().games().size();
        challenger.ask(GAMES_OF_THE_DAY);
        until(challenger::isIdle);
        List<OpenedGame> open = lane.view().open();
        shown.expect("games of before that are open", 0, lane.view().games().size() - before - open.size());
        shown.atLeast("games while the router is down", GAMES_OF_THE_DAY * 3 / 4, open.size());
        LocalVault.pass(lane.chain.node, A_DAY);
        long first = open.stream()
                .mapToLong(game -> game.challenged().deadline())
                .min()
                .orElse(0);
        long left = first - await(lane.court.time()).seconds();
        shown.note("minutes before the first deadline when it starts", Long.toString(left / 60));
        long sent = sent().count();
        long since = System.nanoTime();
        ChildProcess router = startRouter();
        until(() -> lane.view().open().isEmpty());
        shown.note(
                "seconds from its start to the last answer",
                String.format(Locale.ROOT, "%.0f", (System.nanoTime() - since) / 1e9));
        shown.expect("of these not answered in time", 0, lane.view().open().size());
        shown.note("transactions for these answers", Long.toString(sent().count() - sent));
        return router;
    }

    private void money() throws IOException, InterruptedException {
        StakeView view = lane.view();
        BigInteger bonds = BigInteger.ZERO;
        for (OpenedGame game : view.games()) {
            bonds = bonds.add(
                    await(lane.court.game(game.challenged().id())).orElseThrow().bond());
        }
        SentTransactions sent = sent();
        shown.expect("penalties", 0, view.penalties().size());
        shown.expect("games in all that are not answered", 0, view.games().size() - games(view, Game.State.ANSWERED));
        shown.expect(
                "the lane's stake, wei",
                DefendedLane.STAKE.value().toString(),
                view.stake().pool().assets().toString());
        shown.expect(
                "the owner's credit is all bonds, wei",
                bonds.toString(),
                await(lane.court.credit(DefendedLane.OWNER.address())).value().toString());
        shown.expect("answers that reverted", 0, sent.refused());
        shown.expect(
                "the bonds are more than the answers cost", "true", Boolean.toString(bonds.compareTo(sent.wei()) > 0));
        shown.note("games", Integer.toString(view.games().size()));
        shown.note("transactions of the defence", Long.toString(sent.count()));
        shown.note("gwei by bonds", gwei(bonds));
        shown.note("gwei for answers", gwei(sent.wei()));
        shown.note(
                "gas an answer, of which a bond pays " + lane.terms.bondGas(),
                Long.toString(sent.gas() / view.games().size()));
    }

    private static String gwei(BigInteger wei) {
        return wei.divide(BigInteger.valueOf(1_000_000_000)).toString();
    }

    private static long count(StakeView view, VaultFault fault) {
        return view.games().stream()
                .filter(game -> game.challenged().fault() == fault)
                .count();
    }

    private static int games(StakeView view, Game.State state) {
        return (int) view.games().stream().filter(game -> game.state() == state).count();
    }

    private static boolean until(StakeTrial.Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(200);
        }
        return true;
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
