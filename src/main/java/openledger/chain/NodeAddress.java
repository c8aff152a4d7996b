package openledger.chain;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** Addresses of nodes. Their path often is a key, so no error and no log names more than scheme, host and port. */
final class NodeAddress {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private NodeAddress() {}

    /** Refuses what is not an absolute address with one of these schemes. */
    static void check(URI node, String... schemes) {
        if (node.getScheme() == null
                || node.getHost() == null
                || !List.of(schemes).contains(node.getScheme())) {
            throw new IllegalArgumentException(
                    "a node's address begins with " + String.join(":// or ", schemes) + "://");
        }
        if (node.getUserInfo() != null) {
            throw new IllegalArgumentException("a node's address has no user: " + shown(node));
        }
    }

    static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " is positive: " + value);
        }
    }

    static boolean isTls(URI node) {
        return "https".equals(node.getScheme()) || "wss".equals(node.getScheme());
    }

    static int port(URI node) {
        return node.getPort() >= 0 ? node.getPort() : isTls(node) ? HTTPS : HTTP;
    }

    /** Path and query, as they go into a request. */
    static String target(URI node) {
        String path = node.getRawPath() == null || node.getRawPath().isEmpty() ? "/" : node.getRawPath();
        return node.getRawQuery() == null ? path : path + "?" + node.getRawQuery();
    }

    /** What may be shown. */
    static String shown(URI node) {
        return node.getScheme() + "://" + node.getHost() + ":" + port(node);
    }
}
