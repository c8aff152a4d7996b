package openledger.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import openledger.demo.AnvilNode;
import openledger.support.LocalVault;
import openledger.support.ScratchFolder;
import openledger.unit.Address;
import org.jspecify.annotations.Nullable;

/** The chain of {@link ChainUnderTest} with a vault on it, for the router of a test to answer at. */
public final class VaultUnderTest implements QuarkusTestResourceLifecycleManager {
    private static @Nullable Address vault;

    private final ChainUnderTest chain = new ChainUnderTest();

    public static Address vault() {
        return Objects.requireNonNull(vault, "the vault has not been deployed");
    }

    @Override
    public Map<String, String> start() {
        Map<String, String> keys = new HashMap<>(chain.start());
        try {
            Address registry = Address.parse(Objects.requireNonNull(keys.get("openledger.settlement.registry")));
            Address deployed = LocalVault.deployWhereItBelongs(ChainUnderTest.chain(), registry, LocalVault.TERMS);
            vault = deployed;
            keys.put("openledger.stake.vault", deployed.toString());
            keys.put(
                    "openledger.stake.key-file",
                    Files.writeString(ScratchFolder.make("stake").resolve("key"), AnvilNode.KEYS.get(2))
                            .toString());
            keys.put("openledger.settlement.challenge-window", "24h");
            return keys;
        } catch (IOException e) {
            throw new IllegalStateException("the vault is not deployed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        chain.stop();
    }
}
