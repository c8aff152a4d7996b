package openledger.demo;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import openledger.chain.FeeSettings;
import openledger.chain.LaneAccount;
import openledger.chain.RpcSettings;
import openledger.chain.registry.Deployment;
import openledger.chain.registry.RegistryDeployer;
import openledger.commitment.LaneNumber;
import openledger.unit.Address;
import openledger.unit.LaneId;
import openledger.unit.Wei;

/** The registry on a chain of this machine. */
public final class LocalRegistry {
    /** Of the account that commits; another one deploys, so that it may send from nowhere else. */
    static final String LANE_KEY = AnvilNode.KEYS.get(1);

    private static final Duration BLOCK_TIME = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    static final FeeSettings FEES =
            new FeeSettings(Wei.of(50_000_000_000L), Wei.of(1_000_000), 100, Wei.of(1_000_000_000_000L));

    private LocalRegistry() {}

    /** A chain whose state outlives it. */
    static AnvilNode chain(Path folder, int port) throws IOException, InterruptedException {
        ChainState.in(folder)
                .setAsideIfBroken()
                .ifPresent(
                        aside -> System.out.println(
                                "The state file of the chain is incomplete; it was moved to " + aside
                                        + ", and a new chain begins. Batches of the old chain stay in the database as they are."));
        return AnvilNode.start(folder, port, BLOCK_TIME, AnvilNode.State.KEPT);
    }

    /** The lane of the router that settles here, if its number is 1. */
    public static LaneId lane() {
        return LaneNumber.of(LaneAccount.of(LANE_KEY).address(), 1);
    }

    /** Deploys the registry unless it is there; its address. */
    static Address deploy(AnvilNode chain) throws IOException {
        Vertx vertx = Vertx.vertx();
        RpcSettings rpc = RpcSettings.of(List.of(chain.rpc()), OptionalLong.empty(), Duration.ofSeconds(10));
        try (RegistryDeployer deployer =
                new RegistryDeployer(vertx, rpc, FEES, LaneAccount.of(AnvilNode.KEYS.getFirst()))) {
            if (deployer.deploy().await().atMost(LIMIT) instanceof Deployment.Failed(var reason)) {
                throw new IOException("The registry was not deployed: " + reason);
            }
            return RegistryDeployer.address();
        } finally {
            vertx.close();
        }
    }

    /** Deploys the registry and says, in a router's environment, that it settles there. */
    public static Map<String, String> settlement(AnvilNode chain) throws IOException {
        return Map.of(
                "OPENLEDGER_SETTLEMENT_RPC_URLS", chain.rpc().toString(),
                "OPENLEDGER_SETTLEMENT_WEB_SOCKET_URL", chain.webSocket().toString(),
                "OPENLEDGER_SETTLEMENT_CHAIN_ID", Long.toString(AnvilNode.CHAIN_ID),
                "OPENLEDGER_SETTLEMENT_REGISTRY", deploy(chain).toString(),
                "OPENLEDGER_SETTLEMENT_KEY_ENV", "OPENLEDGER_LANE_KEY",
                "OPENLEDGER_SETTLEMENT_PROFILE", "subsecond",
                "OPENLEDGER_SETTLEMENT_MAX_WAIT", "5s");
    }
}
