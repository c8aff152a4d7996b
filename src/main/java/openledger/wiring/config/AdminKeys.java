package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;
import java.util.OptionalInt;

/** The keys under {@code openledger.admin}. */
public interface AdminKeys {
    @WithName("key-sha256")
    Optional<String> keySha256();

    @WithName("key-env")
    Optional<String> keyEnv();

    @WithName("key-file")
    Optional<String> keyFile();

    OptionalInt port();

    @WithDefault("127.0.0.1")
    String host();
}
