package openledger.wiring.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import openledger.chain.LocalChain;
import openledger.cli.witness.WitnessFolder;
import openledger.cli.witness.WitnessServer;
import openledger.commitment.log.NoteKey;
import openledger.commitment.log.NoteSigner;
import openledger.commitment.log.SignedNote;
import openledger.commitment.log.SignedNote.Standing;
import openledger.commitment.witness.Witness;
import openledger.demo.AnvilNode;
import openledger.identity.NoteSecret;
import openledger.settlement.TestDecisions;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.log.ServedLog;
import openledger.settlement.witness.CosigningListener;
import openledger.settlement.witness.WitnessOutcome;
import openledger.store.SettlementDatabase;
import openledger.store.journal.JournalSettings;
import openledger.store.lane.LaneHold;
import openledger.store.lane.LaneLeases;
import openledger.store.lane.StoredLaneSecrets;
import openledger.support.ScratchFolder;
import openledger.unit.LaneId;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationTest;
import openledger.wiring.config.SettlementReader.SettlementSettings;
import openledger.wiring.lanes.LaneFinisher.Ended;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A lane whose router has died is finished on a real chain and before a real witness. */
final class CosignedLaneTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LEAVES = 5;
    private static final long NUMBER = 2;
    private static final NoteSigner WITNESS =
            NoteSecret.signer("witness.example/1", NoteKey.Kind.COSIGNATURE, "01".repeat(NoteSigner.SEED_BYTES));
    private static final SettlementDatabase DATABASE = SettlementDatabase.start();

    private static CheckedConfiguration checked;
    private static LocalChain chain;

    private final List<WitnessOutcome> heard = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void begin() throws IOException, InterruptedException {
        chain = new LocalChain(ScratchFolder.make("cosigned-lane"));
        checked = configured("http://127.0.0.1:1");
        NoteKey log = signer(checked).key();
        int port = new WitnessServer(
                        DATABASE.vertx,
                        new Witness(
                                WITNESS,
                                Map.of(log.name(), log),
                                WitnessFolder.open(ScratchFolder.make("cosigned-lane-witness"))),
                        InstantSource.system(),
                        Duration.ofSeconds(10),
                        line -> {})
                .listen("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        checked = configured("http://127.0.0.1:" + port);
        chain.node.call("anvil_setBalance", lane().account().address().toString(), "0xde0b6b3a7640000");
    }

    @AfterAll
    static void end() throws IOException {
        chain.close();
        DATABASE.close();
    }

    @Test
    void aLaneIsFreeOnceItsWitnessesHaveSeenAllOfItsLog() throws SQLException {
        LaneHold hold = adopted();
        LaneCosigners cosigners = cosigners();
        AtomicReference<Ended> ended = new AtomicReference<>();
        new LaneFinisher(parts(cosigners), hold, ended::set).start();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ended.get() == null) {
            assertThat(System.nanoTime()).as("finished in time").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }

        assertThat(ended).hasValue(Ended.FREE);
        ServedLog log = cosigners.served(lane().lane(), signer(checked));
        SignedNote note = get(log.reads()
                .newest()
                .invoke(head -> assertThat(head.size()).isEqualTo(LEAVES))
                .chain(head -> log.witnessed().orElseThrow().checkpoint(head)));
        assertThat(note.standing(signer(checked).key())).isEqualTo(Standing.SIGNED);
        assertThat(note.standing(WITNESS.key())).isEqualTo(Standing.SIGNED);
        assertThat(heard).contains(WitnessOutcome.COSIGNED);
    }

    private static CheckedConfiguration configured(String witness) throws IOException {
        Map<String, String> keys = new HashMap<>(Map.of(
                "openledger.lane", "",
                "openledger.lanes", "1-2",
                "openledger.log.origin", "",
                "openledger.log.witnesses[0].url", witness,
                "openledger.log.witnesses[0].key", WITNESS.key().toString()));
        Map.of(
                        "rpc-urls[0]",
                        chain.node.rpc().toString(),
                        "web-socket-url",
                        "",
                        "chain-id",
                        Long.toString(AnvilNode.CHAIN_ID),
                        "registry",
                        chain.registry.toString(),
                        "profile",
                        "subsecond",
                        "key-env",
                        "",
                        "key-envs.1",
                        "OPENLEDGER_LANE_KEY",
                        "key-envs." + NUMBER,
                        "OPENLEDGER_LOG_KEY")
                .forEach((key, value) -> keys.put("openledger.settlement." + key, value));
        return ConfigurationTest.check(keys);
    }

    private static SettlementSettings lane() {
        return Optional.ofNullable(checked.lanes().settled().get(NUMBER)).orElseThrow();
    }

    private static NoteSigner signer(CheckedConfiguration of) {
        return of.log()
                .signer(Optional.ofNullable(of.lanes().settled().get(NUMBER))
                        .orElseThrow()
                        .chain())
                .orElseThrow();
    }

    private LaneCosigners cosigners() {
        return new LaneCosigners(
                DATABASE.vertx,
                DATABASE.pool,
                new VertxTimekeeper(DATABASE.vertx),
                ArchivedLog.NONE,
                checked.log(),
                new CosigningListener() {
                    @Override
                    public void answered(String witness, WitnessOutcome outcome) {
                        heard.add(outcome);
                    }
                });
    }

    private static FinisherParts parts(LaneCosigners cosigners) {
        return new FinisherParts(
                DATABASE.vertx,
                DATABASE.pool,
                DATABASE.servers(),
                lane -> new JournalSettings(lane, 64 << 20, Duration.ofSeconds(10), Duration.ofMillis(5)),
                new LaneLeases(DATABASE.pool),
                new StoredLaneSecrets(DATABASE.pool, new SecureRandom()),
                new LaneSequencers(DATABASE.vertx, DATABASE.pool, new VertxTimekeeper(DATABASE.vertx), cosigners),
                checked.lanes(),
                Optional.empty());
    }

    /** As another router has left it. */
    private static LaneHold adopted() throws SQLException {
        LaneId lane = lane().lane();
        LaneLeases leases = new LaneLeases(DATABASE.pool);
        assertThat(get(leases.claim(List.of(new LaneHold(lane))))).isPresent();
        DATABASE.policy(lane, 4);
        Random random = new Random(1);
        DATABASE.decide(
                lane,
                1,
                IntStream.rangeClosed(1, LEAVES)
                        .mapToObj(counter -> TestDecisions.decision(random, counter))
                        .toList());
        DATABASE.execute("update lane_lease set expires = now() - interval '6 seconds'");
        LaneHold hold = new LaneHold(lane, LaneHold.holder("a", 1), "built");
        assertThat(get(leases.adopt(hold, 1, "built", List.of()))).isTrue();
        return hold;
    }

    private static <T> T get(Uni<T> asked) {
        return asked.await().atMost(PATIENCE);
    }
}
