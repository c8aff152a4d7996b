package openledger.provider;

import java.util.Optional;

/**
 * How connections to a provider are made, beyond its address. Not part of the policy: it depends on the router's network, not on its rules.
 *
 * @param proxy through which they go
 * @param authorities certificates in PEM that are trusted for it, and no others; empty for those of the system
 */
public record Egress(Optional<Proxy> proxy, Optional<String> authorities) {
    /** Straight, and with the system's certificates. */
    public static final Egress DIRECT = new Egress(Optional.empty(), Optional.empty());

    /**
     * An HTTP proxy. Its text form never shows the password.
     *
     * @param user empty for none
     */
    public record Proxy(String host, int port, String user, String password) {
        @Override
        public String toString() {
            return "Proxy[" + host + ":" + port + "]";
        }
    }
}
