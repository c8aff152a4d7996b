package openledger.cli.watch;

import static openledger.chain.LocalChain.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import openledger.audit.charge.Prosecution;
import openledger.audit.court.Filing;
import openledger.audit.court.LaneChain.Committed;
import openledger.audit.court.Told;
import openledger.chain.LaneAccount;
import openledger.chain.LocalChain;
import openledger.chain.RpcSettings;
import openledger.chain.vault.CourtSettings;
import openledger.chain.vault.Web3jCourt;
import openledger.chain.vault.Web3jLaneChain;
import openledger.commitment.stake.Game;
import openledger.commitment.stake.VaultCall;
import openledger.commitment.stake.VaultEvent;
import openledger.commitment.stake.VaultFault;
import openledger.commitment.stake.VaultTerms;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.support.lane.HandLane;
import openledger.support.lane.LyingLane;
import openledger.support.lane.PlantedFaults;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An auditor before a real vault: what a lane lies about is proved, and what it hides is won; an honest lane is left alone.
 * Long because each of these takes a chain.
 */
@Timeout(180)
final class WatchRunTest {
    private static final LaneAccount STAKER = LaneAccount.of(AnvilNode.KEYS.get(1));
    private static final LaneAccount AUDITOR = LaneAccount.of(AnvilNode.KEYS.get(2));
    private static final BigInteger ETHER = BigInteger.TEN.pow(18);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private LocalChain chain;
    private LyingLane lane;
    private PlantedFaults faults;
    private Address vault;
    private Web3jCourt court;
    private boolean isAnswering;
    private LaneId watched = LocalChain.LANE;
    private List<URI> routers = List.of();
    private List<URI> nodes = List.of();
    private final StringWriter said = new StringWriter();
    private Thread watching = Thread.currentThread();
    private FutureTask<Integer> run = new FutureTask<>(() -> 2);

