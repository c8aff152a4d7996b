package openledger.cluster;

import java.util.Optional;

/**
 * How a router takes part in a cluster. Immutable.
 *
 * @param name of the cluster
 * @param host at which the router listens for others, and at which they reach it
 * @param port the same, 1 to 65535
 * @param seal proofs under the secret of the cluster
 * @param tls files for mutual TLS between routers; empty if they speak plainly
 */
public record ClusterSettings(String name, String host, int port, HopSeal seal, Optional<Tls> tls) {
    /**
     * PEM files.
     *
     * @param certificate of this router, for its host
     * @param key of that certificate
     * @param authority whose certificates the others have to have
     */
    public record Tls(String certificate, String key, String authority) {}

    /** The same, for messages about policies. */
    public ClusterSettings forPolicies() {
        return new ClusterSettings(name, host, port, seal.forPolicies(), tls);
    }

    /** {@code host:port}, as others are told. */
    public String address() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
