package openledger.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.demo.AnvilNode;
import openledger.demo.AnvilNode.State;
import openledger.settlement.SequencerStatus.Condition;
import openledger.store.SettlementDatabase;
import openledger.support.RpcFault;
import openledger.support.RpcFaultProxy;
import openledger.unit.Address;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults of a real chain and of the way to it. After each: no leaf lost, none twice, no gap, and the registry's head is the
 * database's. With {@code -Dopenledger.long=true} what stands still does so for as long as chains do.
 */
final class ChainFaultsTest {
    private static final Duration BLOCK = Duration.ofMillis(250);
    private static final boolean LONG = Boolean.getBoolean("openledger.long");
    private static final int BLOCKS_MEANWHILE = 4;
    private static final long FIRST_LANE = 100;
    private static final AtomicLong NEXT_LANE = new AtomicLong(FIRST_LANE);

    private static SettlementDatabase database;
    private static AnvilNode chain;
    private static RpcFaultProxy way;
    private static Address registry;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        database = SettlementDatabase.start();
        chain = AnvilNode.start(folder.resolve("chain"), BLOCK, State.FORGOTTEN);
        way = RpcFaultProxy.before(database.vertx, chain.rpc());
        registry = deploy(database, chain);
    }

    @AfterAll
    static void stop() throws IOException {
        if (LONG) {
            // For docs/results/proofs.md; the exit code is the verdict.
            System.out.println("figure: " + (NEXT_LANE.get() - FIRST_LANE) + " lanes, each under a fault of its own");
        }
        way.close();
        chain.close();
        database.close();
    }

    @AfterEach
    void heal() {
        way.heal();
    }

    /** Deploys the registry unless it is there; its address. */
    static Address deploy(SettlementDatabase database, AnvilNode node) {
        try (RegistryDeployer deployer = new RegistryDeployer(
                database.vertx, SettledLane.rpc(node.rpc()), SettledLane.FEES, SettledLane.ACCOUNT)) {
            return switch (SettledLane.get(deployer.deploy())) {
                case Deployment.Deployed(var address, var chainId, var inclusion) -> address;
                case Deployment.AlreadyThere(var address, var chainId) -> address;
                case Deployment.Failed(var reason) -> throw new IllegalStateException(reason);
            };
        }
    }

    private static SettledLane lane() throws SQLException {
        return new SettledLane(database, NEXT_LANE.incrementAndGet(), way.rpc(), registry);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void aReorgOfAnyDepthIsHealed(int depth) throws Exception {
        try (SettledLane lane = lane()) {
            lane.load(Duration.ofSeconds(3));
            lane.settle();
            long settled = lane.lastBlock();
            lane.load(Duration.ofMillis(600));
            // The deepest reaches a batch that was on chain, however many blocks a slow machine has let pass.
            int reaching = Math.toIntExact(chain.blockNumber() - settled) + BLOCKS_MEANWHILE;
            chain.reorg(depth == 10 ? Math.max(depth, reaching) : depth);
            lane.load(Duration.ofMillis(600));
            lane.settle();
            if (depth == 10) {
                assertThat(lane.demotions()).isPositive();
            }
        }
    }

    @Test
    void answersThatAreLostAfterTheTransactionGotInDoNoHarm() throws Exception {
        try (SettledLane lane = lane()) {
            way.put(RpcFault.answerLost());
            lane.load(Duration.ofSeconds(2));
            way.heal();
            lane.settle();
        }
    }

    @Test
    void aNonceThatSomethingElseUsedIsPassedOver() throws Exception {
        try (SettledLane lane = lane()) {
            lane.decide(60);
            lane.settle();
            way.put(RpcFault.dropped(RpcFault.SEND));
            way.put(RpcFault.dropped(RpcFault.SEND_SYNC));
            lane.load(Duration.ofSeconds(1));
            String account = SettledLane.ACCOUNT.address().toString();
            chain.call("eth_sendTransaction", Map.of("from", account, "to", account, "value", "0x1"));
            way.heal();
            lane.settle();
        }
    }

    @Test
    void aNodeThatSaysNonceTooLowIsNotBelieved() throws Exception {
        try (SettledLane lane = lane()) {
            way.put(RpcFault.refusedThoughTaken(-32003, "nonce too low"));
            lane.load(Duration.ofSeconds(2));
            way.heal();
            lane.settle();
        }
    }

    @Test
    void aSpikeOfFeesAboveTheCapIsWaitedOut() throws Exception {
        try (SettledLane lane = lane()) {
            lane.decide(60);
            lane.settle();
            long before = lane.onChain();
            // The fee falls by an eighth a block, so it is raised again and again, and far enough for a machine that is
            // slow in between.
            for (int slice = 0; slice < 10; slice++) {
                nextBaseFee(200_000);
                lane.load(Duration.ofMillis(300));
            }
            assertThat(lane.onChain()).isEqualTo(before);
            nextBaseFee(1);
            lane.settle();
        }
    }

    @Test
    void aSpikeOfFeesBelowTheCapIsPaid() throws Exception {
        try (SettledLane lane = lane()) {
            lane.decide(60);
            lane.settle();
            lane.load(Duration.ofMillis(500));
            nextBaseFee(200);
            lane.load(Duration.ofSeconds(1));
            lane.settle();
        } finally {
            nextBaseFee(1);
        }
    }

    private static void nextBaseFee(long gwei) throws IOException, InterruptedException {
        chain.call("anvil_setNextBlockBaseFeePerGas", "0x" + Long.toHexString(gwei * 1_000_000_000));
    }

    @Test
    void whileNoNodeAnswersDecisionsWaitAndThenCatchUp() throws Exception {
        try (SettledLane lane = lane()) {
            lane.load(Duration.ofSeconds(1));
            way.down();
            lane.load(LONG ? Duration.ofMinutes(2) : Duration.ofSeconds(4));
            assertThat(lane.status().condition()).isEqualTo(Condition.NO_CHAIN);
            long cut = lane.batches();
            way.up();
            lane.settle();
            assertThat(lane.batches()).isGreaterThan(cut);
        }
    }

    @Test
    void aChainThatStandsStillIsWaitedFor() throws Exception {
        try (AnvilNode other = AnvilNode.start(folder.resolve("stall"), BLOCK, State.FORGOTTEN)) {
            deploy(database, other);
            try (SettledLane lane = new SettledLane(database, NEXT_LANE.incrementAndGet(), other.rpc(), registry)) {
                lane.load(Duration.ofSeconds(1));
                other.stall();
                lane.load(LONG ? Duration.ofMinutes(1) : Duration.ofSeconds(4));
                other.resume(1);
                lane.settle();
                assertThat(lane.demotions()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void aNodeThatIsStartedAgainIsFollowedWithAndWithoutItsState(State state) throws Exception {
        Path place = folder.resolve(state.name());
        try (AnvilNode other = AnvilNode.start(place, BLOCK, state)) {
            deploy(database, other);
            try (SettledLane lane = new SettledLane(database, NEXT_LANE.incrementAndGet(), other.rpc(), registry)) {
                lane.load(Duration.ofSeconds(4));
                lane.settle();
                other.kill();
                lane.load(Duration.ofMillis(500));
                other.startAgain();
                deploy(database, other);
                lane.load(Duration.ofMillis(500));
                lane.settle();
                if (state == State.FORGOTTEN) {
                    assertThat(lane.demotions()).isPositive();
                }
            }
        }
    }
}