    @BeforeEach
    void open() throws IOException, InterruptedException {
        chain = new LocalChain(folder.resolve("chain"));
        nodes = List.of(chain.node.rpc(), URI.create(chain.node.rpc().toString().replace("127.0.0.1", "localhost")));
        lane = new LyingLane(chain, 1_800_000_000_000L);
        faults = new PlantedFaults(lane);
        vault = LocalVault.deploy(chain.node, chain.registry, LocalVault.TERMS);
        LocalVault.gate(chain.node, chain.registry, LocalChain.LANE, LocalChain.ACCOUNT.address(), vault);
        court = new Web3jCourt(
                chain.vertx,
                new CourtSettings(
                        rpc(), chain.registry, vault, LocalChain.FEES, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                Optional.of(STAKER));
        assertThat(await(court.file(
                        new VaultCall.Deposit(LocalChain.LANE), new Wei(ETHER.multiply(BigInteger.valueOf(40))))))
                .isInstanceOf(Filing.Done.class);
    }

    @AfterEach
    void close() throws IOException {
        watching.interrupt();
        court.close();
        lane.close();
        chain.close();
    }

    private RpcSettings rpc() {
        return RpcSettings.of(List.of(chain.node.rpc()), OptionalLong.of(AnvilNode.CHAIN_ID), Duration.ofSeconds(5));
    }

    private WatchSettings settings(Optional<LaneAccount> account, Wei aDay) {
        return new WatchSettings(
                watched,
                routers.isEmpty() ? lane.addresses() : routers,
                Optional.empty(),
                nodes,
                vault,
                isAnswering,
                account,
                new Prosecution.Limits(aDay, Wei.ZERO, true),
                Wei.of(50_000_000_000L),
                1,
                0,
                1,
                Optional.of(folder.resolve("state")),
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                false,
                OptionalInt.of(0));
    }

    private void watch(WatchSettings settings) {
        WatchRun auditor = new WatchRun(settings, new PrintWriter(said, true));
        run = new FutureTask<>(auditor::run);
        watching = Thread.ofPlatform().start(run);
    }

    private int stop() throws Exception {
        watching.interrupt();
        return run.get();
    }

    private List<VaultEvent> events() {
        return await(court.events(LocalChain.LANE, 0, await(court.time()).latest())).stream()
                .map(Told::event)
                .toList();
    }

    private Set<VaultFault> penalised() {
        return events().stream()
                .flatMap(event -> event instanceof VaultEvent.Penalised it ? Stream.of(it.fault()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private Set<VaultFault> challenged() {
        return events().stream()
                .flatMap(event -> event instanceof VaultEvent.Challenged it ? Stream.of(it.fault()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    private void until(String what, BooleanSupplier done) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s%n%s", what, said).isLessThan(end);
            Thread.sleep(200);
        }
    }

    @Test
    void whatALaneLiesAboutIsProvedAndWhatItHidesIsWon() throws Exception {
        faults.honest(2);
        faults.alone();
        faults.together();
        faults.recordsWithheld();
        watch(settings(Optional.of(AUDITOR), new Wei(ETHER.multiply(BigInteger.TWO))));

        until(
                "proofs",
                () -> penalised().containsAll(PlantedFaults.ALONE)
                        && penalised()
                                .containsAll(List.of(
                                        VaultFault.NOT_AS_PLANNED,
                                        VaultFault.PLAN_AFTER_OUTCOME,
                                        VaultFault.TWICE,
                                        VaultFault.OVERTAKEN)));
        until("games", () -> challenged().equals(Set.of(VaultFault.PLAN_MISSING, VaultFault.RECORD_WITHHELD)));
        LocalVault.pass(chain.node, Duration.ofHours(25));
        until(
                "games that are won",
                () -> penalised().containsAll(List.of(VaultFault.PLAN_MISSING, VaultFault.RECORD_WITHHELD)));
        until("what is ours", () -> await(court.credit(AUDITOR.address())).equals(Wei.ZERO));

        assertThat(stop()).isEqualTo(1);
    }

    @Test
    void anHonestLaneIsLeftAlone() throws Exception {
        faults.honest(5);
        faults.honest(3);
        // Until they are SAFE.
        Thread.sleep(3_000);
        watch(settings(Optional.of(AUDITOR), new Wei(ETHER)));
        until("batches", () -> said.toString().contains("Batch 2, 0 to read"));
        LocalVault.pass(chain.node, Duration.ofHours(2));
        faults.honest(1);
        until("the last", () -> said.toString().contains("Batch 3, 0 to read"));

        assertThat(stop()).as(said.toString()).isZero();
        assertThat(penalised()).isEmpty();
        assertThat(challenged()).isEmpty();
    }

    @Test
    void withoutAnAccountTheCallIsPrintedAndNothingIsSent() throws Exception {
        faults.honest(1);
        faults.alone();
        watch(settings(Optional.empty(), new Wei(ETHER)));
        until("calls", () -> said.toString().contains("cast send " + vault + " 0x"));
        faults.recordsWithheld();
        until("a game with its bond", () -> said.toString().matches("(?s).*cast send \\S+ 0x\\w+ --value [0-9]+\\n.*"));

        assertThat(stop()).isEqualTo(1);
        assertThat(penalised()).isEmpty();
    }

    @Test
    void nothingIsSpentBeyondTheCap() throws Exception {
        faults.honest(1);
        faults.recordsWithheld();
        faults.recordsWithheld();
        faults.recordsWithheld();
        // A bond is a twentieth of an ether.
        watch(settings(Optional.of(AUDITOR), new Wei(ETHER.divide(BigInteger.valueOf(8)))));
        until("what waits", () -> said.toString().contains("what may be spent in a day is spent"));
        Thread.sleep(2_000);

        assertThat(events().stream().filter(VaultEvent.Challenged.class::isInstance))
                .hasSize(2);
    }

    @Test
    void aGameAgainstALaneOfOnesOwnIsAnswered() throws Exception {
        faults.honest(3);
        isAnswering = true;
        watch(settings(Optional.of(AUDITOR), new Wei(ETHER)));
        until("a watch", () -> said.toString().contains("Watching lane"));
        // Opened before the batch is SAFE, so before the auditor has read it.
        HandLane.Batch batch = faults.honest(2);
        long committedAt = await(court.time()).seconds();
        for (Committed committed : batches()) {
            if (committed.header().equals(batch.header())) {
                committedAt = committed.committedAt();
            }
        }
        VaultCall.OpenWithheld game = new VaultCall.OpenWithheld(
                batch.header(), committedAt, batch.header().firstIndex() + 1);
        assertThat(await(court.file(game, await(court.bond())))).isInstanceOf(Filing.Done.class);
        until("an answer", () -> await(court.game(game.game())).orElseThrow().state() == Game.State.ANSWERED);

        assertThat(stop()).isZero();
    }

    private List<Committed> batches() {
        try (Web3jLaneChain lanes = new Web3jLaneChain(chain.vertx, rpc(), chain.registry)) {
            return await(lanes.batches(LocalChain.LANE, 0, await(court.time()).latest()));
        }
    }

    /** It ends by itself: nothing that is waited for would change it. */
    private void assertNothingToWatch(String... words) throws Exception {
        watch(settings(Optional.empty(), new Wei(ETHER)));

        assertThat(run.get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as(said.toString())
                .isEqualTo(2);
        assertThat(said.toString().lines().filter(line -> !line.startsWith("Metrics at ")))
                .hasSize(1)
                .first()
                .asString()
                .contains(words);
    }

    @Test
    void whatIsNoVaultIsCalledThatInTheWordsOfTheOtherCommands() throws Exception {
        vault = chain.registry;
        assertNothingToWatch(
                "The vault cannot be asked: there is no vault at " + vault,
                "the contract there does not know its questions.");
    }

    @Test
    void anAccountIsNoVault() throws Exception {
        vault = LocalChain.ACCOUNT.address();
        assertNothingToWatch("The vault cannot be asked: there is no vault at " + vault + ".");
    }

    @Test
    void aLaneThatNobodyHasOpenedIsNotWatched() throws Exception {
        watched = new LaneId(4242);
        assertNothingToWatch("nobody has opened lane 4242 at the registry " + chain.registry, "--lane has to be");
    }

    @Test
    void aLaneOfAnotherGateIsWatchedThere() throws Exception {
        Address gate = vault;
        vault = LocalVault.deploy(chain.node, chain.registry, VaultTerms.USUAL);
        assertNothingToWatch("is " + gate + ", not this vault; watch it with --vault " + gate + ".");
    }

    @Test
    void nodesOfDifferentChainsAreRefused() throws Exception {
        try (AnvilNode other = AnvilNode.startOther(folder.resolve("other"), 902, Duration.ofMillis(250))) {
            nodes = List.of(chain.node.rpc(), other.rpc());
            assertNothingToWatch("different chains", "901", "902");
        }
    }

    @Test
    void routersThatCannotBeReachedAreSaidAndTheLaneIsNotCalledHonest() throws Exception {
        routers = List.of(URI.create("http://127.0.0.1:1"), URI.create("http://127.0.0.1:2"));
        watch(settings(Optional.empty(), new Wei(ETHER)));
        until(
                "trouble",
                () -> said.toString()
                        .contains(
                                "No router can be reached, so no batch is read: http://127.0.0.1:1, http://127.0.0.1:2."));

        assertThat(stop()).isEqualTo(2);
        assertThat(said.toString().lines().toList().getLast())
                .startsWith("Stopped. Batches read: 0; found: 0. Not all");
    }

    @Test
    void aStopSaysOneLine() throws Exception {
        faults.honest(1);
        // Until it is SAFE.
        Thread.sleep(3_000);
        watch(settings(Optional.empty(), new Wei(ETHER)));
        until("a batch", () -> said.toString().contains("Batch 1, 0 to read"));

        assertThat(stop()).isZero();
        assertThat(said.toString().lines().toList().getLast()).isEqualTo("Stopped. Batches read: 1; found: 0.");
    }

    /** Whatever is under way then. */
    @Test
    void itCanBeStoppedAtAnyMoment() throws Exception {
        for (int millis = 0; millis < 400; millis += 40) {
            watch(settings(Optional.empty(), new Wei(ETHER)));
            Thread.sleep(millis);

            assertThat(stop()).isBetween(0, 2);
            assertThat(said.toString()).contains("Stopped. ").doesNotContain("Exception");
        }
    }
}
