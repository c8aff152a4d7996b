package openledger.wiring.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;
import java.util.OptionalInt;

/** The admin API. There is none without a key. Give one of {@code key-env}, {@code key-file} and {@code key-sha256}. */
public interface AdminKeys {
    /** The SHA-256 of the key, as 64 hexadecimal digits. */
    @WithName("key-sha256")
    Optional<String> keySha256();

    /** The name of the environment variable that holds the key, which has at least 16 characters and is no tenant's. */
    @WithName("key-env")
    Optional<String> keyEnv();

    /** The path of a file that holds the key and nothing else. A changed file takes effect within 2 s. */
    @WithName("key-file")
    Optional<String> keyFile();

    /**
     * A separate port for {@code /admin} and for the details of {@code /q/health}, with HTTP/1.1 and without TLS. They
     * are not on the router's port then. 0: any free port, which the log names. Left out: both are on the router's
     * port, and the details require a key.
     */
    OptionalInt port();

    /** The address on which the separate port listens. */
    @WithDefault("127.0.0.1")
    String host();
}
