package openledger.wiring;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import openledger.commitment.leaf.LaneSecret;
import openledger.demo.AnvilNode;
import openledger.settlement.log.ArchivedLog;
import openledger.settlement.witness.CosigningListener;
import openledger.store.lane.StoredBatches;
import openledger.store.lane.StoredLaneSecrets;
import openledger.support.RpcFault;
import openledger.support.RpcFaultProxy;
import openledger.telemetry.Telemetry;
import openledger.telemetry.TelemetrySettings;
import openledger.wiring.config.CheckedConfiguration;
import openledger.wiring.config.ConfigurationProblem;
import openledger.wiring.config.ConfigurationTest;
import openledger.wiring.lanes.LaneCosigners;
import openledger.wiring.loop.VertxTimekeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start against real nodes: of the chain, of another, and away. */
final class ChainCheckTest {
    private static final String KEY = "openledger.settlement.chain-id: ";
    private static final String CHAIN_ID = "eth_chainId";
    private static final long OTHER_CHAIN = 902;
    private static final URI AWAY = URI.create("http://127.0.0.1:1");
    private static final Duration BLOCK = Duration.ofSeconds(1);
    /** For silence to end. */
    private static final Duration SHORT = Duration.ofSeconds(3);
    /** No test waits so long, unless what it shows is not so. */
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private static Path folder = Path.of("");

    private static final Vertx VERTX = Vertx.vertx();
    private static AnvilNode right;
    private static AnvilNode other;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        right = AnvilNode.start(folder.resolve("right"), BLOCK, AnvilNode.State.FORGOTTEN);
        other = AnvilNode.startOther(folder.resolve("other"), OTHER_CHAIN, BLOCK);
    }

    @AfterAll
    static void stop() throws IOException {
        right.close();
        other.close();
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aStartAgainstANodeOfAnotherChainStopsAndNamesTheKey() throws IOException {
        try (RpcFaultProxy node = RpcFaultProxy.before(VERTX, other.rpc())) {
            CheckedConfiguration checked = ConfigurationTest.check(Map.of(
                    "openledger.settlement.rpc-urls[0]",
                    node.rpc() + "/v2/sk-secret",
                    "openledger.settlement.chain-id",
                    Long.toString(AnvilNode.CHAIN_ID)));
            Pool pool = PgBuilder.pool()
                    .connectingTo(new PgConnectOptions())
                    .using(VERTX)
                    .build();
            SettlementProducers producers = new SettlementProducers(
                    VERTX, pool, new VertxTimekeeper(VERTX), Telemetry.start(TelemetrySettings.OFF), "standard");
            StoredLaneSecrets secrets = new StoredLaneSecrets(pool, new SecureRandom());
            LaneSecret secret = new LaneSecret(new byte[LaneSecret.BYTES]);

            assertThatThrownBy(() -> producers.make(
                            checked.settlement().orElseThrow(),
                            producers.sequencers(new LaneCosigners(
                                    VERTX,
                                    pool,
                                    new VertxTimekeeper(VERTX),
                                    ArchivedLog.NONE,
                                    checked.log(),
                                    CosigningListener.NONE)),
                            secrets,
                            secret,
                            new StoredBatches(pool),
                            producers.registry(checked),
                            Optional.empty()))
                    .isInstanceOf(ConfigurationProblem.class)
                    .hasMessageContaining(KEY + node.rpc() + " is on chain 902, not on 901")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void aNodeThatIsAwayDoesNotStopTheStart() {
        assertThatCode(() -> check(LONG, AWAY, right.rpc())).doesNotThrowAnyException();
        assertThatCode(() -> check(LONG, AWAY)).doesNotThrowAnyException();
    }

    @Test
    void aNodeThatIsAwayDoesNotHideOneOfAnotherChain() {
        assertThatThrownBy(() -> check(LONG, AWAY, right.rpc(), other.rpc()))
                .isInstanceOf(ConfigurationProblem.class)
                .hasMessageContaining(KEY + other.rpc() + " is on chain 902")
                .hasMessageNotContaining(AWAY.toString())
                .hasMessageNotContaining(right.rpc().toString());
    }

    @Test
    void aSilentNodeDoesNotHideOneOfAnotherChain() {
        try (RpcFaultProxy silent = RpcFaultProxy.before(VERTX, right.rpc())) {
            silent.put(RpcFault.silent(CHAIN_ID));

            assertThatThrownBy(() -> check(SHORT, silent.rpc(), other.rpc()))
                    .isInstanceOf(ConfigurationProblem.class)
                    .hasMessageContaining(KEY + other.rpc() + " is on chain 902");
        }
    }

    /** Two nodes that say nothing until both are asked: one after another, the first would have had its time by then. */
    @Test
    void allNodesAreAskedAtOnceAndAllOfAnotherChainAreNamed() {
        try (RpcFaultProxy first = RpcFaultProxy.before(VERTX, other.rpc());
                RpcFaultProxy second = RpcFaultProxy.before(VERTX, other.rpc())) {
            RpcFault together = together(2);
            first.put(together);
            second.put(together);

            assertThatThrownBy(() -> check(LONG, first.rpc(), second.rpc()))
                    .hasMessageContaining(KEY + first.rpc())
                    .hasMessageContaining(KEY + second.rpc());
        }
    }

    private static void check(Duration longestAnswer, URI... nodes) {
        new ChainCheck(VERTX, longestAnswer).check(List.of(nodes), AnvilNode.CHAIN_ID);
    }

    /** Holds questions back until there are so many. */
    private static RpcFault together(int count) {
        List<RpcFaultProxy.Passage> held = new ArrayList<>();
        return RpcFault.of(Set.of(CHAIN_ID), passage -> {
            synchronized (held) {
                held.add(passage);
                if (held.size() == count) {
                    held.forEach(one -> one.ask(one::answer));
                }
            }
        });
    }
}
