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

    /**
     * Several routers on one database. A request with an {@code Idempotency-Key} is forwarded to the router that answers for the key, so
     * that it has one retry budget whoever receives it.
     */
    interface ClusterKeys {
        /** Whether there are, or may be, other routers. Each needs a lane of its own. */
        @WithDefault("false")
        boolean enabled();

        /** The name of the cluster, the same at all its routers: 1 to 64 letters, digits, dots, dashes or underscores. */
        @WithDefault("openledger")
        String name();

        InternalKeys internal();

        /**
         * The name of the environment variable that holds the secret of the cluster, the same at all its routers: 32 printable
         * characters or more. Routers prove to each other with it that they are of the cluster. Required if it is enabled.
         */
        @WithName("key-env")
        Optional<String> keyEnv();
    }

    /** The port on which a router takes requests of other routers. It has the operations and nothing else; no client may reach it. */
    interface InternalKeys {
        /** The address on which it listens, and at which the other routers reach it. Required if the cluster is enabled. */
        Optional<String> host();

        /** The port, 1 to 65535. */
        @WithDefault("8081")
        int port();

        TlsKeys tls();
    }

    /** Mutual TLS between routers, if all three files are given. Without it, requests are proved and not encrypted. */
    interface TlsKeys {
        /** The path of a PEM file with the certificate of this router, which is for its {@code host}. */
        Optional<String> certificate();

        /** The path of a PEM file with the private key of that certificate. */
        Optional<String> key();

        /** The path of a PEM file with the authority that signs the certificates of all routers. */
        Optional<String> authority();
    }
}
