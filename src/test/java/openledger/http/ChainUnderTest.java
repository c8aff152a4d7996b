package openledger.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import openledger.chain.LaneAccount;
import openledger.commitment.LaneNumber;
import openledger.commitment.verify.RegistryCode;
import openledger.demo.AnvilNode;
import openledger.support.ScratchFolder;
import openledger.unit.Hash32;
import openledger.unit.LaneId;
import org.jspecify.annotations.Nullable;

/** A real chain with blocks of 0.25 s and the registry on it, for the router of a test to settle on. */
public final class ChainUnderTest implements QuarkusTestResourceLifecycleManager {
    private static final Path ARTIFACT = Path.of("contracts/artifacts/RoutingBatchRegistry.json");
    private static final String FACTORY = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
    private static final Duration BLOCK = Duration.ofMillis(250);
    private static final int MOST_LOOKS = 40;
    /** Of the router that settles here: what the build sets for all tests is the second of the accounts that every anvil has. */
    public static final LaneId LANE =
            LaneNumber.of(LaneAccount.of(AnvilNode.KEYS.get(1)).address(), 1);

    private static @Nullable AnvilNode chain;

    public static AnvilNode chain() {
        return java.util.Objects.requireNonNull(chain, "the chain has not been started");
    }

    @Override
    public Map<String, String> start() {
        try {
            AnvilNode started = AnvilNode.start(ScratchFolder.make("chain"), BLOCK, AnvilNode.State.FORGOTTEN);
            chain = started;
            return Map.of(
                    "openledger.settlement.rpc-urls",
                    started.rpc().toString(),
                    "openledger.settlement.web-socket-url",
                    started.webSocket().toString(),
                    "openledger.settlement.chain-id",
                    Long.toString(AnvilNode.CHAIN_ID),
                    "openledger.settlement.registry",
                    registry(started),
                    "openledger.settlement.key-env",
                    "OPENLEDGER_TEST_LANE_KEY",
                    "openledger.settlement.profile",
                    "subsecond",
                    "openledger.settlement.max-wait",
                    "1s");
        } catch (IOException e) {
            throw new IllegalStateException("the chain does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Deployed by the node itself, from an account it has the key of, through the proxy: so it is where everybody's is. */
    private static String registry(AnvilNode on) throws IOException, InterruptedException {
        String code = new JsonObject(Files.readString(ARTIFACT)).getString("bytecode");
        String from = ((JsonArray) on.call("eth_accounts")).getString(0);
        Object transaction = on.call(
                "eth_sendTransaction",
                new JsonObject().put("from", from).put("to", FACTORY).put("data", Hash32.ZERO + code.substring(2)));
        for (int look = 0; look < MOST_LOOKS; look++) {
            if (on.call("eth_getTransactionReceipt", transaction) instanceof JsonObject receipt) {
                if ("0x1".equals(receipt.getString("status"))) {
                    return RegistryCode.ADDRESS.toString();
                }
                throw new IOException("the registry was not deployed: " + receipt);
            }
            Thread.sleep(BLOCK.toMillis());
        }
        throw new IOException("the registry was not deployed");
    }

    @Override
    public void stop() {
        try {
            chain().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
