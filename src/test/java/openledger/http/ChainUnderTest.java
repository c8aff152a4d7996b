package openledger.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import openledger.stack.AnvilNode;
import openledger.stack.LocalRegistry;
import org.jspecify.annotations.Nullable;

/** A real chain with blocks of 0.25 s and the registry on it, for the router of a test to settle on. */
public final class ChainUnderTest implements QuarkusTestResourceLifecycleManager {
    private static @Nullable AnvilNode chain;

    static AnvilNode chain() {
        return java.util.Objects.requireNonNull(chain, "the chain has not been started");
    }

    @Override
    public Map<String, String> start() {
        try {
            AnvilNode started = AnvilNode.start(
                    Files.createTempDirectory("openledger-chain"), Duration.ofMillis(250), AnvilNode.State.FORGOTTEN);
            chain = started;
            Map<String, String> keys = new HashMap<>();
            LocalRegistry.settlement(started)
                    .forEach((variable, value) -> keys.put(
                            variable.toLowerCase(Locale.ROOT)
                                    .replace("openledger_settlement_", "openledger.settlement.")
                                    .replace('_', '-'),
                            value));
            // The build sets it for all tests: the second of the accounts that every anvil has.
            keys.put("openledger.settlement.key-env", "OPENLEDGER_TEST_LANE_KEY");
            return keys;
        } catch (IOException e) {
            throw new IllegalStateException("the chain does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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
